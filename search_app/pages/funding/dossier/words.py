"""What is said of a verdict, a cost and an amount: conditions met, to be checked, not met, and never more."""

from collections.abc import Iterable
from typing import Final, Literal

from funding import Cost, Verdict
from funding.facts.table import PERSON
from funding.rule.scheme import Amount
from search_app.text import wording

Tone = Literal["paid", "possible", "check", "late", "no"]
LATE: Final = "Trop tard pour cette session"
MET: Final = "conditions connues remplies"
_ALL_MET: Final = f"{MET[:1].upper()}{MET[1:]}"
NOT_KNOWN: Final = "non connu"


def tone_of(verdict: Verdict) -> Tone:
    """Return the group of a verdict: a no stays a no, whatever the day."""
    if verdict.result is False:
        return "no"
    if verdict.too_late:
        return "late"
    return "check" if verdict.result is None else "paid" if verdict.is_sure else "possible"


def pays_all(verdict: Verdict) -> bool:
    """Tell whether it surely pays, and leaves nothing to pay."""
    cost = verdict.remaining
    return tone_of(verdict) == "paid" and cost is not None and cost.most == 0


def verdict_words(verdict: Verdict) -> str:
    """Return the sentence on a verdict."""
    return wording.typeset(_late(verdict) if tone_of(verdict) == "late" else _words(verdict))


def income_words(verdict: Verdict) -> str:
    """Return the sentence on a verdict where it is about an income: nothing is said of fees."""
    return _ALL_MET if tone_of(verdict) == "paid" else verdict_words(verdict)


def _late(verdict: Verdict) -> str:
    words = _words(verdict)
    return f"{LATE} (sinon : {words[:1].lower()}{words[1:]})"


def _words(verdict: Verdict) -> str:
    if verdict.result is None:
        return f"À vérifier : {to_check(verdict)}"
    if verdict.result is False:
        return f"Non, parce qu’il faudrait {_quoted(met.text for met in verdict.conditions if met.result is False)}"
    if verdict.judged:
        return f"{_ALL_MET} – décision : {verdict.decides}"
    return f"{_paid(verdict)} : {MET}" if "fees" in verdict.pays else _ALL_MET


def _paid(verdict: Verdict) -> str:
    """Return how much of the fees is paid, as far as that is known."""
    cost = verdict.remaining
    if cost is None:
        return "Payée" if verdict.covers == "full" else "Payée en tout ou en partie"
    return "Payée en partie" if cost.most > 0 else "Payée"


def to_check(verdict: Verdict) -> str:
    """Return what would settle a verdict: questions to the person, else what nobody has told."""
    if verdict.missing:
        return " ".join(lower(PERSON[short].question) for short in verdict.missing)
    if verdict.doubt:
        return lower(verdict.doubt)
    return _quoted(met.text for met in verdict.conditions if met.result is None)


def _quoted(texts: Iterable[str]) -> str:
    return " et ".join(f"« {text} »" for text in texts)


def lower(text: str) -> str:
    """Return a text that goes on within a sentence."""
    return text[:1].lower() + text[1:]


def cost_text(cost: Cost | None) -> str:
    """Return what remains to pay.

    >>> cost_text(Cost(0, 0)).replace(wording.NBSP, "_"), cost_text(Cost(0, 350.5)).replace(wording.NBSP, "_")
    ('0_€', 'de 0_€ à 350,50_€')
    >>> cost_text(None)
    'non connu'
    """
    if cost is None:
        return NOT_KNOWN
    least, most = round(cost.least, 2), round(cost.most, 2)
    if least == most:
        return wording.euros(most)
    return f"de {wording.euros(least)} à {wording.euros(most)}"


def amount_text(amount: Amount) -> str:
    """Return a figure with what it is paid for; one whose source was not read in full says so."""
    text = f"{'jusqu’à ' if amount.is_most else ''}{wording.euros(amount.euros)}"
    if amount.per == "month":
        text += " par mois"
    return text if amount.source.verified else f"{text}, à confirmer"
