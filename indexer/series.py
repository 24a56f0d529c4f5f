"""``python -m indexer.series COMMANDS``: command lines of the indexer one after the other, for `make demo`.

One process for all: each of its own would import everything again, which takes longer than a small load.
"""

import json
import shlex
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial

from indexer import interruption


def main() -> int:
    """Run the commands that the argument lists as JSON: each its arguments and the statuses after which to go on."""
    interruption.leave_at_once()
    # inside the function: worker processes import this module and do not need the command line
    from indexer.cli import run

    return interruption.run_orderly(partial(run_series, json.loads(sys.argv[1]), run))


def run_series(commands: Sequence[tuple[Sequence[str], Collection[int]]], run: Callable[[Sequence[str]], int]) -> int:
    """Run the commands up to the first with an unwanted status and return that, else 0; each is printed before."""
    for arguments, wanted in commands:
        print(f"python -m indexer {shlex.join(arguments)}", flush=True)
        status = run(arguments)
        if status not in wanted:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
