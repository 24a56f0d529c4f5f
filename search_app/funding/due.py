"""What of each scheme must be verified soon, in French."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from funding import Book
from funding.evaluation.due import Due, Reason, find_due
from search_app.text.dates import french_day

WORDS: Final[Mapping[Reason, tuple[str, str]]] = {  # to come, and past
    "unread": ("Un texte change le {} et n’a pas été lu", "Un texte a changé le {} et n’a pas été lu"),
    "sources": ("Sources à relire avant le {}", "Sources à relire depuis le {}"),
    "version_ends": ("La dernière règle lue se termine le {}", "La dernière règle lue s’est terminée le {}"),
    "figure_ends": ("Le dernier montant connu se termine le {}", "Le dernier montant connu s’est terminé le {}"),
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
    to_come, past = WORDS[due.reason]
    overdue = due.by < on
    text = (past if overdue else to_come).format(french_day(due.by))
    figures = book.amounts.get(due.name)
    if figures:
        text = f"{text} : {figures[-1].label}"
    return DueView(text, due.by, overdue, due.name if figures else None)
