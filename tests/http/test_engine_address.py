"""User and password of an engine's address are never printed, whatever fails."""

import ast
import asyncio
import logging
import traceback
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.address import check_addresses, shown
from engine.blocking import Engine
from engine.errors import EngineError
from indexer.cli import run as run_indexer
from indexer.settings import IndexerSettings
from mappings.settings import EngineSettings, SettingsError
from search_app.base.errors import AppError
from search_app.base.settings import Settings
from search_app.search.engine.offers import OffersEngine

ROOT = Path(__file__).parents[2]
USER, PASSWORD = "chefcuisinier", "s3cr3t"
# Port 9 is "discard": nothing listens there, and a refused connection comes back at once.
DEAD = f"http://{USER}:{PASSWORD}@127.0.0.1:9"
UNUSABLE = [
    DEAD.replace("s3cr3t", "s3/cr3t"),
    DEAD.replace("s3cr3t", "s3#cr3t"),
    DEAD.replace("s3cr3t", "s3?cr3t"),
    DEAD.replace("s3cr3t", "s3,cr3t"),
    DEAD.replace(":9", ":port"),
    DEAD.replace(":s3cr3t", ""),
    f"ftp://{USER}:{PASSWORD}@one",
    f"http://{USER}:{PASSWORD}@",
]


def is_told(text: str) -> bool:
    return any(part in text for part in (USER, PASSWORD, "cr3t"))


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


COMMANDS = [
    ("status",),
    ("status", "--json"),
    ("load", "--source", "one", "{file}"),
    ("load", "--source", "one", "--json", "{file}"),
    ("seats", "{file}"),
    ("rebuild",),
    ("rollback",),
    ("forget", "one"),
    ("synonyms",),
    ("reference", "--nsf", "{table}"),
]


@pytest.mark.parametrize("address", [DEAD, f"http://127.0.0.1:9,{DEAD}", *UNUSABLE])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_tells_them(
    command: tuple[str, ...],
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("engine.blocking.RETRIES", ())
    untouched = SimpleNamespace(getLogger=lambda _: logging.getLogger("another"), CRITICAL=logging.CRITICAL)
    monkeypatch.setattr("indexer.cli.logging", untouched)  # what the client logs is looked at, too
    monkeypatch.setenv("BOUSSOLE_OPENSEARCH_URL", address)
    monkeypatch.setenv("BOUSSOLE_WORK_DIR", str(tmp_path / "work"))
    files = {"file": tmp_path / "feed.xml", "table": tmp_path / "nsf.csv"}
    files["file"].write_text("{}\n")
    files["table"].write_text("code;libelle\n100;x\n")
    assert run_indexer([part.format(**files) for part in command]) == 2
    told = capsys.readouterr()
    assert ("BOUSSOLE_OPENSEARCH_URL" if address in UNUSABLE else "127.0.0.1:9") in told.err
    assert not is_told(told.out + told.err + caplog.text)


def test_no_error_of_a_client_tells_them_nor_what_caused_it(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine.connect(IndexerSettings(opensearch_url=DEAD).connection)
    with pytest.raises(EngineError) as error:
        engine.call("GET", "/_cluster/health")
    engine.close()
    assert not is_told("".join(traceback.format_exception(error.value)))

    async def search() -> None:
        app = OffersEngine.connect(Settings(opensearch_url=DEAD))
        try:
            await app.search_offers({"size": 0})
        finally:
            await app.close()

    with pytest.raises(AppError) as refused:
        asyncio.run(search())
    assert not is_told("".join(traceback.format_exception(refused.value)) + caplog.text)


@pytest.mark.parametrize("address", UNUSABLE)
def test_an_address_that_cannot_be_used_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(SettingsError, match="BOUSSOLE_OPENSEARCH_URL=") as error:
        EngineSettings.from_environment({"BOUSSOLE_OPENSEARCH_URL": address})
    assert not is_told(str(error.value))
    with pytest.raises(ValueError, match="each address is") as direct:
        Settings(opensearch_url=address)
    assert not is_told(str(direct.value))


@pytest.mark.parametrize(
    "address", ["http://one:9200", "one:9200", "https://a:b%2Fc@one:9200/prefix", "http://one, http://a:b@two"]
)
def test_what_the_client_takes_is_taken(address: str) -> None:
    assert check_addresses(address) == address
    assert "@" not in shown(address)
    assert repr(EngineSettings(opensearch_url=address)).count("b") == repr(EngineSettings()).count("b")


def test_nothing_but_the_settings_reads_an_address_that_may_hold_them() -> None:
    """Whoever needs an address has ``engine_address`` to print, and ``engine_addresses`` to connect to."""
    connecting = {"mappings/settings.py", "bench/engine_address.py"}
    found: dict[str, set[str]] = {"opensearch_url": set(), "engine_addresses": set(), "opensearch_password": set()}
    for package in ("mappings", "synonyms", "seats", "alerts", "indexer", "search_app", "engine", "bench"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text("utf-8")
            for node in ast.walk(ast.parse(text)) if any(name in text for name in found) else ():
                if isinstance(node, ast.Attribute) and node.attr in found:
                    found[node.attr].add(path.relative_to(ROOT).as_posix())
    settings = {"mappings/settings.py"}
    assert found == {"opensearch_url": settings, "engine_addresses": connecting, "opensearch_password": settings}
