"""Command line of the indexer; ``python -m indexer --help`` lists the commands."""

import sys


def main() -> int:
    """Run the command that the arguments name and return the exit status."""
    from indexer.cli import run  # not above: worker processes import this module, and need none of that

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
