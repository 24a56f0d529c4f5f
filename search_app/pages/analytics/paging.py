"""Links to the other pages of rows."""

from search_app.pages.search.paging import PageLink, Paging
from search_app.search.links import Pairs, address, without


def build_pages(page: int, pages: int, pairs: Pairs, path: str) -> Paging | None:
    """Return the links to all pages, None for a single one or beyond the last."""
    if pages < 2 or page > pages:
        return None
    plain = without(pairs, "page")

    def at(number: int) -> str:
        return address(plain if number == 1 else (*plain, ("page", str(number))), path)

    links: list[PageLink] = []
    for number in sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)}):
        if links and links[-1].number is not None and number > links[-1].number + 1:
            links.append(PageLink(None, ""))
        links.append(PageLink(number, at(number), number == page))
    previous, following = at(page - 1) if page > 1 else None, at(page + 1) if page < pages else None
    return Paging(page, pages, previous, following, tuple(links), cut=False)
