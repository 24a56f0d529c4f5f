"""The words of a search of documents: meaning and clauses, without an engine."""

from datetime import date

import pytest

from language.lexicon import Lexicon
from search_app.documents.words import numbers_in, read_words, words_clause
from search_app.search.reference_data import Snapshot
from search_app.search.understand import Understander

TODAY = date(2026, 11, 23)


class Meaning:
    """Votes that must not be asked for."""

    def count(self, text: str) -> None:
        raise AssertionError(text)


def test_jobs_by_meaning_are_not_asked_for() -> None:
    understander = Understander(Lexicon(), meaning=Meaning())
    with pytest.raises(AssertionError, match="forum"):
        understander.understand("forum", TODAY, verbatim=("filters",))
    words = read_words("forum", Snapshot(understander=understander), TODAY)
    assert words.meant.words == "forum"
    assert understander.with_rules(()).by_words is not understander.by_words


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("RNCP 38565", [("rncp", "38565")]),
        ("rncp0038565", [("rncp", "38565")]),
        ("soudeur 23026", [("formacode", "23026")]),
        ("E2300001X", []),
        ("decret 2026", []),
        ("isbn 2-07-036002-4", [("identifiers", "isbn:2070360024")]),
        ("ELI:decret/X", [("identifiers", "eli:decret/X")]),
        ("n33nhrxdjcpe", [("key", "n33nhrxdjcpe")]),
        ("\x00 [] {}", []),
    ],
)
def test_numbers_in_words(typed: str, numbers: list[tuple[str, str]]) -> None:
    assert list(numbers_in(typed)) == numbers


def test_loose_words_are_similar_ones_but_for_very_long_ones() -> None:
    snapshot = Snapshot()
    loose = read_words("forom", snapshot, TODAY).loosely()
    assert words_clause(loose)["match"]["words"]["fuzziness"] == "AUTO:5,9"
    long = read_words("x" * 41, snapshot, TODAY).loosely()
    assert "fuzziness" not in words_clause(long)["match"]["words"]
