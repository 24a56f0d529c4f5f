"""Command lines in one process: in order, up to the first that ends otherwise than it may."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.local import demo
from engine.local.errors import EngineError
from indexer.series import run_series


@pytest.mark.parametrize(
    ("statuses", "status", "ran"),
    [
        ({"seats": 1}, 0, ["load", "seats", "harvest"]),
        ({"seats": 2}, 2, ["load", "seats"]),
        ({"load": 1}, 1, ["load"]),
    ],
)
def test_series_ends_at_the_first_unwanted_status(
    statuses: dict[str, int], status: int, ran: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []

    def run(arguments: Sequence[str]) -> int:
        done.append(arguments[0])
        return statuses.get(arguments[0], 0)

    series = json.loads(json.dumps([(["load", "a b.xml"], (0,)), (["seats", "c"], (0, 1)), (["harvest"], (0,))]))
    assert run_series(series, run) == status
    assert done == ran
    printed = ["python -m indexer load 'a b.xml'", "python -m indexer seats c", "python -m indexer harvest"]
    assert capsys.readouterr().out.splitlines() == printed[: len(ran)]


def test_a_command_that_fails_ends_the_demo_with_status_and_last_line(tmp_path: Path) -> None:
    log = tmp_path / "load.log"
    with pytest.raises(EngineError, match=r"^python -m indexer ended with status 2\. .*invalid choice: 'unknown'"):
        demo._run_all([["unknown"], ["status"]], os.environ, log)
    assert "python -m indexer status" not in log.read_text("utf-8")
