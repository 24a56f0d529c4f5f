"""The block « S’informer »: some documents that share codes with the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.documents.answer import DocumentView
from search_app.documents.labels import PATH
from search_app.documents.related import NEARER, WORTH, SharedCodes
from search_app.pages.documents.card import DocumentCard, to_document_card
from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address

SHEETS: Final = ("documents.css",)  # of a page with the block
MOST_SEARCHED: Final = 10  # codes of one kind in an address
SEARCHED: Final = {"formacode": "domain"}  # the parameter of a kind of codes that is called otherwise


@dataclass(frozen=True, slots=True)
class InformBlock:
    """The best documents, and the search of all that have the page's codes."""

    cards: tuple[DocumentCard, ...]
    every: Link


def own_search(codes: SharedCodes) -> Pairs:
    """Return the search of documents with the most specific codes of a page, all documents without any."""
    found = next((name for name in (*WORTH, *NEARER) if codes.codes(name)), "")
    return tuple((SEARCHED.get(found, found), code) for code in codes.codes(found)[:MOST_SEARCHED]) if found else ()


def build_block(found: Sequence[DocumentView], pairs: Pairs = ()) -> InformBlock | None:
    """Return the block, None without documents; ``pairs`` are the page's own search of documents."""
    if not found:
        return None
    return InformBlock(
        tuple(map(to_document_card, found)), Link("Chercher dans tous les documents", address(pairs, PATH))
    )
