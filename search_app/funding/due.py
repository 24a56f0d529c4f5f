"""What of each scheme must be verified soon, in French."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from funding import Book
from funding.evaluation.due import Due, Reason, find_due
from search_app.text.dates import french_day

WORDS: Final[Mapping[Reason, str]] = {
    "unread": "Un texte change à cette date et n’a pas été lu",
    "sources": "Les sources sont à relire avant cette date",
    "version_ends": "La dernière règle lue se termine à cette date",
    "figure_ends": "Le dernier montant connu se termine à cette date",
}


class DueView(Struct):
    """One thing to be verified by a day; ``figure`` is the name of an amount, null if it is about the rule itself."""

    text: str
    by: date
    overdue: bool
    figure: str | None


def due_by_scheme(book: Book, on: date) -> Mapping[str, list[DueView]]:
    """Return what is due on a day by scheme, with the amounts that it uses, the earliest first."""
    rows = list(find_due(book, on))
    found: defaultdict[str, list[DueView]] = defaultdict(list)
    for scheme in book.schemes:
        names = {scheme.id, *(use.amount for use in scheme.amounts())}
        found[scheme.id] = sorted((_view(row, book, on) for row in rows if row.name in names), key=lambda row: row.by)
    return found


def _view(due: Due, book: Book, on: date) -> DueView:
    text = f"{WORDS[due.reason]} ({french_day(due.by)})"
    figures = book.amounts.get(due.name)
    if figures:
        text = f"{text} : {figures[-1].label}"
    return DueView(text, due.by, due.by < on, due.name if figures else None)
