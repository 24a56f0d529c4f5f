"""Command line of the indexer; ``python -m indexer --help`` lists the commands."""

import sys
from functools import partial

from indexer import interruption


def main() -> int:
    """Run the command that the arguments name and return the exit status."""
    interruption.leave_at_once()
    # inside the function: worker processes import this module and do not need the command line
    from indexer.cli import run

    return interruption.run_orderly(partial(run, sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
