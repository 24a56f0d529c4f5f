"""An answer in a line: who pays, what remains to pay, what comes next, all of one scheme; then who else might pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from funding import Answer, Verdict
from search_app.pages.funding.dossier.lead import find_lead
from search_app.pages.funding.dossier.steps import WHOSE, StepRow
from search_app.pages.funding.dossier.words import Tone, cost_text, tone_of
from search_app.text import wording

MOST_NAMED: Final = 3
PAYERS: Final[Mapping[Tone, str]] = MappingProxyType(
    {"paid": "{}", "possible": "Possible : {}", "check": "À vérifier : {}"}
)
NO_PAYER: Final = "Aucun financement connu ne convient à cette situation"
IF_GRANTED: Final = ", si le financement est accordé"


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """What somebody reads first; ``tone`` is that of the payer, ``no`` without one, ``otherwise`` the other payers."""

    tone: Tone
    payers: str
    remaining: str
    otherwise: str = ""
    following: StepRow | None = None


def build_summary(answer: Answer, steps: Sequence[StepRow] = (), on: date | None = None) -> Summary:
    """Return the first payer of an answer, what it leaves to pay, and what to do first for it, as of a day."""
    lead = find_lead(answer)
    if lead is None:
        return Summary("no", NO_PAYER, cost_text(answer.remaining))
    first, tone = lead.first, tone_of(lead.first)
    return Summary(
        tone=tone,
        payers=wording.typeset(PAYERS[tone].format(first.label)),
        remaining=cost_text(first.remaining) + (IF_GRANTED if tone == "possible" and first.remaining else ""),
        otherwise=_otherwise(lead.others),
        following=_following(first, steps, on),
    )


def _following(verdict: Verdict, steps: Sequence[StepRow], on: date | None) -> StepRow | None:
    """Return what to do first: what turns the verdict into a yes, else its first date to come, else how to begin."""
    own = [step for step in steps if wording.typeset(verdict.label) in step.who.split(WHOSE)]
    undated = [step for step in own if step.day == date.min]
    dated = [step for step in own if on and step.day >= on]
    acts = undated[:1] if tone_of(verdict) == "check" and verdict.remedy else []
    return next(iter((*acts, *dated, *undated)), None)


def _otherwise(others: Sequence[Verdict]) -> str:
    """Return the other payers, and what they would leave to pay at most."""
    if not others:
        return ""
    most = max((each.remaining.most for each in others if each.remaining), default=0.0)
    left = f", reste jusqu’à {wording.euros(round(most, 2))}" if most else ""
    return wording.typeset(f"Sinon : {_some([each.label for each in others])}{left}")


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    text = " ; ".join(names[:MOST_NAMED])
    return f"{text} et {wording.counted(more, 'autre', 'autres')}" if more > 0 else text
