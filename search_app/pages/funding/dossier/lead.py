"""The scheme that an answer is told by first: who pays, what remains and what to do are said of one and the same."""

from dataclasses import dataclass

from funding import Answer, Verdict
from search_app.pages.funding.dossier.payers import in_order
from search_app.pages.funding.dossier.words import pays_all, tone_of


@dataclass(frozen=True, slots=True, repr=False)
class Lead:
    """The payers of fees that come into question: the first one, and those that remain if it does not pay."""

    first: Verdict
    others: tuple[Verdict, ...]


def find_lead(answer: Answer) -> Lead | None:
    """Return the payers to begin with, None where no known scheme pays.

    One that surely pays all comes first, and with it only others of the kind. Then one that would pay all after a
    single act, as registering; then those that pay in part or on somebody's decision, else the one nearest to a yes.
    One that is open only by terms that nobody told, against what is known of the person, comes last.
    """
    payers = in_order(verdict for verdict in answer.verdicts if "fees" in verdict.pays)
    sure = [each for each in payers if pays_all(each)]
    open_ones = sorted((each for each in payers if tone_of(each) == "check"), key=_distance)  # stable
    at_hand = [each for each in open_ones if is_at_hand(each)]
    able = [each for each in payers if tone_of(each) in ("paid", "possible")]
    chosen = sure or ([*at_hand, *able] if able else open_ones)
    return Lead(chosen[0], tuple(chosen[1:])) if chosen else None


def is_at_hand(verdict: Verdict) -> bool:
    """Tell whether one act of the person settles all that is open, and all fees are paid then."""
    return bool(tone_of(verdict) == "check" and verdict.remedy and verdict.covers == "full" and _unmet(verdict) == 1)


def _distance(verdict: Verdict) -> tuple[bool, int, bool, int]:
    """Return how far from a yes it is: whether only untold terms speak for it, what is not met or not known, whether
    nothing can be done, conditions met.
    """
    by_nobody = not (verdict.remedy or verdict.missing or verdict.doubt)
    nothing_for_it = by_nobody and any(met.result is None and met.found for met in verdict.conditions)
    unmet = _unmet(verdict) + (verdict.covers == "capped")  # how much an account pays is one thing more to check
    return nothing_for_it, unmet, not verdict.remedy, _unmet(verdict) - len(verdict.conditions)


def _unmet(verdict: Verdict) -> int:
    return sum(met.result is not True for met in verdict.conditions)
