"""The offers of the fixtures as judgements see them: of which training and of whom each one is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fixtures.catalogue import load_providers, load_trainings
from fixtures.funding.cases import CASES
from tests.relevance.judged import Judged


@dataclass(frozen=True, slots=True)
class Offer:
    """A result; ``training`` is a key of ``fixtures/catalogue``, None if its title is none of them."""

    number: str
    training: str | None
    siren: str | None


def to_offer(card: Mapping[str, Any]) -> Offer:
    """Return what a result of the API is."""
    return Offer(card["id"], training_of(card["title"]), (card["provider"] or {}).get("siren"))


@cache
def training_of(title: str) -> str | None:
    """Return the training that a title is of: traps of the fixtures lengthen titles, and never shorten them.

    >>> training_of("CAP cuisine en un an pour adultes (parcours 2)"), training_of("« CAP cuisine » : théorie")
    ('cap-cuisine', 'cap-cuisine')
    """
    return next((key for known, key in _titles() if known in title), None)


@cache
def _titles() -> list[tuple[str, str]]:
    """Return (title, training), the longest title first: « BTS MCO » is part of others."""
    titles = [(title, training.key) for training in load_trainings() for title in training.titles]
    titles += [(title, key) for _, key, title, _ in CASES if title]
    return sorted(titles, key=lambda row: -len(row[0]))


@cache
def siren_of(name: str) -> str:
    """Return the SIREN of a provider by its usual name."""
    return next(provider.siren for provider in load_providers() if provider.names[0] == name)


def good_offers(judged: Judged, offers: Iterable[Offer]) -> frozenset[str]:
    """Return the numbers of those offers that answer a query, of all that pass its filters."""
    return _numbers(judged, offers, judged.good)


def first_offers(judged: Judged, offers: Iterable[Offer]) -> frozenset[str]:
    """Return the numbers of those that may stand first."""
    return _numbers(judged, offers, judged.first or judged.good)


def _numbers(judged: Judged, offers: Iterable[Offer], trainings: frozenset[str] | None) -> frozenset[str]:
    siren = siren_of(judged.provider) if judged.provider else None
    return frozenset(
        offer.number
        for offer in offers
        if (trainings is None or offer.training in trainings)
        and (siren is None or offer.siren == siren)
        and (judged.offer is None or offer.number == judged.offer)
    )
