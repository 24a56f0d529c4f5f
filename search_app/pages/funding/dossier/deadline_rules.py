"""The deadlines of a scheme in words, for sessions whose first day is not known."""

from collections.abc import Iterator
from datetime import date

from funding.evaluation.versions import find_in_force
from funding.facts.values import Days
from funding.rule.scheme import Deadline, Scheme


def rules_of(scheme: Scheme, starts: Days, on: date) -> tuple[str, ...]:
    """Return the rule of each step of a verdict, in the order of its deadlines; none where no version is in force."""
    versions = find_in_force(scheme, starts, on).versions
    return tuple(rule for each in versions[0].deadlines for rule in _rules(each)) if versions else ()


def _rules(deadline: Deadline) -> Iterator[str]:
    """Yield from when on something can be done, if that is limited, and by when.

    >>> [*_rules(Deadline("Demande", 60, long_absence_days=120))]
    ['60 jours (120 si l’absence dure six mois ou plus) avant l’entrée']
    >>> [*_rules(Deadline("Dossier", 0, opens_days=30))]
    ['À partir de 30 jours avant l’entrée', '']
    >>> [*_rules(Deadline("Dossier", 0))]
    ['Avant l’entrée']
    """
    if deadline.opens_days is not None:
        yield f"À partir de {deadline.opens_days} jours avant l’entrée"
    if not deadline.days:
        yield "Avant l’entrée" if deadline.opens_days is None else ""
        return
    longer = deadline.long_absence_days
    yield f"{deadline.days} jours{f' ({longer} si l’absence dure six mois ou plus)' if longer else ''} avant l’entrée"
