"""Links to the other pages of a list of results."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from search_app.pages.shared.layout import Link
from search_app.search.links import SEARCH, Pairs, address
from search_app.search.results import SearchResults


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page; ``number`` is None for a gap."""

    number: int | None
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """Neighbours and numbered pages; ``cut``: there are more results than pages."""

    page: int
    pages: int
    previous: str | None
    following: str | None
    links: tuple[PageLink, ...]
    cut: bool


class Listed(Protocol):
    """One page of a list: how many results there are, on how many pages of what size."""

    @property
    def total(self) -> int:
        """Return the number of results."""
        ...

    @property
    def page(self) -> int:
        """Return the number of this page."""
        ...

    @property
    def pages(self) -> int:
        """Return the number of pages."""
        ...

    @property
    def size(self) -> int:
        """Return the most results of a page."""
        ...


def page_address(pairs: Pairs, page: int, path: str = SEARCH) -> str:
    """Return the address of one page of a list."""
    return address(pairs if page == 1 else (*pairs, ("page", str(page))), path)


def list_paging(results: Listed, pairs: Pairs, path: str) -> Paging | None:
    """Return the paging of a list, None for a single page or a page beyond the last."""
    cut = results.total > results.pages * results.size
    return numbered(results.page, results.pages, lambda number: page_address(pairs, number, path), cut=cut)


def to_last_page(results: Listed, pairs: Pairs, path: str = SEARCH) -> Link | None:
    """Return the link to the last page from one beyond it, None from any other."""
    if not results.total or results.page <= results.pages:
        return None
    return Link(f"Aller à la dernière page, la page {results.pages}", page_address(pairs, results.pages, path))


def build_paging(results: SearchResults, pairs: Pairs) -> Paging | None:
    """Return the paging of an answer, None for a single page or a page beyond the last."""
    total = results.total if results.trainings is None else results.trainings
    cut = total > results.pages * results.size
    return numbered(results.page, results.pages, lambda number: page_address(pairs, number), cut=cut)


def numbered(page: int, pages: int, address_of: Callable[[int], str], *, cut: bool) -> Paging | None:
    """Return the paging of a list with these pages, None for a single page or a page beyond the last."""
    if pages < 2 or page > pages:
        return None
    links: list[PageLink] = []
    for number in sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)}):
        if links and links[-1].number is not None and number > links[-1].number + 1:
            links.append(PageLink(None, ""))
        links.append(PageLink(number, address_of(number), number == page))
    return Paging(
        page=page,
        pages=pages,
        previous=address_of(page - 1) if page > 1 else None,
        following=address_of(page + 1) if page < pages else None,
        links=tuple(links),
        cut=cut,
    )
