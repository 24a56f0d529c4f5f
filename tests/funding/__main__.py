"""``python -m tests.funding [--draws N]``: the mutation run, the properties, and the time of an answer."""

import argparse
import random
import sys
import time

from funding import OWN_FUNDING, check_folder
from tests.funding.draw import draw_case, hide
from tests.funding.mutate import survivors
from tests.funding.properties import ask, run

MOST_SHOWN = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.funding")
    parser.add_argument("--draws", type=int, default=10_000, help="random questions for each property")
    options = parser.parse_args()
    reading = check_folder(OWN_FUNDING).reading
    made, left = survivors(reading)
    print(f"mutants: {made}, not noticed by any scenario: {len(left)}")
    print("\n".join(left))
    failures = []
    for failure in run(reading.book, options.draws):
        failures.append(failure)
        print(*failure)
        if len(failures) >= MOST_SHOWN:
            break
    print(f"properties: {options.draws} draws, failures: {len(failures)}")
    chance = random.Random(1)
    cases = [draw_case(chance) for _ in range(500)]
    for share in (0.0, 0.5, 1.0):
        asked = [case._replace(person=hide(chance, case.person, share)) for case in cases]
        started = time.process_time()
        for case in asked:
            ask(reading.book, case)
        print(f"an offer's verdicts, {share:.0%} of the person unknown: "
              f"{(time.process_time() - started) / len(asked) * 1000:.2f} ms of CPU")  # fmt: skip
    return 1 if left or failures else 0


if __name__ == "__main__":
    sys.exit(main())
