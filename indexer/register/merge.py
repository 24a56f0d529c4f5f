"""All rows of one body become one set of facts."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from indexer.census.facts import ListFacts, SiteFacts
from mappings.census.provider import CERTIFIED, Certified, LegalState

Value = TypeVar("Value")


def merge_rows(rows: Sequence[ListFacts]) -> ListFacts:
    """Return what the rows of a body say together.

    It is certified if one row says so, ceased if all do; the figures are those of the newest declaration. The first
    name stands, others are further legal names.
    """
    newest = max(rows, key=lambda row: (row.declared_at or "", row.year_end or "", row.trainees or 0))
    legal = once(row.legal_name for row in rows if row.legal_name)
    ndas = once(nda for row in rows for nda in row.ndas)
    return ListFacts(
        legal_name=legal[0] if legal else None,
        names=once([*(("legal", name) for name in legal[1:]), *(named for row in rows for named in row.names)]),
        ndas=ndas,
        former_ndas=once(nda for row in rows for nda in row.former_ndas if nda not in ndas),
        qualiopi=_certified(rows),
        state=_state(rows),
        natural=next((row.natural for row in rows if row.natural is not None), None),
        trainees=newest.trainees,
        trainees_for_others=newest.trainees_for_others,
        trainers=newest.trainers,
        year_end=newest.year_end,
        declared_at=newest.declared_at,
        specialities=newest.specialities,
        sites=_sites(rows),
    )


def once(values: Iterable[Value]) -> list[Value]:
    """Return the values in their order, each once."""
    return list(dict.fromkeys(values))


def _certified(rows: Iterable[ListFacts]) -> list[Certified] | None:
    told = [row.qualiopi for row in rows if row.qualiopi is not None]
    return [code for code in CERTIFIED if any(code in each for each in told)] if told else None


def _state(rows: Iterable[ListFacts]) -> LegalState | None:
    told = {row.state for row in rows if row.state}
    return None if not told else "active" if "active" in told else "ceased"


def _sites(rows: Iterable[ListFacts]) -> list[SiteFacts]:
    """Return each SIRET once; of several rows the first that says most."""
    found: dict[str, SiteFacts] = {}
    for row in rows:
        for site in row.sites:
            found.setdefault(site.siret, site)
    return list(found.values())
