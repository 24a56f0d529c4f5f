"""The links to who pays for one's own situation."""

from typing import Final

from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address
from search_app.search.reference_data import Snapshot
from search_app.text import wording

SCRIPT: Final = "situation.js"  # of pages with questions about a situation
SHEET: Final = "situation.css"
SESSION: Final = "session"  # parameter and field
WHO_PAYS: Final = wording.typeset("Qui paie pour moi ?")


def funding_path(key: str, picked: Pairs = (), session: str = "") -> str:
    """Return the address of the page on an offer's funding; ``picked`` is the reader's selection, ``session`` the key
    of the session to judge, empty for the first that is open and not full.
    """
    chosen = ((SESSION, session),) if session else ()
    return address((*chosen, *picked), f"/offres/{key}/financement")


def funding_link(key: str, snapshot: Snapshot, picked: Pairs = ()) -> Link | None:
    """Return the link to that page, None where no rules are stored."""
    return Link(WHO_PAYS, funding_path(key, picked)) if snapshot.funding.book.schemes else None
