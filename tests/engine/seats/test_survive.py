"""Nothing that was accepted is lost and no figure goes back, whoever is killed in the middle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.seats.chaos import Chaos, Plan
from engine.local import process
from engine.local.node import free_ports
from engine.local.settings import EngineOptions
from tests.engine.installation import Action, Installation

SESSIONS = 60


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineOptions]:
    """An engine of its own, for it is killed."""
    options = EngineOptions(free_ports(1)[0], (tmp_path / "engine").resolve(), "512m", nodes=1)
    process.start(options)
    yield options
    process.stop(options.data)


def test_final_figures_are_the_highest_sequences_after_kills_of_app_and_engine(
    engine: EngineOptions, tmp_path: Path
) -> None:
    installation = Installation(engine.url, "chaos-", tmp_path)
    sessions = [f"S{n}" for n in range(SESSIONS)]
    actions = (Action(f"A{n}", sessions=tuple(sessions[n : n + 3]), funders=("2",)) for n in range(0, SESSIONS, 3))
    assert installation.load(*actions).status == 0
    plan = Plan(statements=6_000, sessions=SESSIONS, writers=4, app_kills=2, engine_kills=1)
    outcome = Chaos(plan, engine, "chaos-").run()  # raises if a final figure never comes
    assert outcome.gone_back == []
    assert outcome.kills == 3
    assert outcome.sent == 7_200
    assert outcome.reads > 5
