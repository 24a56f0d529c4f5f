"""French words for the codes of a sheet."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from funding.rule.scheme import Covers, Pays, Role
from search_app.funding.changes import Kind
from search_app.funding.views import DeadlineView, SchemeView, State, Territory
from search_app.text import wording

PAYS: Final[Mapping[Pays, str]] = {"fees": "frais de formation", "income": "revenu", "aid": "aide"}
COVERS: Final[Mapping[Covers, str]] = {
    "full": "en totalité",
    "capped": "dans la limite de droits et de plafonds",
    "part": "en partie",
    "complement": "en complément, en dernier recours",
}
KINDS: Final[Mapping[Literal["verdict", "income"], str]] = {"verdict": "financement", "income": "revenu ou aide"}
STATES: Final[Mapping[State, str]] = {
    "in_force": "règle en vigueur",
    "to_verify": "sources à relire",
    "unread": "texte à lire",
    "not_yet": "pas encore en vigueur",
    "ended": "plus de règle connue",
    "sheet": "fiche sans règle",
}
VERSION_STATES: Final[Mapping[State, str]] = {**STATES, "ended": "terminée"}
ROLES: Final[Mapping[Role, str]] = {"cap": "plafond", "share": "à votre charge", "pays": "versé"}
TERRITORIES: Final[Mapping[Territory, str]] = {
    "national": "",
    "region": "un par région",
    "department": "un par département",
    "town": "",
}
CHANGES: Final[Mapping[Kind, str]] = {
    "read": "sources lues",
    "begins": "une règle commence",
    "ends": "une règle se termine",
    "overdue": "sources à relire",
    "figure_begins": "un montant commence",
    "figure_ends": "un montant se termine",
}


_ARTICLE: Final = re.compile(r"(?<=\b[LRD]\.) (?=\d)")


def pays_text(scheme: SchemeView) -> str:
    """Return what a scheme pays: the fees with how much of them, an income, an aid."""
    parts = [f"{PAYS[each]} {COVERS[scheme.covers]}" if each == "fees" else PAYS[each] for each in scheme.pays]
    return " ; ".join(parts)


def deadline_text(deadline: DeadlineView) -> str:
    """Return a deadline as a sentence without its final point.

    >>> deadline_text(DeadlineView("Dossier", 60, 120, None)).replace(wording.NBSP, " ")
    'Dossier : au moins 60 jours avant le début, 120 jours si l’absence dure six mois ou plus'
    """
    opens = wording.counted(deadline.opens_days or 0, "jour", "jours")
    if not deadline.days:
        when = f"dans les {opens} avant le début" if deadline.opens_days else "avant le début"
    else:
        when = f"au moins {wording.counted(deadline.days, 'jour', 'jours')} avant le début"
        when += f" et pas plus de {opens} avant" if deadline.opens_days else ""
    if deadline.long_absence_days:
        longer = wording.counted(deadline.long_absence_days, "jour", "jours")
        when += f", {longer} si l’absence dure six mois ou plus"
    return wording.typeset(f"{deadline.what} : {when}")


def article_text(text: str) -> str:
    """Return the name of a source with its articles on one line.

    >>> article_text("Code du travail, L. 6323-4") == "Code du travail, L." + wording.NBSP + "6323-4"
    True
    """
    return wording.typeset(_ARTICLE.sub(wording.NBSP, text))
