"""Asks all judged queries of an engine and prints the figures: ``python -m tests.relevance [--write] [--failing]``.

The engine is the one that BOUSSOLE_OPENSEARCH_URL names (``make engine`` starts one); the fixtures are loaded into it
under a prefix of their own, which is removed afterwards.
"""

import argparse
import sys

from engine.local import check
from search_app.base.settings import Settings
from tests.engine.loaded import loaded_fixtures
from tests.relevance.ask import ask_all
from tests.relevance.figures import LAST, read_marks, table, worse, write_marks
from tests.relevance.judged import read_queries


def main() -> int:
    """Print the table; the status is 1 if something is worse than what is committed and is not written either."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance", description="Figures of the judged queries.")
    parser.add_argument("--write", action="store_true", help=f"store the figures in docs/{LAST.name}")
    parser.add_argument("--failing", action="store_true", help="tell what fails in the part that is there to tune by")
    options = parser.parse_args()
    url = Settings.from_environment().opensearch_url.split(",")[0]
    if not check.answers(url):
        parser.error(f"no engine answers at {url}: `make engine` starts one")
    with loaded_fixtures(url) as app:
        marks = ask_all(app, read_queries())
    last = read_marks()
    print(table(marks, last))
    if options.failing:
        for each in marks:
            if not each.passed and each.part == "tuning":
                print(f"{each.kind:<12} « {each.q} »: {each.why}")
    said = worse(marks, last)
    print("\n".join(said))
    if options.write:
        write_marks(marks)
        return 0
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
