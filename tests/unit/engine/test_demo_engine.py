"""The processes of the demonstration: their settings, and which of them end with it."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from engine.local import check, children, demo, process
from engine.local.errors import EngineError
from mappings.variables import unknown_variables


def test_an_engine_that_ran_on_these_data_already_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[Path] = []
    monkeypatch.delenv("BOUSSOLE_OPENSEARCH_URL", raising=False)
    monkeypatch.setenv("ENGINE_DATA", str(tmp_path))
    monkeypatch.setattr(check, "answers", lambda url: False)  # it is still starting
    monkeypatch.setattr(process, "start", lambda options: "OpenSearch runs already.")
    monkeypatch.setattr(process, "stop", stopped.append)
    with demo._engine():
        pass
    assert stopped == []
    assert process.stop_started(tmp_path) is None


def test_traffic_alone_is_given_the_token_of_its_producer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments: dict[str, Mapping[str, str]] = {}

    @contextmanager
    def ended(arguments: list[str], environment: Mapping[str, str], log: Path | None) -> Iterator[object]:
        environments[arguments[0]] = environment
        with subprocess.Popen(["true"]) as child:
            child.wait()
            yield child

    monkeypatch.setattr(demo, "child_process", ended)
    monkeypatch.setattr(demo, "other_site", lambda *_: nullcontext(""))
    with pytest.raises(EngineError, match="The app ended"):
        demo._serve(8000, demo._producer("secret"), "secret", demo._Engine("http://engine"), tmp_path / "log")
    assert unknown_variables(environments["search_app"]) is None
    assert environments["search_app"]["BOUSSOLE_SEATS_TOKENS"].endswith("demonstration:secret")
    assert environments["fixtures"]["BOUSSOLE_TRAFFIC_TOKEN"] == "secret"


def test_interruption_while_child_is_started_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start(arguments: list[str], environment: Mapping[str, str], log: Path | None) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["sleep", "60"], start_new_session=True))
        signal.raise_signal(signal.SIGTERM)
        return started[0]

    monkeypatch.setattr(children, "_start", start)
    before = {sign: signal.signal(sign, demo._interrupt) for sign in children.STOPS}
    try:
        with pytest.raises(demo.Interrupted), children.child_process(["search_app"], {}, None):
            pytest.fail("the block is entered")
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    assert [child.poll() for child in started] == [-signal.SIGTERM]


def test_traffic_ends_when_the_process_that_started_it_has_ended() -> None:
    command = [sys.executable, "-m", "fixtures", "traffic", "http://127.0.0.1:9", "--parent", "1"]
    subprocess.run(command, check=True, timeout=20)
