"""From the facts of the edition before and the files of this one to the facts of now: who left, who lost what."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from indexer.census.facts import NO_FACTS, Facts, ListFacts
from indexer.register.report import RegisterReport
from indexer.register.spool import Spool


@dataclass(frozen=True, slots=True)
class Named:
    """Which of Sirene's files the command names; facts of the others stay as they were."""

    edition: str
    units: bool
    sites: bool


def next_facts(
    spool: Spool, before: Iterable[tuple[str, Facts]], named: Named, report: RegisterReport
) -> Iterator[tuple[str, Facts]]:
    """Yield the facts of every body by SIREN: of the files, or of an edition before. Both are sorted."""
    old = ((siren, facts) for siren, facts in before)
    fresh = ((siren, None) for siren in spool.every_siren())
    for siren, group in groupby(heapq.merge(old, fresh, key=lambda row: row[0]), key=lambda row: row[0]):
        was = next((facts for _, facts in group if facts is not None), NO_FACTS)
        listed = spool.listed(siren)
        facts = carry(was, listed, named.edition)
        if named.units:
            facts.unit, facts.unit_at = spool.unit(siren), named.edition
        if named.sites:
            facts.sites, facts.sites_at = spool.sites(siren), named.edition
        report.new += listed is not None and not was.listed
        report.left += was.listed and listed is None
        report.lost += facts.lost_at == named.edition != was.lost_at
        report.certified += bool(listed and listed.qualiopi)
        yield siren, facts


def carry(was: Facts, listed: ListFacts | None, edition: str) -> Facts:
    """Return the facts after an edition; Sirene's stay as they were.

    A body that leaves the list keeps what the last edition with it said. A certification is lost if one edition tells
    it and a later one tells that there is none; it is found again by any later one that tells it.
    """
    kept = Facts(unit=was.unit, unit_at=was.unit_at, sites=was.sites, sites_at=was.sites_at)
    if listed is None:
        kept.register, kept.listed_at, kept.lost_at = was.register, was.listed_at, was.lost_at
        kept.left_at = edition if was.listed else was.left_at
        return kept
    kept.register, kept.listed, kept.listed_at = listed, True, edition
    if not listed.qualiopi:
        told = listed.qualiopi is not None
        kept.lost_at = edition if told and was.register and was.register.qualiopi else was.lost_at
    return kept
