"""What a list of results says to somebody who told a situation: the facet, the chips, a word on each card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from funding import Book
from funding.evaluation.facet import LABELS, VALUES, FundingValue
from search_app.pages.funding.asked.panel import TITLE, Panel, build_panel
from search_app.pages.funding.asked.posted import Asked
from search_app.pages.funding.asked.questions import PREFIX
from search_app.pages.funding.links import funding_path
from search_app.pages.search.chips import Chip
from search_app.pages.search.facet_lists import Box, FacetList
from search_app.pages.search.paging import page_address
from search_app.search.links import DAYS, Pairs, address, without, without_value
from search_app.search.results import FacetRow, OfferCard

PAID: Final = "funding"  # the facet of a search for a person
PAID_TITLE: Final = "Pour ma situation"
IN_PART: Final = "Payée au moins en partie"  # the CPF pays as much as is on it


@dataclass(frozen=True, slots=True)
class Paid:
    """Who pays for the reader's situation: a value of the facet, its word, and the way to conditions and steps."""

    value: FundingValue
    text: str
    href: str


def build_paid(card: OfferCard, picked: Pairs, session: str = "") -> Paid | None:
    """Return the word of a result, None without a situation; ``picked`` is the selection, ``session`` the key of the
    one that the result shows.
    """
    if not card.funding:
        return None
    in_part = card.funding == "paid" and not card.funding_whole
    path = funding_path(card.key, picked, session)
    return Paid(card.funding, IN_PART if in_part else LABELS[card.funding], path)


def build_search_panel(book: Book, asked: Asked, pairs: Pairs) -> Panel | None:
    """Return the questions beside results, which propose sessions to come where no time is asked for, and those that
    one can still join; ``pairs`` are those of the page.
    """
    panel = build_panel(book, asked, page_address(pairs, 1), PREFIX)
    names = {name for name, _ in pairs}
    timed = not names.isdisjoint((*DAYS, "upcoming"))
    return panel and replace(
        panel, upcoming=not (timed or asked.posted), joinable=not ("recruiting" in names or asked.posted)
    )


@dataclass(frozen=True, slots=True)
class PaidCount:
    """How many results have one value of who pays, and the way to them alone, or back to all."""

    value: FundingValue
    text: str
    count: int
    href: str
    chosen: bool


def build_tally(rows: Sequence[FacetRow], pairs: Pairs) -> tuple[PaidCount, ...]:
    """Return the facet in a line above the results; ``pairs`` are those of the page."""
    return tuple(
        PaidCount(value, row.label, row.count, _toggled(pairs, row), row.selected)
        for row in rows
        for value in VALUES
        if row.value == value
    )


def _toggled(pairs: Pairs, row: FacetRow) -> str:
    """Return the address with this value added or taken off."""
    plain = without_value(pairs, PAID, row.value)
    return address(plain if row.selected else (*plain, (PAID, row.value)))


def build_paid_list(rows: Sequence[FacetRow]) -> FacetList | None:
    """Return the facet, None without a situation."""
    boxes = tuple(Box(row.value, row.label, row.count, row.selected) for row in rows)
    return FacetList(PAID, PAID_TITLE, boxes, (), sum(box.selected for box in boxes), opened=True) if boxes else None


def build_situation_chips(panel: Panel | None, pairs: Pairs, rows: Sequence[FacetRow]) -> tuple[Chip, ...]:
    """Return the chip of the situation, whose link leads to the same search without it, and one for each chosen value;
    ``rows`` are those of the facet. None without a situation.
    """
    if panel is None or not panel.holds:
        return ()
    person = Chip(TITLE, panel.count or "aucune réponse", address(without(pairs, PAID)), True, without_person=True)
    chosen = (row for row in rows if row.selected)
    return (person, *(_value_chip(row, pairs) for row in chosen))


def _value_chip(row: FacetRow, pairs: Pairs) -> Chip:
    return Chip(PAID_TITLE, row.label, address(without_value(pairs, PAID, row.value)), True)
