"""No regular expression takes quadratic time on what a feed may hold: one record must not cost a load or a page.

Those that read requests alone are not among them: the length of a request is limited.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

import indexer
import seats
from search_app import exports, pages, text

PACKAGES: Final = (indexer, seats, exports, pages, text)
# Matched at the beginning of a text alone, where they are linear.
ONLY_MATCHED: Final = {
    "indexer.sources.sections.CHILD": "white space is given back never",
    "indexer.normalize.organisations.HOST": "each dot is given back once",
    "search_app.pages.offer.facts.BULLET": "a line is searched for none",
}
UNITS: Final = (
    " ", "\t", "\n", "\xa0", "\u202f", "<", "</", "a", "A", "é", "&", "&#", "1", "1.", "1,", "1 ", ".", "-", " -", ",",
    "(", '"', "'", "<!--", "<![CDATA[", "x=", "<a ", "a ", "a-", "a.", "[", "/", "a/", "www.", "http://a", "@", "a@",
    "9h", "du a ", "75001 ", "#", "%", ";", "=", ":", "l'",
)  # fmt: skip
SHORT: Final = 3_000  # characters
TIMES_LONGER: Final = 4
MOST: Final = TIMES_LONGER**2 * 0.75  # quadratic time would be 16 times as long
NOTICED: Final = 0.04  # seconds: below it, the clock decides


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns that are kept in modules, by name."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                for name, value in vars(importlib.import_module(found.name)).items():
                    held = value.values() if isinstance(value, dict) else [value]
                    yield from ((f"{found.name}.{name}", each) for each in held if isinstance(each, re.Pattern))


PATTERNS: Final = {pattern: name for name, pattern in patterns()}


def seconds(pattern: re.Pattern[Any], unit: str, length: int, *, anywhere: bool) -> float:
    hostile: Any = "<a" + unit * (length // len(unit)) + "\x00"
    if isinstance(pattern.pattern, bytes):
        hostile = hostile.encode()
    began = time.process_time()
    if anywhere:
        for _ in pattern.finditer(hostile):
            pass
    pattern.match(hostile)
    pattern.match(hostile[1:])
    return time.process_time() - began


@pytest.mark.parametrize(("pattern", "name"), PATTERNS.items(), ids=PATTERNS.values())
def test_time_grows_no_faster_than_the_text(pattern: re.Pattern[Any], name: str) -> None:
    anywhere = name not in ONLY_MATCHED
    for unit in UNITS:
        taken = seconds(pattern, unit, SHORT * TIMES_LONGER, anywhere=anywhere)
        if taken > NOTICED:
            assert taken < MOST * seconds(pattern, unit, SHORT, anywhere=anywhere), repr(unit)


def test_quadratic_time_would_be_noticed() -> None:
    former = re.compile(r"""<(?P<name>[^\s<>/!?="']+)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
    with pytest.raises(AssertionError):
        test_time_grows_no_faster_than_the_text(former, "former START_TAG")


def test_exceptions_are_of_patterns_that_there_are() -> None:
    assert set(PATTERNS.values()) >= ONLY_MATCHED.keys()
