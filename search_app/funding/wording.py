"""French words for the codes of a sheet."""

from collections.abc import Mapping
from typing import Final, Literal

from funding.rule.scheme import Covers, Pays, Role
from search_app.funding.changes import Kind
from search_app.funding.views import DeadlineView, State
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
ROLES: Final[Mapping[Role, str]] = {"cap": "plafond", "share": "à votre charge", "pays": "versé"}
CHANGES: Final[Mapping[Kind, str]] = {
    "read": "sources lues",
    "begins": "une règle commence",
    "ends": "une règle se termine",
    "overdue": "sources à relire",
    "figure_begins": "un montant commence",
    "figure_ends": "un montant se termine",
}


def deadline_text(deadline: DeadlineView) -> str:
    """Return a deadline as a sentence without its final point.

    >>> deadline_text(DeadlineView("Dossier", 60, 120, None)).replace(wording.NBSP, " ")
    'Dossier : au moins 60 jours avant le début, 120 jours si l’absence dure six mois ou plus'
    """
    days = wording.counted(deadline.days, "jour", "jours")
    text = f"au moins {days} avant le début" if deadline.days else "avant le début"
    if deadline.long_absence_days:
        longer = wording.counted(deadline.long_absence_days, "jour", "jours")
        text += f", {longer} si l’absence dure six mois ou plus"
    if deadline.opens_days:
        text += f", pas plus de {wording.counted(deadline.opens_days, 'jour', 'jours')} avant"
    return wording.typeset(f"{deadline.what} : {text}")
