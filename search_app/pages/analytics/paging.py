"""Links to the other pages of rows."""

from search_app.pages.search.paging import Paging, numbered
from search_app.search.links import Pairs, address, without


def build_pages(page: int, pages: int, pairs: Pairs, path: str) -> Paging | None:
    """Return the links to all pages, None for a single one or beyond the last."""
    plain = without(pairs, "page")

    def at(number: int) -> str:
        return address(plain if number == 1 else (*plain, ("page", str(number))), path)

    return numbered(page, pages, at, cut=False)
