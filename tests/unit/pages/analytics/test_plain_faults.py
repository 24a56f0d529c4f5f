"""Faults of a pivot: each says in the words of the form what to change, and names no parameter."""

import re

import pytest

from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.query import OWN
from search_app.base.errors import Fault
from search_app.pages.analytics.plain_faults import in_plain_words
from search_app.search.links import Pairs


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ((("columns", "planet"),), "choisissez dans la liste"),
        ((("rows", "region"), ("columns", "region")), "déjà le choix des lignes"),
        ((("rows", "formacode"), ("columns", "domain")), "la même chose"),
        ((("rows", "region"), ("domain", "22354"), ("columns", "domain")), "cinq chiffres"),
        ((("domain", "22354"), ("rows", "domain")), "cinq chiffres"),
        ((("rows", "region"), ("domain", "223"), ("columns", "domain")), "trop de colonnes"),
        ((("rows", "region"), ("columns", "provider")), "trop de colonnes"),
        ((("compare", "year"),), "une période"),
        ((("compare", "decade"),), "choisissez dans la liste"),
        ((("measure", "weight"),), "choisissez dans la liste"),
        ((("rows", "planet"),), "choisissez dans la liste"),
    ],
)
def test_each_fault_says_what_to_change(pairs: Pairs, words: str) -> None:
    name, value = pairs[-1]
    (fault,) = in_plain_words([Fault(name, value, "a, b", f"{name} : non.", "non (possible : a, b).")], pairs)
    assert words in fault.plain
    codes = {*OWN, *DIMENSIONS} - {"page", "region", "domain", "formacode"}  # words of French as well
    assert codes & set(re.findall(r"[a-z_]+", fault.plain)) == set()


def test_faults_of_the_search_keep_their_sentence() -> None:
    fault = Fault("seats", "x", "un nombre", "seats : x.", "ce n’est pas un nombre.")
    assert in_plain_words([fault], (("seats", "x"),)) == (fault,)
