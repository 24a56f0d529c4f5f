"""The interpretation of the words, for the answer."""

from datetime import date
from typing import Any

from search_app.search.reference_data import Snapshot
from search_app.search.results import CodeView, CorrectionView, FilterView, JobView, RuleView, Understood
from search_app.search.understand import Understanding


def to_understood(meant: Understanding, snapshot: Snapshot) -> Understood:
    """Convert it, with labels of the jobs, and parameters as an address takes them."""
    return Understood(
        typed=meant.typed,
        kept=meant.kept,
        words=meant.words,
        corrections=[CorrectionView(each.typed, each.word) for each in meant.corrections],
        filters=[
            FilterView(each.kind, each.typed, {name: _text(value) for name, value in each.parameters})
            for each in meant.filters
        ],
        variants=list(meant.variants),
        rules=[
            RuleView(rule.theme, list(rule.words), rule.kind, list(rule.means), rule.comment) for rule in meant.rules
        ],
        jobs=[JobView(job.code, snapshot.label("rome", job.code), job.near) for job in meant.jobs],
        other_places=list(meant.other_places),
        unknown_code=meant.unknown_code,
        rncp_like=_certification(meant.rncp_like, snapshot),
        unknown_words=list(meant.unknown_words),
        loose=meant.loose,
    )


def _certification(code: str, snapshot: Snapshot) -> CodeView | None:
    return CodeView(code, snapshot.certification(code) or "") if code else None


def _text(value: Any) -> str:
    if value is True:
        return "true"
    if isinstance(value, date):
        return value.isoformat()
    return ",".join(value) if isinstance(value, tuple) else str(value)
