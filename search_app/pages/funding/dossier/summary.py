"""An answer in a line: who pays, what remains to pay, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from funding import Answer
from search_app.pages.funding.dossier.payers import in_order
from search_app.pages.funding.dossier.steps import StepRow
from search_app.pages.funding.dossier.words import Tone, cost_text, pays_all, tone_of
from search_app.text import wording

MOST_NAMED: Final = 3
PAYERS: Final[Mapping[Tone, str]] = MappingProxyType(
    {"paid": "{}", "possible": "Possible : {}", "check": "À vérifier : {}"}
)
NO_PAYER: Final = "Aucun financement connu ne convient à cette situation"


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """What somebody reads first; ``tone`` is that of the payers, ``no`` without one."""

    tone: Tone
    payers: str
    remaining: str
    following: StepRow | None = None


def build_summary(answer: Answer, steps: Sequence[StepRow] = (), on: date | None = None) -> Summary:
    """Return the best payers of an answer, and the first of its steps that is not past on a day."""
    verdicts = in_order(each for each in answer.verdicts if "fees" in each.pays)
    whole = [each.label for each in verdicts if pays_all(each)]
    dated = [step for step in steps if on and step.day >= on and step.who]
    following = next(iter((*dated, *(step for step in steps if not step.when))), None)
    for tone, words in PAYERS.items():
        names = whole or [each.label for each in verdicts if tone_of(each) == tone]
        if names:
            payers = wording.typeset(words.format(_some(names)))
            return Summary(tone, payers, cost_text(answer.remaining), following)
    return Summary("no", NO_PAYER, cost_text(answer.remaining), following)


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    text = " ; ".join(names[:MOST_NAMED])
    return f"{text} et {wording.counted(more, 'autre', 'autres')}" if more > 0 else text
