"""docker-compose.yml, the Dockerfile and the proxy's nginx.conf: valid, confined, and in step with the code."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.local.jars import OPENSEARCH_VERSION
from indexer.settings import IndexerSettings
from mappings.settings import EngineSettings
from mappings.variables import PREFIX
from search_app.base.posted import MOST_BYTES
from search_app.base.settings import Settings
from search_app.exports import paths as export_paths
from search_app.seats import stream as seats_stream
from search_app.seats.open_streams import BEAT_SECONDS
from search_app.web.app import CLOSE_SECONDS
from search_app.web.health import PROBES
from search_app.web.middleware import LONGEST_ADDRESS

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(__file__).parent / "compose_spec" / "compose-spec.json").read_text("utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROXY = (ROOT / "nginx.conf").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
EXACT = re.compile(r"[\w./-]+:\d+\.\d+\.\d+(-[\w.]+)*")
READERS: dict[str, type[EngineSettings]] = {"app": Settings, "load": IndexerSettings}


def test_compose_file_is_valid() -> None:
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(COMPOSE)]
    assert errors == []


@pytest.mark.parametrize("service", READERS)
def test_compose_settings_are_read_by_their_service(service: str) -> None:
    known = {PREFIX + field.upper() for field in READERS[service].model_fields}
    given = {name for name in SERVICES[service]["environment"] if name.startswith("BOUSSOLE")}
    assert given <= known
    assert PREFIX + "OPENSEARCH_URL" in given


def test_compose_engine_has_version_of_local_engine() -> None:
    assert SERVICES["engine"]["image"] == f"opensearchproject/opensearch:{OPENSEARCH_VERSION}"


def test_engine_is_not_published() -> None:
    assert "ports" not in SERVICES["engine"]
    assert SERVICES["engine"]["networks"] == ["engine"]
    assert COMPOSE["networks"]["engine"]["internal"] is True


def test_pages_say_that_the_offers_of_the_load_are_invented() -> None:
    assert "engine.local.demo" in SERVICES["load"]["command"]
    assert SERVICES["app"]["environment"]["BOUSSOLE_DEMONSTRATION"] == "${BOUSSOLE_DEMONSTRATION:-true}"


def test_app_waits_for_healthy_engine_with_a_volume() -> None:
    assert SERVICES["app"]["depends_on"]["engine"]["condition"] == "service_healthy"
    assert "healthcheck" in SERVICES["engine"]
    assert "HEALTHCHECK" in DOCKERFILE
    assert "healthcheck" not in SERVICES["app"]  # it would replace that of the image
    assert SERVICES["engine"]["volumes"] == ["engine-data:/usr/share/opensearch/data"]


def test_image_copies_existing_files_and_runs_unprivileged() -> None:
    lines = [line.split() for line in DOCKERFILE.splitlines() if line]
    copied = {line[1].rstrip("/") for line in lines if line[0] == "COPY" and not line[1].startswith("--from")}
    assert {path for path in copied if not (ROOT / path).exists()} == set()
    assert {"mappings", "seats", "indexer", "search_app", "fixtures", "engine"} <= copied
    admitted = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert copied == admitted
    users = [line[1] for line in lines if line[0] == "USER"]
    assert users
    assert users[-1] not in ("0", "root")


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_is_confined(service: str) -> None:
    given = SERVICES[service]
    assert given["cap_drop"] == ["ALL"]
    assert "cap_add" not in given
    assert "privileged" not in given
    assert given["security_opt"] == ["no-new-privileges:true"]
    if service != "engine":  # it writes its own configuration when it starts
        assert given["read_only"] is True


def test_images_are_pinned_to_exact_versions() -> None:
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 4
    assert [image for image in images if not EXACT.fullmatch(image)] == []


def test_image_health_check_requests_readiness() -> None:
    (check,) = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    program, flag, text = json.loads(check)
    assert (program, flag) == ("python", "-c")
    compile(text, "HEALTHCHECK", "exec")
    assert "/readyz" in text
    assert "BOUSSOLE_PORT" in text


def test_only_proxy_is_published_and_trusted() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    on_front = {name for name, service in SERVICES.items() if "front" in service["networks"]}
    assert on_front == {"app", "proxy"}
    assert COMPOSE["networks"]["front"]["internal"] is True
    app = SERVICES["app"]
    assert app["environment"]["BOUSSOLE_TRUSTED_PROXIES"] == SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    servers = (ROOT / "nginx.one-app.conf").read_text("utf-8")
    assert f"server {app['networks']['front']['ipv4_address']}:{app['environment']['BOUSSOLE_PORT']};" in servers
    upstream = PROXY[PROXY.index("upstream app") :]
    assert "include /etc/nginx/apps.conf;" in upstream[: upstream.index("}")]
    files = {"./nginx.conf:/etc/nginx/boussole.conf:ro", "./nginx.one-app.conf:/etc/nginx/apps.conf:ro"}
    assert set(SERVICES["proxy"]["volumes"]) == files


def seconds(directive: str) -> float:
    (value,) = re.findall(rf"^\s*{directive} (\d+)s;", PROXY, re.MULTILINE)
    return float(value)


def test_proxy_overwrites_forwarded_headers_of_clients() -> None:
    told = dict(re.findall(r"proxy_set_header (\S+) (\S+);", PROXY))
    assert told["X-Forwarded-For"] == "$remote_addr"
    assert told["X-Forwarded-Proto"] == "$scheme"
    assert {told[name] for name in ("X-Forwarded-Host", "X-Real-IP", "Forwarded")} == {'""'}
    # Within a location they would replace all of those above.
    assert len(re.findall("proxy_set_header", PROXY.partition("server {")[2])) == 0


def test_proxy_does_not_buffer_streams_and_exports() -> None:
    (pattern,) = re.findall(r"location ~ (\S+) \{\s+proxy_pass http://app;\s+proxy_buffering off;", PROXY)
    streamed = [seats_stream.PATH, export_paths.CALENDAR, export_paths.FEED]
    for path in (*streamed, "/api/v1/offers.csv", "/api/v1/offers.ndjson"):
        assert re.match(pattern, path), path
    assert not re.match(pattern, "/api/v1/offers")
    assert seconds("proxy_read_timeout") > 2 * BEAT_SECONDS


def test_proxy_writes_no_address_into_logs_and_no_body_into_files() -> None:
    assert "access_log off;" in PROXY
    assert re.findall(r"error_log \S+ (\w+);", PROXY) == ["crit"]
    most, buffered = (re.findall(rf"client_{name}_size (\w+);", PROXY)[0] for name in ("max_body", "body_buffer"))
    assert most == buffered
    assert int(most.removesuffix("k")) * 1024 > MOST_BYTES


def test_proxy_limits_agree_with_app_limits() -> None:
    (size,) = map(int, re.findall(r"large_client_header_buffers \d+ (\d+)k;", PROXY))
    settings = Settings()
    assert size * 1024 > LONGEST_ADDRESS + len("OPTIONS  HTTP/1.1")
    assert seconds("client_header_timeout") <= settings.head_seconds
    assert re.findall(r"client_max_body_size (\w+);", PROXY) == ["64k", "512m"]
    assert f"limit_conn clients {settings.connections_per_client};" in PROXY
    upstream = PROXY[PROXY.index("upstream app") : PROXY.index("proxy_http_version")]
    (kept,) = re.findall(r"keepalive_timeout (\d+)s;", upstream)
    assert int(kept) < settings.idle_seconds


def test_proxy_does_not_publish_metrics_and_readiness() -> None:
    closed = set(re.findall(r"location = (\S+) \{\s+return 404;", PROXY))
    assert closed == PROBES - {"/healthz"}


def test_app_has_time_for_orderly_shutdown() -> None:
    grace = float(SERVICES["app"]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings().shutdown_seconds + CLOSE_SECONDS + 2
