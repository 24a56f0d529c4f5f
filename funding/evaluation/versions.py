"""Which versions of a scheme can be in force, and what they say together."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from funding.facts.values import Days, Env, Kleene
from funding.rule.scheme import FOREVER, Scheme, Version

NO_RULE: Final = "Aucune règle lue n’est en vigueur à la date de cette session"
SOME_RULE: Final = "La date de la session n’est pas assez connue : aucune règle lue ne vaut pour toutes ces dates"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InForce:
    """The versions of which one is in force, and why they cannot say yes (``doubts``, one a version, empty if none).

    ``gap`` is the reason why perhaps none is in force, empty if one surely is.
    """

    versions: tuple[Version, ...]
    doubts: tuple[str, ...]
    gap: str

    def result(self, env: Env) -> Kleene:
        """Return what all versions agree on, unknown if they do not, or if perhaps none is in force."""
        if self.gap:
            return None
        results = {
            None if result and doubt else result
            for version, doubt in zip(self.versions, self.doubts, strict=True)
            for result in (version.when.result(env),)
        }
        return results.pop() if len(results) == 1 else None


def find_in_force(scheme: Scheme, starts: Days, on: date) -> InForce:
    """Return the versions that can be in force for a session that starts on one of these days.

    All versions of a scheme are chosen by the same day: the lint says so.
    """
    days = Days(on, on) if any(version.by == "day" for version in scheme.versions) else starts
    found = [each for each in scheme.versions if each.first <= (days.last or FOREVER) and days.first <= each.end]
    gap = "" if _covers(found, days) else SOME_RULE if found else NO_RULE
    return InForce(tuple(found), tuple(version.doubt(on) for version in found), gap)


def _covers(versions: list[Version], days: Days) -> bool:
    """Tell whether a version is in force on each of some days."""
    day = days.first
    for version in sorted(versions, key=lambda each: each.first):
        if version.first > day:
            return False
        if version.end >= (days.last or FOREVER):
            return True
        day = max(day, version.end + _DAY)
    return False
