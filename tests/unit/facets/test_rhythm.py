"""The rhythm is told from the feed's free text by the table of words that docs/feeds.md has."""

import re
from pathlib import Path

import pytest

from indexer.normalize.rhythm import WORDS, read_rhythms
from mappings.codes import RHYTHM_LABELS

FEEDS = (Path(__file__).parents[3] / "docs/feeds.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("En journée, temps plein", "full_time"),
        ("En continu, temps plein", "full_time"),
        ("Continu temps plein, Modulaire", "full_time"),
        ("35 heures par semaine", "full_time"),
        ("TEMPS PARTIEL", "part_time"),
        ("À temps plein ou partiel", "full_time part_time"),
        ("Cours du soir", "evening"),
        ("Week-end", "weekend"),
        ("Cours du soir, le samedi", "evening weekend"),
        ("Formation en alternance", "alternating"),
        ("Contrat d’apprentissage ou de professionnalisation", "alternating"),
        ("Alternance d’une semaine en centre et trois en entreprise", "alternating"),
        ("Week-end, cours du soir, à temps partiel", "part_time evening weekend"),
        # What is not told
        ("Modulaire", "unknown"),
        ("35 heures", "unknown"),
        ("En journée", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        ("Partiel en juin", "unknown"),
        ("Du lundi au samedi", "unknown"),
        ("Du lundi matin au vendredi soir", "unknown"),
        ("Alternance d’apports théoriques et de pratique", "unknown"),
        ("Alternance théorie / pratique, temps plein", "full_time"),
        ("Rythme d’apprentissage individuel", "unknown"),
        ("Hors week-end", "unknown"),
        ("Temps plein sauf le samedi", "full_time"),
        ("Pas de cours le soir, temps plein", "full_time"),
        ("Sans samedi ni soirée", "unknown"),
        ("Soirs et week-ends, hors alternance", "evening weekend"),
        ("Soirmoise", "unknown"),
    ],
)
def test_text_tells_its_rhythms(text: str | None, told: str) -> None:
    assert read_rhythms(text) == told.split()


def test_every_rhythm_has_a_label_and_words_but_the_unknown_one() -> None:
    assert [*RHYTHM_LABELS] == [*WORDS, "unknown"]
    assert all(WORDS.values())


@pytest.mark.parametrize(("rhythm", "words"), WORDS.items())
def test_every_word_tells_its_rhythm_alone(rhythm: str, words: tuple[str, ...]) -> None:
    assert [word for word in words if rhythm not in read_rhythms(f"Cours : {word}.")] == []


def test_the_documented_table_is_that_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (« .*) \|$", FEEDS, re.MULTILINE))
    assert {code: tuple(re.findall("« (.+?) »", words)) for code, words in rows.items()} == dict(WORDS)
