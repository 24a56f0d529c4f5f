"""What the pages ask otherwise than their address says, and the notices that say so; the API asks what it is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from search_app.analytics.query import COMPARISONS
from search_app.pages.search.chips import Chip
from search_app.pages.search.fields import Choice, SelectField
from search_app.pages.shared.layout import Link
from search_app.search.links import Pair, Pairs, address, replaced, without
from search_app.search.params.search_params import SearchParams
from search_app.search.resolved import ResolvedSearch
from search_app.text.dates import french_day
from search_app.text.wording import typeset

EXCLUDED: Final = ("remote", "exclude")
INCLUDED: Final = ("remote", "include")
REMOTE_CHOICES: Final = {
    "": "Exclues s’il y a un lieu",
    "include": "Incluses, même avec un lieu",
    "exclude": "Exclues",
    "only": "Uniquement",
}
HELD_HERE: Final = "Seules les offres qui se tiennent dans ce lieu sont comptées."
HELD_ANYWHERE: Final = "Les offres à distance de tout le pays sont comptées avec celles de ce lieu."
NOT_UPCOMING: Final = typeset(
    "« Sessions à venir » est laissé de côté pour comparer : les sessions de la période d’avant sont toutes passées."
)
NOT_KEPT: Final = "le catalogue ne garde plus ces sessions"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence on what is asked, with the way to ask otherwise."""

    text: str
    link: Link | None = None


def has_place(params: SearchParams) -> bool:
    """Tell whether a search has a place: a name, or a point."""
    return params.place is not None or (params.lat is not None and params.lon is not None)


def beside_comparison(given: Pairs) -> Pairs:
    """Return an address without ``upcoming`` beside a comparison: it would leave nothing of the period before.

    >>> beside_comparison((("compare", "year"), ("upcoming", "true")))
    (('compare', 'year'),)
    >>> beside_comparison((("upcoming", "true"),))
    (('upcoming', 'true'),)
    """
    compared = any(name == "compare" and value in COMPARISONS for name, value in given)
    return without(given, "upcoming") if compared else given


def held_here(given: Pairs, read: Callable[[Pairs], SearchParams]) -> Pairs:
    """Return an address with ``remote=exclude`` if it has a place, by itself or among the words, and no ``remote``.

    Where the mode « à distance » is chosen, nothing is left out: nothing would remain.
    """
    if any(name == "remote" for name, _ in given):
        return given
    params = read(given)
    asks_for_them = params.remote != "include" or "remote" in params.chosen("mode")
    return (*given, EXCLUDED) if has_place(params) and not asks_for_them else given


def told_remote(params: SearchParams, given: Sequence[Pair]) -> Pairs:
    """Return the pair that addresses of these pages need beside those of the search: the default, where it is told."""
    return (INCLUDED,) if INCLUDED in given and has_place(params) else ()


def remote_chips(chips: Sequence[Chip], params: SearchParams, pairs: Pairs, path: str) -> tuple[Chip, ...]:
    """Return chips of which that of remote offers, beside a place, leads to all of them."""
    href = address(replaced(without(pairs, "page"), *INCLUDED), path)
    return tuple(
        replace(each, href=href) if each.kind == "À distance" and has_place(params) else each for each in chips
    )


def remote_field(field: SelectField, pairs: Sequence[Pair]) -> SelectField:
    """Return the choice of remote offers with one that depends on the place."""
    chosen = next((value for name, value in pairs if name == "remote"), "")
    listed = REMOTE_CHOICES if chosen in REMOTE_CHOICES else {**REMOTE_CHOICES, chosen: chosen}
    return replace(field, choices=tuple(Choice(value, text, value == chosen) for value, text in listed.items()))


def remote_notice(search: ResolvedSearch, pairs: Pairs, path: str) -> Notice | None:
    """Return what a place does to remote offers, None without a place or where only these are asked for."""
    if not has_place(search.params) or search.params.remote == "only":
        return None
    plain = without(pairs, "page")
    if search.params.remote == "exclude":
        href = address(replaced(plain, *INCLUDED), path)
        return Notice(HELD_HERE, Link("Compter aussi les offres à distance", href))
    return Notice(HELD_ANYWHERE, Link("Compter seulement celles sur place", address(replaced(plain, *EXCLUDED), path)))


def compared_notice(window: tuple[str, str] | None, today: date) -> Notice | None:
    """Return what the figures are compared with, and that a past period has lost sessions; None for no comparison."""
    if window is None:
        return None
    first, last = (date.fromisoformat(day) if day else None for day in window)
    if first and last:
        text = f"du {french_day(first)} au {french_day(last)}"
    else:
        text = f"à partir du {french_day(first)}" if first else f"jusqu’au {french_day(last)}" if last else ""
    if first and first >= today:
        return Notice(f"Comparé à la période {text}.")
    return Notice(
        typeset(
            f"Comparé à la période {text}. Les sources retirent leurs sessions passées : un chiffre d’avant peut être"
            f" trop petit, et « avant : aucune offre » veut dire que {NOT_KEPT}."
        )
    )
