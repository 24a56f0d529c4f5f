"""Names of indices and aliases; each starts with the installation's prefix."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IndexNames:
    """Index and alias names of one installation."""

    prefix: str

    @property
    def offers(self) -> str:
        """Alias that searches read and loads write; it points to exactly one offers index."""
        return f"{self.prefix}offers"

    @property
    def previous_offers(self) -> str:
        """Alias of the offers index that was live before the last rebuild or rollback: the target of ``rollback``."""
        return f"{self.prefix}previous-offers"

    def offers_index(self, stamp: str) -> str:
        """Name of a concrete offers index, e.g. ``boussole-offers-20261123t101500``."""
        return f"{self.prefix}offers-{stamp}"

    @property
    def ledger(self) -> str:
        """Index of seat statements, one document per (session, funder)."""
        return f"{self.prefix}seats"

    def seats_history(self, received_at: str) -> str:
        """Index of the statements received in the week of an ISO timestamp, e.g. ``boussole-seats-history-2026w48``."""
        year, week, _ = date.fromisoformat(received_at[:10]).isocalendar()
        return f"{self.prefix}seats-history-{year}w{week:02}"

    @property
    def seats_histories(self) -> str:
        """Index pattern of all weeks of the statement history."""
        return f"{self.prefix}seats-history-*"

    @property
    def reference(self) -> str:
        """Index of code tables and places, one document per table."""
        return f"{self.prefix}reference"

    @property
    def lexicon(self) -> str:
        """Index of lexicons, one document per offers index, under the name of that index."""
        return f"{self.prefix}lexicon"

    @property
    def sources(self) -> str:
        """Index of sources, one document per source: when it was loaded and what."""
        return f"{self.prefix}sources"

    @property
    def gone(self) -> str:
        """Index of removed offers, one document per offer, under its key."""
        return f"{self.prefix}gone"

    @property
    def locks(self) -> str:
        """Index of locks, one document per lock: which process loads or rebuilds."""
        return f"{self.prefix}locks"

    @property
    def providers(self) -> str:
        """Alias of the census of providers, one document per SIREN; missing until offers or a register are loaded."""
        return f"{self.prefix}providers"

    def providers_index(self, stamp: str) -> str:
        """Name of a concrete index of the census."""
        return f"{self.prefix}providers-{stamp}"

    @property
    def analytics_history(self) -> str:
        """Index of the measures kept of each day, one document per day and place; not the history of statements."""
        return f"{self.prefix}analytics-history"

    @property
    def editions(self) -> str:
        """Index of the editions of the register that were loaded, one document per edition."""
        return f"{self.prefix}editions"

    @property
    def documents(self) -> str:
        """Index of documents, one per text, tombstones included; missing until a source was harvested."""
        return f"{self.prefix}documents"

    @property
    def alerts(self) -> str:
        """Index of alerts by mail, which no rebuild touches: their only copy."""
        return f"{self.prefix}alerts"

    @property
    def document_records(self) -> str:
        """Index of what sources say of texts, one document per record: documents are made of them."""
        return f"{self.prefix}document-records"

    @property
    def harvests(self) -> str:
        """Index of harvested sources, one document per source and scope: where the next harvest begins."""
        return f"{self.prefix}harvests"
