"""Links of the search's own parts, chips and notes, to the same search in the query module."""

from collections.abc import Iterable
from dataclasses import replace

from search_app.pages.search.chips import Chip
from search_app.pages.search.understood_note import UnderstoodNote
from search_app.pages.shared.layout import Link
from search_app.search.links import SEARCH


def moved(href: str, path: str) -> str:
    """Return the address of a search as that of another page with the same parameters.

    >>> moved("/offres?q=a", "/pilotage"), moved("/offres", "/pilotage"), moved("/aide", "/pilotage")
    ('/pilotage?q=a', '/pilotage', '/aide')
    """
    head, mark, query = href.partition("?")
    return f"{path}{mark}{query}" if head == SEARCH else href


def moved_chips(chips: Iterable[Chip], path: str) -> tuple[Chip, ...]:
    """Return chips that lead to this page."""
    return tuple(replace(chip, href=moved(chip.href, path)) for chip in chips)


def moved_note(note: UnderstoodNote | None, path: str) -> UnderstoodNote | None:
    """Return the note on the words with links that lead to this page."""
    if note is None:
        return None
    return replace(
        note,
        as_typed=_moved(note.as_typed, path),
        certification=_moved(note.certification, path),
        without_filters=_moved(note.without_filters, path),
        without_also=_moved(note.without_also, path),
        other_places=tuple(Link(link.text, moved(link.href, path)) for link in note.other_places),
    )


def _moved(link: Link | None, path: str) -> Link | None:
    return None if link is None else Link(link.text, moved(link.href, path))
