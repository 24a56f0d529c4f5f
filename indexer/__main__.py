"""Command line of the indexer; ``python -m indexer --help`` lists the commands."""

import sys

from indexer import interruption


def main() -> int:
    """Run the command that the arguments name and return the exit status."""
    interruption.leave_at_once()
    # inside the function: worker processes import this module and do not need the command line
    from indexer.cli import run

    try:
        interruption.raise_once()
        return run(sys.argv[1:])
    except interruption.Interrupted as interrupted:
        print(interruption.LINE, file=sys.stderr)
        return interrupted.status
    finally:
        interruption.ignore()


if __name__ == "__main__":
    sys.exit(main())
