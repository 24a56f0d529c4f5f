"""Random pivots over a generated catalogue that is loaded, compared with brute force over its truth file.

    python -m tests.pivots DIR --communes FILE --former-communes FILE --zones FILE --n 1000

DIR holds the ``truth.jsonl`` of the loaded feed, engine and prefix are those of the environment. Exit status 0 if
nothing differs.
"""

import argparse
import os
import sys
import time
from datetime import date
from pathlib import Path

from tests.engine.loaded import serve
from tests.oracle.draw import Drawer
from tests.oracle.feed_truth import UNTOLD
from tests.oracle.places import load_gazetteer, load_zones
from tests.pivots.check import Checker
from tests.pivots.draw import PivotDrawer
from tests.pivots.offers import feed_offers

EVERY = 25  # pivots between two lines that tell how far it is
NOT_TOLD = frozenset(("training", "trainings"))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    for name in ("communes", "former-communes", "zones"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())
    options = parser.parse_args()
    gazetteer = load_gazetteer(options.communes, options.former_communes)
    offers = list(feed_offers(options.dir / "truth.jsonl", gazetteer, load_zones(options.zones)))
    rows = [offer.row for offer in offers]
    drawer = Drawer(rows, gazetteer, options.today, options.seed, entry_levels=False, trainings=False, untold=UNTOLD)
    pivots = PivotDrawer(drawer, offers, options.seed, NOT_TOLD)
    began, wrong = time.monotonic(), 0
    with serve(os.environ["BOUSSOLE_OPENSEARCH_URL"], os.environ["BOUSSOLE_INDEX_PREFIX"], options.today) as app:
        checker = Checker(app, offers, gazetteer, options.today)
        for number in range(options.n):
            drawn = pivots.parameters()
            if told := checker.check(drawn):
                wrong += 1
                print(number, drawn, *told[:6], sep="\n    ", flush=True)
            if number % EVERY == EVERY - 1:
                print(f"{number + 1} pivots, {checker.links} links, {wrong} differ", flush=True)
    print(f"{options.n} pivots over {len(offers)} offers, {checker.links} links, {time.monotonic() - began:.0f} s: "
          f"{wrong} differ")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
