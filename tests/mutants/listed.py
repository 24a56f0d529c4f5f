"""Mutants that unit tests must kill: each one has caused, or would cause, a wrong answer without any error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.mutants.generate import Mutant


@dataclass(frozen=True)
class Listed:
    """``before`` stands once in the modules under ``where``, ``after`` takes its place; ``why`` is what goes wrong."""

    where: str
    before: str
    after: str
    why: str

    def find(self, root: Path) -> Mutant:
        """Return the mutant; raises LookupError unless the text stands exactly once."""
        found = list(self._places(root))
        if len(found) != 1:
            raise LookupError(f"{self.before!r} stands {len(found)} times under {self.where}")
        path, start = found[0]
        return Mutant(path.relative_to(root).as_posix(), start, start + len(self.before), self.after, self.why)

    def _places(self, root: Path) -> Iterator[tuple[Path, int]]:
        top = root / self.where
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            start = source.find(self.before)
            while start >= 0:
                yield path, start
                start = source.find(self.before, start + 1)


QUERY: Final = "search_app/search/query"
LISTED: Final = (
    Listed(QUERY, '{"range": {field: {"lte": most}}}', '{"range": {field: {"gte": most}}}',
           "a longest duration, a highest price and the level that somebody has find only what is beyond them"),
    Listed(QUERY, '_at_most("hours")', '_at_most("price")', "a longest duration is compared with the price"),
    Listed(QUERY, '_at_most("entry_level_required")', '_at_most("hours")',
           "offers that demand more than somebody has are found"),
    Listed("mappings/codes.py", 'FREE_FUNDERS: Final = ("2", "3",', 'FREE_FUNDERS: Final = ("2", "5",',
           "an offer that an enterprise pays is called free for a job seeker"),
    Listed(QUERY, '[{"_score": "desc"}', '[{"_score": "asc"}', "the worst offers come first"),
    Listed(QUERY, '_by_script(source, "asc"', '_by_script(source, "desc"', "the latest start comes first"),
    Listed(QUERY, "if (first < next)", "if (first > next)", "an offer stands where its latest session does"),
    Listed(QUERY, '"order": "asc", "unit": "km"', '"order": "desc", "unit": "km"', "the farthest comes first"),
    Listed(QUERY, '_by_script(SEATS, "desc"', '_by_script(SEATS, "asc"', "the fewest seats come first"),
    Listed(QUERY, '_by_script(NEWS, "desc"', '_by_script(NEWS, "asc"', "a feed begins with the oldest session"),
    Listed(QUERY, '{"news_at": {"order": "desc"', '{"news_at": {"order": "asc"', "a feed begins with the oldest"),
    Listed("search_app/search/present", "for facet in params.counted()}", "for facet in params.counted()[::-1]}",
           "the facets of an answer stand in reverse"),
    Listed(QUERY, '[{"_count": "desc"}, {"_key": "asc"}]', '[{"_count": "asc"}, {"_key": "asc"}]',
           "a long facet shows its rarest values"),
    Listed(QUERY, "SAME_TITLE: Final = 5.0", "SAME_TITLE: Final = 0.5", "the title asked for is not the first"),
    Listed(QUERY, "HELD_THERE: Final = 0.2", "HELD_THERE: Final = 20.0", "what is near hides what was asked for"),
    Listed(QUERY, '{"match": {"words": {"query": text, "minimum_should_match": ENOUGH_WORDS}}}',
           '{"query_string": {"default_field": "words", "query": text}}', "words are run as a query language"),
    Listed(QUERY, '"relation": "intersects"', '"relation": "within"', "a month is not in a window within it"),
    Listed(QUERY, '"relation": "contains"', '"relation": "intersects"', "a month that is over counts as upcoming"),
    Listed("mappings/session_index.py", "if left >= least] or [FULL]", "if left >= least] or [UNKNOWN]",
           "a session with no seat left is counted among those with an unknown number"),
    Listed("mappings/session_index.py", "if left[0] == 0:", "if 0 in left:",
           "a session with seats left under another funder is full under any"),
    Listed("mappings/session_index.py", "for each in (ANY, state)", "for each in (ANY, ANY)",
           "no session is found by its recruitment state"),
    Listed("seats/ledger", '"version_type": "external"}', '"version_type": "external_gte"}',
           "a repeated number overwrites a figure"),
    Listed("seats/ledger", '"version_type": "external_gte"}', '"version_type": "external"}',
           "what was settled goes on waiting beside itself"),
    Listed("seats/projection", "seats[at].sequence < figure.sequence", "seats[at].sequence > figure.sequence",
           "late figures overwrite new ones in the offers"),
    Listed("seats/projection", 'old["sequence"] < figure["sequence"]', 'old["sequence"] > figure["sequence"]',
           "a load writes the older figure"),
    Listed("seats/projection", "figure.observed_at.compareTo(params.cutoff) < 0",
           "figure.observed_at.compareTo(params.cutoff) > 0", "old figures count and new ones do not"),
    Listed("seats/projection", "each.sequence == figure.sequence", "each.sequence >= figure.sequence",
           "a release takes newer figures away"),
    Listed("seats/ledger", "    return min(checkpoints)", "    return max(checkpoints) + 1",
           "statements after an invented checkpoint are never projected"),
    Listed("search_app/search/engine", 'errors.EngineFull, FULL)', 'errors.EngineError, FULL)',
           "a producer is not told that a full disk is the reason"),
    Listed("engine", "kind, message = EngineFull, full_message", "kind, message = EngineError, full_message",
           "an operator is not told that the disk is full"),
    Listed("engine", "return EngineFull(full_message(self.reason)", "return EngineError(full_message(self.reason)",
           "an operator is not told that the disk is full"),
    Listed("search_app/api", '"maxItems": MOST_VALUES', '"maxItems": 500', "the document promises what is refused"),
    Listed("search_app/search/params", "MOST_VALUES: Final = 50", "MOST_VALUES: Final = 500",
           "one request makes thousands of clauses"),
    Listed("indexer/offers", " % operation.version if operation.version else", "[:0] if operation.version else",
           "a load overwrites a statement that came meanwhile"),
    Listed("indexer/gates.py", "(before - after) / before <= most", "(before - after) / before >= most",
           "half a feed empties the index, and a whole one is refused"),
    Listed("engine/lease.py", 'document["until"]) < now', 'document["until"]) > now', "two processes hold one lease"),
    Listed("engine/lease.py", "and not other.is_over and excludes(other.name)", "and excludes(other.name) and False",
           "figures are written while others take them away"),
)  # fmt: skip
