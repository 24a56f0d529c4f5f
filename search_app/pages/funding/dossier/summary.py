"""An answer in a line: who pays, what remains to pay, what comes next and by when, all of one scheme; then others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from funding import Answer, Cost, Verdict
from search_app.pages.funding.dossier.lead import find_lead, is_at_hand
from search_app.pages.funding.dossier.steps import WHOSE, StepRow
from search_app.pages.funding.dossier.words import Tone, cost_text, lower, to_check, tone_of
from search_app.text import wording

MOST_NAMED: Final = 3
PAYERS: Final[Mapping[Tone, str]] = MappingProxyType(
    {"paid": "{}", "possible": "Possible : {}", "check": "À vérifier : {}"}
)
ADDED: Final = ("complement", "part")  # how much of the fees those pay who pay beside somebody else
NO_PAYER: Final = "Aucun financement connu ne convient à cette situation"
IN_PART: Final = "Paie une partie des frais"
ALONE: Final = ", sans autre aide"  # of what remains beside one who pays in part
IF_GRANTED: Final = ", si le financement est accordé"
ASK_PRICE: Final = "non connu, prix à demander à l’organisme"
NO_FIGURE: Final = " : les montants fixés par la loi à cette date ne sont pas encore connus"


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """What somebody reads first; ``tone`` is that of the payer, ``no`` without one.

    ``why`` is the condition that the payer still depends on, ``otherwise`` are the other payers. ``following`` is the
    next step with this payer, ``then`` the next step with the payer of the rest; the one with the earlier day is
    displayed first.
    """

    tone: Tone
    payers: str
    remaining: str
    why: str = ""
    otherwise: tuple[str, ...] = ()
    following: StepRow | None = None
    then: StepRow | None = None

    @property
    def is_rest_first(self) -> bool:
        """Tell whether what is to be done for the rest has the earlier day; without one it is that of the entry."""
        if self.following is None or self.then is None or self.then.day == date.min:
            return False
        return self.following.day == date.min or self.then.day < self.following.day


def build_summary(answer: Answer, steps: Sequence[StepRow] = (), on: date | None = None, entering: str = "") -> Summary:
    """Return the first payer of an answer, what it leaves to pay, and what to do first for it, as of a day.

    ``entering`` is by when that must be done which has no date of its own.
    """
    lead = find_lead(answer)
    if lead is None:
        return Summary("no", NO_PAYER, cost_text(answer.remaining))
    first, tone = lead.first, tone_of(lead.first)
    rest = tuple(each for each in lead.others if each.covers in ADDED) if _leaves(first) else ()
    following = _following(first, steps, on, entering)
    then = _following(rest[0], steps, on, entering) if rest else None
    if then and following and then.when == following.when:
        then = replace(then, when="")
    return Summary(
        tone=tone,
        payers=wording.typeset(PAYERS[tone].format(first.label)),
        remaining=_remaining(first, answer.remaining),
        why=wording.typeset(_why(first)),
        otherwise=_otherwise(rest, tuple(each for each in lead.others if each not in rest)),
        following=following,
        then=then,
    )


def _leaves(verdict: Verdict) -> bool:
    """Tell whether it pays, and surely leaves something to pay."""
    return tone_of(verdict) == "paid" and verdict.remaining is not None and verdict.remaining.least > 0


def _remaining(verdict: Verdict, in_all: Cost | None) -> str:
    """Return what a payer leaves to pay, in both cases where somebody decides or something is to be checked."""
    cost, tone = verdict.remaining, tone_of(verdict)
    if cost is None:
        if in_all is None:
            return ASK_PRICE
        # Of an account the price is known then, and the rules know no figure for the day of the session.
        why = NO_FIGURE if verdict.covers == "capped" else ""
        return wording.typeset(f"non connu, au plus {wording.euros(round(in_all.most, 2))}{why}")
    if tone == "paid" and cost.lacks_figure:
        return wording.typeset(f"{cost_text(cost)}{NO_FIGURE}")
    if tone == "check" and verdict.covers == "full" and cost.least < cost.most:
        least, most = (wording.euros(round(euros, 2)) for euros in (cost.least, cost.most))
        return f"{least} si ce financement est obtenu, {most} sinon"
    return cost_text(cost) + (IF_GRANTED if tone == "possible" else ALONE if _leaves(verdict) else "")


def _why(verdict: Verdict) -> str:
    """Return what stands between a payer and a yes: who decides, else an act, a doubt or an answer."""
    tone = tone_of(verdict)
    if tone == "possible":
        return f"Décision : {verdict.decides}"
    if tone == "paid":
        return IN_PART if _leaves(verdict) else ""
    if is_at_hand(verdict) and verdict.remedy:
        return f"Il manque : {lower(verdict.remedy)}"
    if verdict.doubt and not verdict.missing:
        return f"Demander à {verdict.decides} : {lower(verdict.doubt)}"
    return f"Reste à savoir : {to_check(verdict)}"


def _following(verdict: Verdict, steps: Sequence[StepRow], on: date | None, entering: str) -> StepRow | None:
    """Return what to do first: what turns the verdict into a yes, else how to begin, by its first date to come."""
    own = [step for step in steps if wording.typeset(verdict.label) in step.who.split(WHOSE)]
    undated = [step for step in own if step.day == date.min]
    dated = [step for step in own if on and step.day >= on]
    acts = undated[:1] if tone_of(verdict) == "check" and verdict.remedy else []
    step = next(iter((*acts, *undated, *dated)), None)
    if step is None or step.when:
        return step
    if acts or not dated:
        return replace(step, when=entering)
    return replace(step, when=dated[0].when or entering, day=dated[0].day)


def _otherwise(rest: Sequence[Verdict], others: Sequence[Verdict]) -> tuple[str, ...]:
    """Return who might pay the rest, and who might pay instead, with what these would leave to pay at most."""
    texts = []
    if rest:
        texts.append(f"Pour le reste, à demander : {_some([each.label for each in rest])}")
    if others:
        most = max((each.remaining.most for each in others if each.remaining), default=0.0)
        left = f", reste jusqu’à {wording.euros(round(most, 2))}" if most else ""
        texts.append(f"Sinon : {_some([each.label for each in others])}{left}")
    return tuple(map(wording.typeset, texts))


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    text = " ; ".join(names[:MOST_NAMED])
    return f"{text} et {wording.counted(more, 'autre', 'autres')}" if more > 0 else text
