"""Inputs of a search body: parameters, resolved place, interpretation and today."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from funding.evaluation.facet import FundingValue
from funding.facts.offer import OfferFacts, SessionFacts
from search_app.base.settings import SEATS_OLD_AFTER_DAYS
from search_app.search.params.search_params import SearchParams
from search_app.search.places.areas import Circle, Territory
from search_app.search.query.sessions import SessionConditions, conditions_of
from search_app.search.understand import Understanding

# Parameters that leave most offers, or change nothing in which offers are found.
_BROAD: Final = frozenset(("upcoming", "remote", "size", "page", "facet_size", "facets", "sort", "radius", "explain"))
# Parameters of which each value leaves few of a country's offers.
_NARROW: Final = (
    *("q", "region", "department", "employment_zone", "domain", "nsf", "rome", "provider", "trainer", "market", "rncp"),
    "training",
)


class OfferValuer(Protocol):
    """Values the sessions of an offer for a person (``search_app.search.funding.values``)."""

    def value(
        self, session: SessionFacts | None, has_seats: Callable[[Collection[str]], bool] | None = None
    ) -> tuple[FundingValue, bool]:
        """Return the value of the offer by one session, and whether a scheme that gives it covers all; ``has_seats``
        tells if it has the seats asked for under funders.
        """
        ...


class Valuer(Protocol):
    """Values offers for a person."""

    def of(self, offer: OfferFacts) -> OfferValuer:
        """Return what values the sessions of an offer."""
        ...


class Payment(Protocol):
    """What pays for a person (``search_app.search.funding.payment``); no values: all."""

    @property
    def values(self) -> tuple[FundingValue, ...]:
        """Return the chosen values."""
        ...

    @property
    def valuer(self) -> Valuer:
        """Return what values stored offers."""
        ...

    def chosen(self, conditions: SessionConditions) -> list[dict[str, Any]]:
        """Return the clause of the chosen values as a list of one, empty without any."""
        ...

    def counts(self, conditions: SessionConditions) -> Mapping[str, Any]:
        """Return the aggregations that count the offers by value."""
        ...

    def checks(self) -> Mapping[str, Any]:
        """Return the aggregations that must count no offer, if any."""
        ...

    def worth_of_set(self, name: str, under: str | None) -> tuple[FundingValue, bool] | None:
        """Return what the offers of the set of this name are worth by every session, if that is known."""
        ...

    def is_settled(self, under: str | None) -> bool:
        """Tell whether each offer has a chosen value by all of its sessions, or by none, and the same by those with
        seats under a funder.
        """
        ...

    def count_rows(self, name: str, rows: Mapping[str, SessionConditions], told: dict[str, Any]) -> dict[str, Any]:
        """Return the aggregations, by that name, that count the offers with a chosen value by sessions of each row;
        ``told`` counts the same, whatever pays.
        """
        ...

    @property
    def narrows(self) -> bool:
        """Tell whether values are chosen that leave offers out."""
        ...

    def known(self, conditions: SessionConditions) -> Mapping[str, FundingValue | None]:
        """Return the value of the offers of each known set of facts, None if it depends on their sessions."""
        ...

    def from_first_day(self) -> "Payment":
        """Return the same without the assumption that no session starts before a day."""
        ...

    def without_sets(self) -> "Payment":
        """Return the same for offers of which no set of facts is known."""
        ...


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, with everything that is not in the address: the area, the meaning of the words, today in France,
    settings.

    ``by_value`` counts every value of the facets by itself, without ``mappings.value_sets``. ``payment`` is what pays
    for a person, if a situation was told. ``conditions`` are those on sessions, built once: body, sort, facets and
    results share them.
    """

    params: SearchParams
    area: Circle | Territory | None
    today: date
    timeout: float = 5.0
    seats_old_after_days: int = SEATS_OLD_AFTER_DAYS
    meant: Understanding | None = None  # None without words
    by_value: bool = False
    payment: Payment | None = field(default=None, repr=False)
    conditions: SessionConditions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", conditions_of(self.params, self.today))

    @property
    def parts_remote(self) -> bool:
        """Tell whether results are parted: on-site offers of the area, then remote ones."""
        return self.area is not None and self.params.remote == "include"

    @property
    def asks_for_seats(self) -> bool:
        """Tell whether seats decide which offers are found, or in which order."""
        return self.params.seats is not None or self.params.sort == "seats"

    @property
    def pays_some(self) -> bool:
        """Tell whether only offers are wanted that are paid, or not, for a person."""
        return self.payment is not None and self.payment.narrows

    @property
    def has_words(self) -> bool:
        """Tell whether words are looked up, beside the places and filters that they may name."""
        return self.meant is not None and bool(self.meant.words)

    @property
    def is_one_body(self) -> bool:
        """Tell whether a search is never sent in parts: an explanation shows it, or trainings are collapsed in it."""
        return self.params.explain or self.params.group == "training"

    @property
    def is_broad(self) -> bool:
        """Tell whether there is no condition that leaves few offers."""
        return self.area is None and self.params.given <= _BROAD

    @property
    def is_words_alone(self) -> bool:
        """Tell whether there are words, and no other condition that leaves few offers."""
        return self.has_words and self.area is None and self.params.given <= _BROAD | {"q"}

    @property
    def leaves_few(self) -> bool:
        """Tell whether there is a condition that leaves few offers of a country's, whatever the others are."""
        return self.area is not None or not self.params.given.isdisjoint(_NARROW)
