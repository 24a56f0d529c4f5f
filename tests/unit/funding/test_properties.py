"""What must hold of every verdict, over random questions: ``python -m tests.funding`` asks 10,000."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from funding import OWN_FUNDING, Book, check_folder
from funding.rule.condition import All, Is, Untold
from tests.funding.properties import CHECKS, check_all_known, check_missing, check_nothing_known, check_versions

BOOK = check_folder(OWN_FUNDING).reading.book
DRAWS = 120


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_property_holds_for_random_questions(check: Callable[[Book, random.Random], None]) -> None:
    for seed in range(DRAWS):
        check(BOOK, random.Random(seed))


def fails(check: Callable[[Book, random.Random], None], book: Book) -> bool:
    """Tell whether a property fails for some question."""
    try:
        for seed in range(DRAWS):
            check(book, random.Random(seed))
    except AssertionError:
        return True
    return False


def spoilt(**fields: object) -> Book:
    """Return the book with the first version of each scheme changed."""
    schemes = [
        replace(scheme, versions=(replace(scheme.versions[0], **fields), *scheme.versions[1:]))  # type: ignore[arg-type]
        for scheme in BOOK.schemes
        if scheme.versions
    ]
    return replace(BOOK, schemes=tuple(schemes))


@pytest.mark.parametrize(
    ("check", "fields"),
    [
        (check_nothing_known, {"when": All(())}),
        (check_all_known, {"when": All((Untold("?"),))}),
    ],
)
def test_property_fails_for_spoilt_rules(
    check: Callable[[Book, random.Random], None], fields: dict[str, object]
) -> None:
    assert fails(check, spoilt(**fields))


def test_missing_property_notices_an_evaluator_that_forgets_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funding.evaluation.judge.find_missing", lambda *_: ())
    assert fails(check_missing, BOOK)


def test_version_property_notices_an_evaluator_that_ignores_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funding.evaluation.versions._covers", lambda *_: True)
    monkeypatch.setattr("funding.rule.scheme.Version.doubt", lambda *_: "")
    book = replace(BOOK, schemes=tuple(
        replace(scheme, versions=(replace(scheme.versions[0], when=All((Is("offer.certifying", True),))),))
        for scheme in BOOK.schemes if scheme.versions
    ))  # fmt: skip
    assert fails(check_versions, book)
