"""Texts of a hundred thousand characters that a parser of HTML would read again and again: each is plain at once."""

import time

import pytest

from indexer.normalize.texts import plain_text

LENGTH = 100_000
PATTERNS = [
    *('<a href="', "<!--", "<!-- >", "</", "<?", "<! ", "<![CDATA[ ", '<a b=\'x" c=">'),
    *("<x y='\">", "<a b=c<", "<b>", "<"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_markup_that_does_not_end_costs_no_time(pattern: str) -> None:
    text = f"<p>Un texte {pattern * (LENGTH // len(pattern))}"
    began = time.monotonic()
    assert plain_text(text).startswith("Un texte")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("blank", [" ", "\n", "\t"])
def test_blanks_within_a_tag_cost_no_time(blank: str) -> None:
    began = time.monotonic()
    assert plain_text(f"<p>Un texte <a {blank * LENGTH}").startswith("Un texte")
    assert time.monotonic() - began < 2


def test_many_sound_tags_and_a_few_open_ones_are_read_as_before() -> None:
    tags = '<a href="x" title="a > b">lien</a> <br> ' * 200
    assert plain_text(f"2 < 3 et List<String> {tags}").split() == ["2", "<", "3", "et", "List<String>", *["lien"] * 200]
