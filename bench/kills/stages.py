"""Kills a command with SIGKILL at a named stage: ``python -m bench.kills.stages STAGE load --source NAME FILE``."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal


@dataclass(frozen=True, slots=True)
class Stage:
    """A call before or after which the process is killed; ``call`` counts from 1."""

    target: str  # module:attribute
    when: Literal["before", "after"] = "after"
    call: int = 1


STAGES: Final = {
    "lock taken": Stage("indexer.load.run:open_workspace", "before"),
    "read": Stage("indexer.load.run:_read_and_convert"),
    "settled": Stage("indexer.load.run:settle"),
    "checkpoint remembered": Stage("indexer.installation.locks:Lock.remember"),
    "first request": Stage("indexer.offers.bulk:_send"),
    "third request": Stage("indexer.offers.bulk:_send", call=3),
    "all written": Stage("indexer.load.write:PlanWriter.write"),
    "gone remembered": Stage("indexer.load.write:remember"),
    "removed": Stage("indexer.load.write:PlanWriter.remove"),
    "refreshed": Stage("indexer.load.run:write"),
    "seats projected": Stage("indexer.load.check:replay"),
    "providers stored": Stage("indexer.installation.indices:Indices.store_document", call=1),
    "source stored": Stage("indexer.installation.indices:Indices.store_document", call=3),
    "before the lexicon": Stage("indexer.load.run:keep_lexicon", "before"),
    "lexicon built": Stage("indexer.lexicon.build:build_lexicon"),
    "lexicon stored": Stage("indexer.installation.indices:Indices.store_document", call=4),
    "census written": Stage("indexer.census.refresh:write_bodies"),
    "new census written": Stage("indexer.census.build:write_bodies"),
    "census live": Stage("indexer.census.build:_go_live"),
    "before the memory": Stage("indexer.work_files.known:NextMemory.replace", "before"),
    "memory replaced": Stage("indexer.work_files.known:NextMemory.replace"),
}
SMALL_REQUEST: Final = 60_000  # bytes of a bulk request here, so that there are many


def arm(stage: Stage) -> None:
    """From now on this process is killed when it reaches the stage."""
    module, _, path = stage.target.partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    setattr(owner, name, _dying(getattr(owner, name), stage))


def _dying(function: Callable[..., Any], stage: Stage) -> Callable[..., Any]:
    calls = 0

    def call(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        number = calls  # of this call: others may run at the same time
        if number == stage.call and stage.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **options)
        if number == stage.call:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return call


def main() -> int:
    """Run a command of the indexer that is killed at a stage, or not at all if the stage is ``none``."""
    from indexer.cli import run
    from indexer.offers import bulk as write

    write.REQUEST_BYTES = SMALL_REQUEST  # type: ignore[misc]
    if sys.argv[1] != "none":
        arm(STAGES[sys.argv[1]])
    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
