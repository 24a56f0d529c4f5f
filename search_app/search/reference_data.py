"""Reference data, lexicon, rules and state of the sources, in memory and read again when they change."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final

from funding import DOCUMENT as FUNDING
from funding import StoredFunding, unpack_funding
from language.lexicon import Lexicon, unpack_lexicon
from language.meaning import MeaningVotes, load_encoder, read_votes
from mappings.columns.funding_set import FACTS
from mappings.reference import Reference, build_reference
from mappings.session_index import FIRST
from search_app.base.background import OnDemandTask, TaskHealth
from search_app.base.deadline import seconds_left
from search_app.base.errors import EngineUnavailable
from search_app.search.engine.offers import OffersEngine
from search_app.search.facets import FACETS, UNTOLD, Facet
from search_app.search.facets.values import UNKNOWN
from search_app.search.funding.fact_sets import MOST_SETS, FactSets
from search_app.search.funding.moments import read_earliest
from search_app.search.places.build import build_place_finder
from search_app.search.places.finder import PlaceFinder
from search_app.search.places.suggestions import PlaceSuggester
from search_app.search.results import SourceState
from search_app.search.suggest import Suggester
from search_app.search.understand import Understander
from synonyms import DOCUMENT as RULES
from synonyms import Rule, unpack_rules

logger = logging.getLogger(__name__)
RETRY_SECONDS: Final = 0.2  # delay after a failed attempt, so that labels are available soon after the engine is
NOT_READ: Final = "Le moteur de recherche n’a pas encore répondu. Réessayez dans un instant."


@dataclass(frozen=True)
class Snapshot:
    """The reference data of one moment; ``funding`` is an empty book while no funding rules are stored.

    ``fact_sets`` and ``earliest``, a day before which no session starts, are those of the offers: another program may
    be writing others.
    ``version`` changes with every load, swap of the index, and change of tables or rules: whatever is computed from the
    catalogue and kept is kept under it. Figures of seats do not change it.
    """

    reference: Reference = field(default_factory=Reference)
    places: PlaceFinder = field(default_factory=PlaceFinder)
    sources: tuple[dict[str, Any], ...] = ()
    understander: Understander = field(default_factory=lambda: Understander(Lexicon()))
    suggester: Suggester = field(default_factory=Suggester)
    place_suggester: PlaceSuggester = field(default_factory=lambda: PlaceSuggester(PlaceFinder()))
    funding: StoredFunding = field(default_factory=StoredFunding)
    fact_sets: FactSets = field(default_factory=FactSets)
    earliest: date = FIRST
    version: str = ""

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the tables of French labels, by the facet of their values."""
        return {facet.param: _labels(facet, self.reference) for facet in FACETS}

    @cached_property
    def _certifications(self) -> Mapping[str, str]:
        rows = self.understander.lexicon.certifications
        return {code: label for kind, code, label, _ in reversed(rows) if kind == "rncp"}

    def certification(self, code: str) -> str | None:
        """Return the label of the certification with an RNCP code, None if no offer leads to it."""
        return self._certifications.get(code)

    def label(self, kind: str, code: str) -> str:
        """Return the French label of a code in the table ``kind``, or words for an unknown one."""
        return self.labels[kind].get(code) or unknown_label(kind, code)


def _labels(facet: Facet, reference: Reference) -> Mapping[str, str]:
    known = facet.values.known_labels(reference)
    return {**known, UNTOLD: facet.untold} if facet.untold else known


_OTHER_LABELS: Final = {facet.param: facet.values.other_label for facet in FACETS}


def unknown_label(kind: str, code: str) -> str:
    """Return the words for a code without label in the table ``kind``."""
    return _OTHER_LABELS[kind](code) if kind in _OTHER_LABELS else UNKNOWN.format(code)


