"""docker-compose.cluster.yml and its secrets: valid, confined, encrypted, without a password in any file of the tree.

It was never run with Docker, which these checks replace as far as they can.
"""

import os
import re
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.local.jars import OPENSEARCH_VERSION
from engine.local.settings import FAULT_DETECTION
from indexer.settings import IndexerSettings
from mappings.settings import EngineSettings
from mappings.variables import PREFIX
from search_app.base.settings import Settings
from search_app.web.app import CLOSE_SECONDS
from tests.contract.test_compose import EXACT, ROOT, SCHEMA

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.cluster.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CLUSTER = ROOT / "engine" / "cluster"
ENGINES = ("engine1", "engine2", "engine3")
APPS = ("app1", "app2")
READERS: dict[str, type[EngineSettings]] = dict.fromkeys(APPS, Settings) | dict.fromkeys(
    ("load", "indexer"), IndexerSettings
)
HASH = "$2y$12$abcdefghijklmnopqrstuv"
IN_CONTAINER = "/usr/share/opensearch/config"


def settings_of(engine: str) -> dict[str, str]:
    return {name: value for name, value in SERVICES[engine]["environment"].items() if name.islower()}


def test_file_is_valid() -> None:
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(COMPOSE)]
    assert errors == []


@pytest.mark.parametrize("service", READERS)
def test_settings_are_read_by_their_service_and_name_every_engine(service: str, tmp_path: Path) -> None:
    known = {PREFIX + field.upper() for field in READERS[service].model_fields}
    given = {name: value for name, value in SERVICES[service]["environment"].items() if name.startswith(PREFIX)}
    assert given.keys() <= known
    assert given[f"{PREFIX}OPENSEARCH_URL"] == ",".join(f"https://{engine}:9200" for engine in ENGINES)
    (ca,) = [each for each in SERVICES[service]["volumes"] if each.startswith("./secrets/ca.pem:")]
    assert ca == f"./secrets/ca.pem:{given[f'{PREFIX}OPENSEARCH_CA']}:ro"
    defaults = {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in given.items()}
    del defaults[f"{PREFIX}OPENSEARCH_CA"]
    settings = READERS[service].from_environment(defaults)
    assert (settings.shards, settings.replicas) == (2, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_form_one_cluster_that_speaks_tls_only(engine: str) -> None:
    given = settings_of(engine)
    assert given["node.name"] == engine
    # Nodes connect to the published name, which must be that of the certificate; the default is an IP address.
    assert given["network.publish_host"] == engine
    assert given["discovery.seed_hosts"].split(",") == list(ENGINES)
    assert given["cluster.initial_cluster_manager_nodes"].split(",") == list(ENGINES)
    assert given["plugins.security.nodes_dn"].split(",") == [f"CN={each}" for each in ENGINES]
    assert FAULT_DETECTION.items() <= given.items()
    assert given["plugins.security.ssl.http.enabled"] == "true"
    assert given["plugins.security.ssl.transport.enforce_hostname_verification"] == "true"
    assert "plugins.security.disabled" not in given
    others = SERVICES[engine]["environment"]
    assert "DISABLE_SECURITY_PLUGIN" not in others
    assert others["DISABLE_INSTALL_DEMO_CONFIG"] == "true"
    assert SERVICES[engine]["image"] == f"opensearchproject/opensearch:{OPENSEARCH_VERSION}"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_file_that_an_engine_names_is_mounted(engine: str) -> None:
    mounted = {target: source for source, target, *_ in (each.split(":") for each in SERVICES[engine]["volumes"])}
    paths = {name: value for name, value in settings_of(engine).items() if name.endswith("_filepath")}
    for kind in ("transport", "http"):
        named = {name.rpartition(".")[2]: path for name, path in paths.items() if f".{kind}." in name}
        assert named == {
            "pemcert_filepath": "certs/node.pem",
            "pemkey_filepath": "certs/node-key.pem",
            "pemtrustedcas_filepath": "certs/ca.pem",
        }
    assert mounted[f"{IN_CONTAINER}/certs"] == f"./secrets/{engine}"
    assert mounted["/usr/share/opensearch/data"] == f"{engine}-data"
    assert mounted[settings_of(engine)["path.repo"]] == "snapshots"
    for name in ("roles.yml", "roles_mapping.yml"):
        assert mounted[f"{IN_CONTAINER}/opensearch-security/{name}"] == f"./engine/cluster/{name}"
        assert (CLUSTER / name).exists()
    assert mounted[f"{IN_CONTAINER}/opensearch-security/internal_users.yml"] == "./secrets/internal_users.yml"


def test_user_has_the_rights_of_the_prefix_and_no_role_for_users() -> None:
    roles = yaml.safe_load((CLUSTER / "roles.yml").read_text("utf-8"))
    mapping = yaml.safe_load((CLUSTER / "roles_mapping.yml").read_text("utf-8"))
    assert roles.keys() == mapping.keys() == {"_meta", "boussole"}
    (indices,) = roles["boussole"]["index_permissions"]
    assert indices["index_patterns"] == [f"{EngineSettings().index_prefix}*"]
    assert not {"*", "unlimited", "cluster_all"} & set(roles["boussole"]["cluster_permissions"])
    assert mapping["boussole"] == {"backend_roles": ["boussole"]}


def test_no_password_is_in_the_file_and_only_the_proxy_is_published() -> None:
    text = (ROOT / "docker-compose.cluster.yml").read_text("utf-8")
    assert re.findall(r"(?i)password(?=[:=] *\S)", text) == []
    for service in (*ENGINES, *READERS):
        assert SERVICES[service]["env_file"] == ["secrets/engine.env"], service
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["engine"]["internal"] is True
    assert COMPOSE["networks"]["front"]["internal"] is True
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "/secrets/" in ignored
    assert not any("secrets" in line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines())


def test_proxy_knows_both_apps_and_is_the_one_they_trust() -> None:
    servers = set(re.findall(r"^server (\S+)", (ROOT / "nginx.two-apps.conf").read_text("utf-8"), re.MULTILINE))
    assert servers == {f"{SERVICES[app]['networks']['front']['ipv4_address']}:8000" for app in APPS}
    proxy = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    for app in APPS:
        assert SERVICES[app]["environment"]["BOUSSOLE_TRUSTED_PROXIES"] == proxy
        assert SERVICES[app]["environment"]["BOUSSOLE_PORT"] == "8000"
        assert SERVICES["proxy"]["depends_on"][app]["condition"] == "service_healthy"
    files = {"./nginx.conf:/etc/nginx/boussole.conf:ro", "./nginx.two-apps.conf:/etc/nginx/apps.conf:ro"}
    assert set(SERVICES["proxy"]["volumes"]) == files


@pytest.mark.parametrize("app", APPS)
def test_pages_say_that_the_offers_of_the_load_are_invented(app: str) -> None:
    assert SERVICES[app]["environment"]["BOUSSOLE_DEMONSTRATION"] == "${BOUSSOLE_DEMONSTRATION:-true}"


@pytest.mark.parametrize("app", APPS)
def test_metrics_are_those_of_all_workers_of_an_app(app: str) -> None:
    folder = SERVICES[app]["environment"]["PROMETHEUS_MULTIPROC_DIR"]
    assert folder in SERVICES[app]["tmpfs"]  # writable, and empty after a restart


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_is_confined(service: str) -> None:
    given = SERVICES[service]
    assert given["cap_drop"] == ["ALL"]
    assert given.get("cap_add", []) == (["CHOWN"] if service == "snapshots-folder" else [])
    assert "privileged" not in given
    assert given["security_opt"] == ["no-new-privileges:true"]
    if service not in ENGINES:
        assert given["read_only"] is True
    assert "image" not in given or EXACT.fullmatch(given["image"])


@pytest.mark.parametrize("app", APPS)
def test_apps_wait_for_every_engine_and_stop_in_order(app: str) -> None:
    waited = {name: each["condition"] for name, each in SERVICES[app]["depends_on"].items()}
    assert waited == dict.fromkeys(ENGINES, "service_healthy") | {"load": "service_completed_successfully"}
    grace = float(SERVICES[app]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings().shutdown_seconds + CLOSE_SECONDS + 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What secrets.sh makes and prints, with a docker that answers as the hash tool does."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make certificates with")
    root = tmp_path_factory.mktemp("secrets")
    (root / "engine" / "cluster").mkdir(parents=True)
    for path in ("engine/cluster/secrets.sh", "docker-compose.cluster.yml"):
        shutil.copy(ROOT / path, root / path)
    docker = root / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(f"#!/bin/sh\necho \"$@\" >{root}/asked\n[ -n \"$password\" ]\necho 'Loading'\necho '{HASH}'\n")
    docker.chmod(0o755)
    environment = os.environ | {"PATH": f"{docker.parent}:{os.environ['PATH']}"}
    script = [str(root / "engine" / "cluster" / "secrets.sh")]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
    again = subprocess.run(script, env=environment, capture_output=True, text=True)
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    return root, done.stdout + done.stderr


def test_made_secrets_are_what_settings_and_engines_read(made: tuple[Path, str]) -> None:
    root, told = made
    secrets = root / "secrets"
    given = dict(line.split("=", 1) for line in (secrets / "engine.env").read_text().splitlines())
    settings = EngineSettings.from_environment({**given, "BOUSSOLE_OPENSEARCH_CA": str(secrets / "ca.pem")})
    password = settings.opensearch_password.get_secret_value()
    assert len(password) == 48
    users = yaml.safe_load((secrets / "internal_users.yml").read_text())
    assert users["boussole"] == {"hash": HASH, "backend_roles": ["boussole"]}
    assert settings.opensearch_user.get_secret_value() in users
    image = SERVICES["engine1"]["image"]
    asked = (root / "asked").read_text()
    assert f" {image} " in asked
    assert password not in asked + told + (secrets / "internal_users.yml").read_text()
    for name in ("engine.env", "internal_users.yml", "ca-key.pem", "engine1/node-key.pem", "admin/node-key.pem"):
        assert (secrets / name).stat().st_mode & 0o077 == 0, name
    assert (secrets / "ca.pem").stat().st_mode & 0o044 == 0o044


@pytest.mark.parametrize("name", [*ENGINES, "admin"])
def test_made_certificates_are_of_the_authority_and_name_their_engine(made: tuple[Path, str], name: str) -> None:
    folder = made[0] / "secrets" / name
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "node.pem", folder / "node-key.pem")  # they belong together
    verify = ["openssl", "verify", "-CAfile", str(made[0] / "secrets" / "ca.pem"), "-verify_hostname", name]
    subprocess.run([*verify, str(folder / "node.pem")], check=True, capture_output=True)
    shown = ["openssl", "x509", "-in", str(folder / "node.pem"), "-noout", "-subject", "-nameopt", "RFC2253"]
    subject = subprocess.run(shown, check=True, capture_output=True, text=True).stdout.strip()
    assert subject == f"subject=CN={name}"
    distinguished = {*settings_of("engine1")["plugins.security.nodes_dn"].split(",")}
    assert (f"CN={name}" in distinguished) == (name != "admin")
    assert settings_of("engine1")["plugins.security.authcz.admin_dn"] == "CN=admin"
