"""Paging by path: `/page/2` after the address of a list. Every page links to every other, so that each is near."""

import re
from dataclasses import dataclass
from typing import Final

from search_app.base.errors import NotFound
from search_app.pages.subjects.subjects import Subject
from search_app.search.params.table import DEEPEST_RESULT

PER_PAGE: Final = 50
MOST_PAGES: Final = DEEPEST_RESULT // PER_PAGE
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class NumberLink:
    """One page of the list."""

    number: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PathPaging:
    """Neighbours and all pages; ``cut``: there are more offers than pages."""

    previous: str | None
    following: str | None
    links: tuple[NumberLink, ...]
    cut: bool


def read_number(text: str) -> int:
    """Return the number of a page; raises NotFound.

    >>> read_number("2")
    2
    """
    if not _NUMBER.fullmatch(text) or int(text) > MOST_PAGES:
        raise NotFound("Cette page de la liste n’existe pas.")
    return int(text)


def pages_of(total: int) -> int:
    """Return how many pages a list has, at least one.

    >>> pages_of(0), pages_of(50), pages_of(51), pages_of(1_000_000)
    (1, 1, 2, 200)
    """
    return max(1, min(-(-total // PER_PAGE), MOST_PAGES))


def build_paging(subject: Subject, page: int, total: int) -> PathPaging | None:
    """Return the paging of a list, None for a single page."""
    pages = pages_of(total)
    if pages == 1:
        return None
    return PathPaging(
        previous=subject.page(page - 1) if page > 1 else None,
        following=subject.page(page + 1) if page < pages else None,
        links=tuple(NumberLink(number, subject.page(number), number == page) for number in range(1, pages + 1)),
        cut=total > DEEPEST_RESULT,
    )