class ReferenceData:
    """Keeps a snapshot; ``current`` never waits, a refresh that is due runs in the background."""

    def __init__(self, engine: OffersEngine, refresh_seconds: float, stale_after_days: int) -> None:
        self._engine = engine
        self._refresh_seconds = refresh_seconds
        self._stale_after_days = stale_after_days
        self._snapshot = _with_tables(Snapshot(), [])
        self._versions: dict[str, str] = {}
        self._lexicon = Lexicon()
        self._meaning: MeaningVotes | None = None
        self._lexicon_version = ""
        self._rules: tuple[Rule, ...] = ()
        self._rules_version = ""
        self._funding = StoredFunding()
        self._funding_version = ""
        self._fact_sets = FactSets()
        self._read_at = float("-inf")
        self.rereading = OnDemandTask(TaskHealth("directory", "labels and sources could not be reread"), self.refresh)
        self._answered_at: datetime | None = None
        self._failed = False

    @property
    def known_since(self) -> datetime | None:
        """Return when the engine last answered, if it does not answer now; None while it does, or if it never did."""
        return self._answered_at if self._failed else None

    def current(self) -> Snapshot:
        """Return the newest snapshot, and start a refresh if it is older than the configured time."""
        pause = min(RETRY_SECONDS, self._refresh_seconds) if self._failed else self._refresh_seconds
        if time.monotonic() - self._read_at > pause and not self.rereading.is_under_way:
            self.rereading.start()
        return self._snapshot

    def known(self) -> Snapshot:
        """Return the newest snapshot; raises EngineUnavailable if there is none yet: unknown differs from empty."""
        snapshot = self.current()
        if self._answered_at is None:
            raise EngineUnavailable(NOT_READ)
        return snapshot

    async def refresh(self) -> None:
        """Read the state of the sources, and the tables that changed; raises AppError."""
        self._read_at = time.monotonic()
        try:
            await self._reread()
        except Exception:
            self._failed = True
            raise
        finally:
            self._read_at = time.monotonic()  # at the end, so that a hanging engine is not queried continuously
        self._answered_at, self._failed = datetime.now(UTC), False

    async def _reread(self) -> None:
        sources = tuple(sorted(await self._engine.get_sources(), key=lambda source: str(source["name"])))
        versions = {row["name"]: row["version"] for row in await self._engine.get_tables()}
        other_tables = versions != self._versions
        tables = await self._engine.get_tables(list(versions)) if other_tables else []
        other_lexicon, other_rules = await self._reread_words()
        await self._reread_funding()
        facts = await self._engine.get_terms(FACTS, MOST_SETS)
        if facts != self._fact_sets.terms:
            self._fact_sets = FactSets(facts)
        earliest = await read_earliest(self._funding.book, self._engine.count_by)
        snapshot = replace(self._snapshot, sources=sources, funding=self._funding, fact_sets=self._fact_sets)
        if other_tables:
            snapshot = await asyncio.to_thread(_with_tables, snapshot, tables)
        if other_tables or other_lexicon:
            snapshot = await asyncio.to_thread(_with_words, snapshot, self._lexicon, self._rules, self._meaning)
        elif other_rules:
            understander = await asyncio.to_thread(snapshot.understander.with_rules, self._rules)
            suggester = snapshot.suggester.with_book(understander.book)
            snapshot = replace(snapshot, understander=understander, suggester=suggester)
        words = self._lexicon_version, self._rules_version, self._funding_version
        version = repr((sources, sorted(versions.items()), *words))
        self._snapshot, self._versions = replace(snapshot, version=version, earliest=earliest), versions

    async def _reread_words(self) -> tuple[bool, bool]:
        """Read lexicon and rules if they changed; return for each whether it did."""
        lexicon = await self._engine.get_lexicon(self._lexicon_version)
        rules = await self._engine.get_rules(RULES, self._rules_version)
        if lexicon is not None:
            self._lexicon, self._meaning = await asyncio.to_thread(_read_lexicon, lexicon)
            self._lexicon_version = lexicon["version"]
        if rules is not None:
            self._rules, self._rules_version = _readable(rules, self._rules), rules["version"]
        return lexicon is not None, rules is not None

    async def _reread_funding(self) -> None:
        stored = await self._engine.get_rules(FUNDING, self._funding_version)
        if stored is not None:
            self._funding = await asyncio.to_thread(_readable_funding, stored, self._funding)
            self._funding_version = stored["version"]

    async def refresh_if_due(self) -> None:
        """Wait for the refresh that is due or running, if any; its failure shows in ``known_since``."""
        self.current()
        if self.rereading.task is not None:
            await asyncio.wait({self.rereading.task}, timeout=seconds_left(self._engine.timeout))

    async def close(self) -> None:
        """Cancel a running refresh."""
        await self.rereading.close()

    def source_states(self, today: date) -> list[SourceState]:
        """Return the freshness of each source on this day."""
        return [self._state(source, today) for source in self.current().sources]

    def _state(self, source: dict[str, Any], today: date) -> SourceState:
        loaded_at = str(source["loaded_at"])
        age = max(0, (today - date.fromisoformat(loaded_at[:10])).days)
        return SourceState(source["name"], loaded_at, int(source.get("offers") or 0), age, age > self._stale_after_days)


def _with_tables(snapshot: Snapshot, tables: Iterable[Mapping[str, Any]]) -> Snapshot:
    reference = build_reference(tables)
    places = build_place_finder(reference)
    return replace(snapshot, reference=reference, places=places, place_suggester=PlaceSuggester(places))


def _read_lexicon(stored: Mapping[str, Any]) -> tuple[Lexicon, MeaningVotes | None]:
    """Return a stored lexicon, and separately what it knows of meaning, which is large in its stored form."""
    lexicon = unpack_lexicon(stored)
    meaning = read_votes(lexicon.meaning, lexicon.job_titles, load_encoder()) if lexicon.meaning else None
    return replace(lexicon, meaning={}), meaning


def _with_words(
    snapshot: Snapshot, lexicon: Lexicon, rules: tuple[Rule, ...], meaning: MeaningVotes | None
) -> Snapshot:
    """Return the snapshot with everything derived from lexicon and rules, and from its labels and places."""
    understander = Understander(lexicon, snapshot.places, rules, meaning)
    return replace(
        snapshot, understander=understander, suggester=Suggester(lexicon, snapshot.reference, understander.book)
    )


def _readable(stored: Mapping[str, Any], known: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return stored rules; the previous ones if another version of the indexer wrote them in another form."""
    try:
        return unpack_rules(stored).rules
    except ValueError as error:
        logger.warning("%s: python -m indexer synonyms stores them anew", error)
        return known


def _readable_funding(stored: Mapping[str, Any], known: StoredFunding) -> StoredFunding:
    """Return stored funding rules; the previous ones if they are damaged or of another version of the indexer."""
    try:
        return unpack_funding(stored)
    except ValueError as error:
        logger.warning("%s: python -m indexer funding stores them anew", error)
        return known
