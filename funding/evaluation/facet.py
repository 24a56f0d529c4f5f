"""The four values of the facet ``funding`` for one session: the best of the schemes that pay fees."""

from collections.abc import Iterable
from typing import Final, Literal

from funding.evaluation.verdict import Verdict

FundingValue = Literal["paid", "possible", "unknown", "no"]
VALUES: Final[tuple[FundingValue, ...]] = ("paid", "possible", "unknown", "no")  # the best first
LABELS: Final[dict[FundingValue, str]] = {
    "paid": "Payée",
    "possible": "Possible",
    "unknown": "À vérifier",
    "no": "Non payée",
}


def facet_value(verdicts: Iterable[Verdict]) -> FundingValue:
    """Return ``paid`` for a yes that nobody judges, ``possible`` for one that is judged, ``unknown``, or ``no``."""
    payers = [verdict for verdict in verdicts if "fees" in verdict.pays]
    if any(verdict.is_sure for verdict in payers):
        return "paid"
    if any(verdict.result for verdict in payers):
        return "possible"
    return "unknown" if any(verdict.result is None for verdict in payers) else "no"


def best_value(values: Iterable[FundingValue]) -> FundingValue:
    """Return the best value of an offer's sessions, ``no`` if it has none.

    >>> best_value(["no", "possible", "unknown"]), best_value([])
    ('possible', 'no')
    """
    return min(values, key=VALUES.index, default="no")
