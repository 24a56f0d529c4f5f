"""Gaps between register and catalogue, by the definitions of docs/providers.md.

Each rule is a function of one body's Situation; the table ``RULES`` has them in the order in which pages show them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from indexer.census.bodies import Body
from indexer.census.facts import Facts
from mappings.census.provider import FactSource, GapCode, LegalState

MOST_DETAILS: Final = 100  # values that one gap names; nobody reads more


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one body: facts, its sites as (SIRET, listed, closed), and the catalogue's view.

    ``edition`` is the register's date; without one, no gap with the register can be told.
    """

    facts: Facts
    body: Body
    edition: str | None
    state: LegalState | None
    state_source: FactSource | None
    state_at: str | None
    listed_sirets: frozenset[str]
    closed_sirets: Mapping[str, tuple[FactSource, str | None]]  # SIRET -> who says that it is closed, and of when
    bearers: Mapping[str, int]  # folded name -> responsible bodies that the catalogue shows under it

    @property
    def is_listed(self) -> bool:
        """Whether the edition has the body."""
        return self.edition is not None and self.facts.listed

    @property
    def qualiopi(self) -> Sequence[str] | None:
        """The certified categories, None if they are not known."""
        return self.facts.register.qualiopi if self.is_listed and self.facts.register else None


@dataclass(frozen=True, slots=True)
class Finding:
    """That a rule holds: its values, who says so, and the date of it."""

    source: FactSource
    date: str | None
    detail: Sequence[str] = ()


Rule = Callable[[Situation], Finding | None]


def find_gaps(situation: Situation) -> list[dict[str, Any]]:
    """Return the gaps of a body as they are stored."""
    return list(_found(situation))


def _found(situation: Situation) -> Iterator[dict[str, Any]]:
    for code, rule in RULES.items():
        finding = rule(situation)
        if finding is not None:
            gap: dict[str, Any] = {"code": code, "source": finding.source}
            if finding.detail:
                gap["detail"] = list(finding.detail)[:MOST_DETAILS]
            if finding.date:
                gap["date"] = finding.date
            yield gap


def _not_listed(s: Situation) -> Finding | None:
    """Responsible for offers, and the edition does not have its SIREN."""
    if s.edition and not s.facts.listed and s.body.responsible:
        return Finding("list", s.edition)
    return None


def _ceased(s: Situation) -> Finding | None:
    """Responsible for offers, and ceased."""
    if s.state == "ceased" and s.body.responsible:
        return Finding(s.state_source or "list", s.state_at)
    return None


def _site_closed(s: Situation) -> Finding | None:
    """A SIRET under which it is responsible for offers is closed."""
    closed = sorted(s.body.sirets & s.closed_sirets.keys())
    if closed:
        source, day = s.closed_sirets[closed[0]]
        return Finding(source, day, closed)
    return None


def _site_unknown(s: Situation) -> Finding | None:
    """Its SIREN is listed, a SIRET under which it is responsible for offers is not."""
    unknown = sorted(s.body.sirets - s.listed_sirets)
    return Finding("list", s.edition, unknown) if s.is_listed and unknown else None


def _not_certified(s: Situation) -> Finding | None:
    """Listed, responsible for offers, and without any certification; unknown is not without."""
    return Finding("list", s.edition) if s.qualiopi == [] and s.body.responsible else None


def _certification_lost(s: Situation) -> Finding | None:
    """An edition certified it, a later one did not."""
    return Finding("list", s.facts.lost_at) if s.facts.lost_at else None


def _left_list(s: Situation) -> Finding | None:
    """An edition had it, a later one did not."""
    return Finding("list", s.facts.left_at) if s.facts.left_at else None


def _nda_differs(s: Situation) -> Finding | None:
    """The catalogue states a number that is neither a current nor a former one of the register."""
    if not s.is_listed or s.facts.register is None or not s.facts.register.ndas:
        return None
    known = {*s.facts.register.ndas, *s.facts.register.former_ndas}
    other = sorted(s.body.ndas - known)
    return Finding("list", s.edition, other) if other else None


def _nda_former(s: Situation) -> Finding | None:
    """The catalogue states a number that the register has as a former one."""
    if not s.is_listed or s.facts.register is None:
        return None
    former = sorted(s.body.ndas & {*s.facts.register.former_ndas} - {*s.facts.register.ndas})
    return Finding("list", s.edition, former) if former else None


def _several_names(s: Situation) -> Finding | None:
    """The catalogue shows the responsible body under several names that differ when folded."""
    return Finding("catalogue", None, sorted(s.body.names)) if len(s.body.folded_names) > 1 else None


def _shared_name(s: Situation) -> Finding | None:
    """The catalogue shows another responsible body under the same name."""
    shared = sorted(name for name in s.body.folded_names if s.bearers.get(name, 0) > 1)
    return Finding("catalogue", None, shared) if shared else None


def _no_name(s: Situation) -> Finding | None:
    """Responsible for offers, and the catalogue tells no name of it."""
    return Finding("catalogue", None) if s.body.responsible and not s.body.folded_names else None


def _no_offer(s: Situation) -> Finding | None:
    """Listed, not ceased, and neither responsible for an offer nor delivering one."""
    is_named = s.body.responsible or s.body.trainer
    return Finding("list", s.edition) if s.is_listed and s.state != "ceased" and not is_named else None


def _delivers_only(s: Situation) -> Finding | None:
    """Delivers offers and is responsible for none."""
    return Finding("catalogue", None) if s.body.trainer and not s.body.responsible else None


RULES: Final[Mapping[GapCode, Rule]] = {
    "not-listed": _not_listed,
    "ceased": _ceased,
    "site-closed": _site_closed,
    "site-unknown": _site_unknown,
    "not-certified": _not_certified,
    "certification-lost": _certification_lost,
    "left-list": _left_list,
    "nda-differs": _nda_differs,
    "nda-former": _nda_former,
    "several-names": _several_names,
    "shared-name": _shared_name,
    "no-name": _no_name,
    "no-offer": _no_offer,
    "delivers-only": _delivers_only,
}
# Offers whose responsible body has no SIREN belong to no document: the search shows them (`provider=unknown`).
WITHOUT_DOCUMENT: Final[GapCode] = "no-siren"
