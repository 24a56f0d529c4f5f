"""Figures as pages write them: a number, 0, « non connu » and « aucune offre » are four different things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from search_app.analytics.measures import MEASURES, Measure
from search_app.text.wording import NBSP, THIN, number, typeset

NOT_KNOWN: Final = "non connu"
NO_OFFER: Final = "aucune offre"
MINUS: Final = "−"
# Below it a figure is said to be partial: it is about less than half of what is counted beside it.
PARTIAL_BELOW: Final = 0.5
Number = int | float
COVERAGES: Final[Mapping[str, str]] = {
    "capacity": "seats_known", "left": "seats_known", "filled": "seats_known", "left_at_least": "seats_known",
    "fill_rate": "seats_known", "price_hour": "price_known",
}  # fmt: skip


class State(Enum):
    """What a figure says; the values are the names of its style."""

    SOME = "some"
    ZERO = "zero"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a measure is written: its label, its unit, and the measure that tells how much of it is known."""

    name: str
    label: str
    unit: str = ""
    coverage: str = ""

    @property
    def is_share(self) -> bool:
        """Tell whether its values are shares of a whole, from 0 to 1."""
        return self.unit == "part"


def to_kind(measure: Measure) -> Kind:
    """Return how a measure is written."""
    return Kind(measure.name, typeset(measure.label), measure.unit, COVERAGES.get(measure.name, ""))


def with_coverage(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Return measures with those that their figures need beside them: the number of offers, and what is known."""
    names = [measure.name for measure in measures]
    needed = ["offers", *(COVERAGES[name] for name in names if name in COVERAGES)]
    return (*measures, *(MEASURES[name] for name in dict.fromkeys(needed) if name not in names))


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved: the difference, written with its sign, and what it was before."""

    text: str
    before: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its text, the address of its offers, what share of it is known, and how it moved."""

    state: State
    value: Number | None
    text: str
    href: str | None = None
    coverage: str | None = None
    partial: bool = False
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """One figure of everything found."""

    label: str
    figure: Figure


def to_figure(
    kind: Kind,
    values: Mapping[str, Number | None],
    href: str | None = None,
    previous: Mapping[str, Number | None] | None = None,
) -> Figure:
    """Return the figure of a measure; ``values`` are all measures of its row or cell, ``offers`` among them."""
    if values.get("offers") == 0:
        change = None if previous is None else to_change(kind, values, previous)
        return Figure(State.NONE, None, NO_OFFER, change=change)
    value = values.get(kind.name)
    share = values.get(kind.coverage) if kind.coverage else None
    return Figure(
        state=State.UNKNOWN if value is None else State.SOME if value else State.ZERO,
        value=value,
        text=write(kind, value),
        href=href,
        coverage=None if share is None else percent(share),
        partial=share is not None and share < PARTIAL_BELOW,
        change=None if previous is None else to_change(kind, values, previous),
    )


def write(kind: Kind, value: Number | None) -> str:
    """Return a value in its unit.

    >>> write(Kind("left", "Places"), 1234), write(Kind("fill_rate", "Taux", "part"), 0.123)
    ('1\u202f234', '12\xa0%')
    >>> write(Kind("price_hour", "Prix", "€/heure"), 9.5), write(Kind("left", "Places"), None)
    ('9,50\xa0€/h', 'non connu')
    """
    if value is None:
        return NOT_KNOWN
    if kind.is_share:
        return percent(value)
    return hourly(value) if kind.unit == "€/heure" else number(value)


def hourly(price: Number) -> str:
    """Return a price of an hour, always with cents, because it is compared with others.

    >>> hourly(13), hourly(1234.5)
    ('13,00\xa0€/h', '1\u202f234,50\xa0€/h')
    """
    return f"{price:,.2f}{NBSP}€/h".replace(",", THIN).replace(".", ",")


def percent(share: Number) -> str:
    """Return a share in per cent; only nothing is 0 % and only everything 100 %.

    >>> percent(0.5), percent(0.999), percent(1), percent(0.0004), percent(0)
    ('50\xa0%', '99,9\xa0%', '100\xa0%', '<\u202f0,1\xa0%', '0\xa0%')
    """
    if 0 < share < 0.001:
        return f"<{THIN}0,1{NBSP}%"
    rounded = round(share * 100)
    if 0 < share < 0.01 or 0.99 < share < 1:
        return f"{number(min(99.9, round(share * 100, 1)))}{NBSP}%"
    return f"{rounded}{NBSP}%"


def to_change(kind: Kind, values: Mapping[str, Number | None], previous: Mapping[str, Number | None]) -> Change | None:
    """Return how a figure moved since the period before, None where it has no figure now or then.

    >>> to_change(Kind("left", "Places"), {"left": 12}, {"offers": 3, "left": 10})
    Change(text='+2 (+20\xa0%)', before='10')
    >>> to_change(Kind("fill_rate", "Taux", "part"), {"fill_rate": 0.5}, {"offers": 1, "fill_rate": 0.53})
    Change(text='−3\xa0points', before='53\xa0%')
    """
    now, then = values.get(kind.name), previous.get(kind.name)
    gone = previous.get("offers") == 0
    before = NO_OFFER if gone else write(kind, then)
    if now is None or then is None or gone:
        return Change("", before)
    if now == then:
        return Change("=", before)
    if kind.is_share:
        points = round((now - then) * 100, 1)
        return Change(f"{signed(points)}{NBSP}point{'s' if abs(points) >= 2 else ''}", before)
    ratio = f" ({signed(round((now - then) / then * 100))}{NBSP}%)" if then else ""
    return Change(f"{_signed_value(kind, now - then)}{ratio}", before)


def signed(value: Number) -> str:
    """Return a number with its sign.

    >>> signed(3), signed(-1.5), signed(0)
    ('+3', '−1,5', '+0')
    """
    return f"{MINUS if value < 0 else '+'}{number(abs(value))}"


def _signed_value(kind: Kind, value: Number) -> str:
    return f"{MINUS if value < 0 else '+'}{write(kind, abs(value))}"
