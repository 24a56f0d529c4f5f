"""Marks one answer against its judgement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from language.roots import base_form
from language.words import fold
from tests.relevance.judged import Judged
from tests.relevance.offers import Offer, first_offers, good_offers, siren_of, to_offer

LOOKED_AT: Final = 10  # results that people look at
ROUNDED: Final = 3  # digits of a figure that are told, stored and compared
ASKED_FOR: Final = 20  # results among which the rank of the first good one is told


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a query; ``rank`` is that of the first good result, 0 if there is none, and ``why`` what is wrong.

    ``precision`` is the share of good ones among the first ten, or among as many as there are; None if none are.
    """

    q: str
    kind: str
    part: str
    must: bool
    must_not: bool
    none_found: bool
    rank: int
    precision: float | None
    why: str = ""

    @property
    def passed(self) -> bool:
        return self.must and self.must_not


def mark(judged: Judged, answer: Mapping[str, Any], offers: Sequence[Offer]) -> Mark:
    """Mark the API's answer to a query; ``offers`` are all that pass the filters that were meant."""
    results = [to_offer(card) for card in answer["results"]]
    good = good_offers(judged, offers)
    missing = [*_missing(judged, answer), *_wrong_first(judged, answer, results, offers)]
    unwanted = [*_unwanted(judged, answer), *_false_friends(judged, results)]
    hits = [offer.number in good for offer in results]
    looked_at = min(LOOKED_AT, len(good))
    return Mark(
        q=judged.q,
        kind=judged.kind,
        part=judged.part,
        must=not missing,
        must_not=not unwanted,
        none_found=bool(good) and not answer["total"],
        rank=hits.index(True) + 1 if True in hits else 0,
        precision=round(sum(hits[:looked_at]) / looked_at, ROUNDED) if looked_at else None,
        why="; ".join([*missing, *unwanted]),
    )


def _wrong_first(
    judged: Judged, answer: Mapping[str, Any], results: Sequence[Offer], offers: Sequence[Offer]
) -> list[str]:
    if judged.good is not None and not judged.good:
        # « nothing, but this resembles it » is an honest answer
        honest = not answer["total"] or (answer["understood"] or {}).get("loose")
        return [] if honest else [f"{answer['total']} found where there is nothing"]
    if not results:
        return ["none found"]
    if judged.only_filters and answer["total"] != len(offers):
        return [f"{answer['total']} of {len(offers)} offers pass"]
    if results[0].number in first_offers(judged, offers):
        return []
    return [f"first is {results[0].training} {results[0].number}"]


def _false_friends(judged: Judged, results: Sequence[Offer]) -> list[str]:
    return sorted({f"{offer.training} came" for offer in results[:LOOKED_AT] if offer.training in judged.never})


def _missing(judged: Judged, answer: Mapping[str, Any]) -> list[str]:
    filters, corrections = _filters(answer), _corrections(answer)
    wanted = [] if judged.any_filter else [f"{name}={value}" for name, value in judged.filters.items()]
    missing = [f"no filter {each}" for each in wanted if each not in filters]
    missing += [
        f"{typed} is not corrected to {word}"
        for typed, word in judged.corrected.items()
        if not _same(corrections.get(fold(typed)), word)
    ]
    return missing


def _unwanted(judged: Judged, answer: Mapping[str, Any]) -> list[str]:
    wanted = [f"{name}={value}" for name, value in judged.filters.items()]
    if judged.provider:  # whoever understands the name as a filter is right as well
        wanted.append(f"provider={siren_of(judged.provider)}")
    unwanted = [] if judged.any_filter else [f"filter {each}" for each in _filters(answer) if each not in wanted]
    if not judged.any_correction:
        allowed = judged.tolerated | judged.corrected
        unwanted += [
            f"{typed} is corrected to {word}"
            for typed, word in _corrections(answer).items()
            if not _same(word, allowed.get(typed))
        ]
    return unwanted


def _filters(answer: Mapping[str, Any]) -> list[str]:
    found = (answer["understood"] or {}).get("filters", ())
    return [f"{name}={value}" for each in found for name, value in each["parameters"].items()]


def _corrections(answer: Mapping[str, Any]) -> dict[str, str]:
    found = (answer["understood"] or {}).get("corrections", ())
    return {fold(each["typed"]): fold(each["word"]) for each in found}


def _same(one: str | None, other: str | None) -> bool:
    """Tell whether two words are forms of one: a correction to the plural is right as well."""
    return one is not None and other is not None and base_form(fold(one)) == base_form(fold(other))
