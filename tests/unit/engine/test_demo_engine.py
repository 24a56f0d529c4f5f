"""Whose engine the demonstration ends: the one that it started, and no other."""

from pathlib import Path

import pytest

from engine.local import check, demo, process


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
