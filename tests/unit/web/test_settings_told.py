"""What an operator reads of a setting that is wrong, misspelt or of no use."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from indexer.cli import run
from indexer.lifecycle.status import status_lines
from indexer.settings import IndexerSettings
from indexer.work_files.workspace import open_workspace
from mappings.settings import EngineSettings, SettingsError
from mappings.variables import SETTINGS
from search_app import __main__ as app
from search_app.base.settings import Settings


def test_every_setting_is_a_known_variable() -> None:
    assert {*Settings.model_fields, *IndexerSettings.model_fields} == SETTINGS


def test_the_app_names_a_misspelt_setting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BOUSSOLE_RATELIMIT", "5")
    monkeypatch.setattr(app, "check_port", lambda *_: None)
    monkeypatch.setattr(app, "allow_files", lambda _: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    assert app.main() == 0
    assert capsys.readouterr().err == "boussole: ignored, no such setting: BOUSSOLE_RATELIMIT (BOUSSOLE_RATE_LIMIT?)\n"


def test_the_indexer_names_a_misspelt_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("BOUSSOLE_WORKDIR", "x")
    assert run(["load", "--source", "one", str(tmp_path / "none.xml")]) == 2
    first = capsys.readouterr().err.splitlines()[0]
    assert first == "indexer: ignored, no such setting: BOUSSOLE_WORKDIR (BOUSSOLE_WORK_DIR?)"


@pytest.mark.parametrize("address", ["nonsense", "http://one,nonsense", "http//one:9200", "one:port"])
def test_an_address_that_is_none_stops_the_app(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOUSSOLE_OPENSEARCH_URL", address)
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: pytest.fail("the app was started"))
    assert app.main() == 2
    told = capsys.readouterr().err
    assert told.startswith(f"boussole: BOUSSOLE_OPENSEARCH_URL={address!r}: each address is http(s)://")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    "wrong", [{"OPENSEARCH_URL": "x"}, {"SEATS_TOKENS": "x"}, {"TILES_URL": "x"}, {"TRUSTED_PROXIES": "*"}]
)
def test_messages_about_settings_are_our_own(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as told:
        Settings.from_environment({f"BOUSSOLE_{name}": value for name, value in wrong.items()})
    assert "Value error" not in str(told.value)
    EngineSettings.from_environment({})


@pytest.mark.parametrize("below", [".", "a/b"])
def test_a_work_dir_that_cannot_be_made_is_named(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    work_dir = tmp_path / "file" / below
    with ExitStack() as stack, pytest.raises(SettingsError, match=r"BOUSSOLE_WORK_DIR='.*': a folder that can be made"):
        stack.enter_context(open_workspace(work_dir, "owner", "one", tmp_path / "results"))


def test_status_says_that_a_first_load_was_never_completed() -> None:
    source = {"name": "one", "loaded_at": None, "offers": 5}
    seats = {"statements": 0, "differ": 0, "lag_seconds": 0, "waiting": 0}
    census: dict[str, Any] = {
        "bodies": 0,
        "edition": None,
        "listed": 0,
        "certified": 0,
        "responsible": 0,
        "trainer": 0,
        "gaps": {},
    }
    status = {
        **{"census": census, "history": {"days": 0}},
        **{"alias": "a", "live": "b", "engine": "c", "offers": 5, "sessions": 6, "seats": seats, "sources": [source]},
        **{"reference": [], "at_work": [], "older_than_offers": [], "previous": None, "funding": None},
        "documents": {"documents": 0, "records": 0, "sources": []},
    }
    assert "  source one: 5 offers, its load was never completed" in status_lines(status)
