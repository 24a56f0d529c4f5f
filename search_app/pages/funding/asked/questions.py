"""The questions to a person as form fields: closed ones, but for euros and a date; each may stay unanswered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from funding.facts.fact import Fact
from funding.facts.table import PERSON
from search_app.base.errors import Fault
from search_app.pages.shared.layout import Link
from search_app.text import wording

FACT_NAMES: Final = " ".join(PERSON)  # what script may keep, fill in and hand over
UNKNOWN: Final = "Je ne sais pas"
YES_NO: Final = {"true": "Oui", "false": "Non"}
BEGIN: Final = "begin"  # when to enter a session with permanent entry: no fact of the person
PREFIX: Final = "person."  # of the fields on pages whose other fields have names of facts: level, department
NUMBERED: Final = ("department",)  # facts whose codes people know
_HINTS: Final = {
    "number": "En euros. Laissez vide si vous ne savez pas.",
    "date": "Laissez vide si vous ne savez pas.",
}
_WRONG: Final = {
    "number": "Indiquez un nombre d’euros, par exemple 1 200, ou laissez vide.",
    "date": "Indiquez une date, par exemple 28/11/2026, ou laissez vide.",
}
WRONG_DAY: Final = "Indiquez un jour à partir d’aujourd’hui, pendant la session, ou laissez vide."
_WRONG_CHOICE: Final = "Choisissez une des réponses proposées."


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """One field; ``value`` is the answer that was given, empty if none was. Not in ``repr``: it is about a person."""

    name: str
    fact: str
    text: str
    kind: Literal["radio", "select", "number", "date"]
    options: tuple[Option, ...]
    value: str
    hint: str
    error: str | None

    @property
    def id(self) -> str:
        """Return the id of its field, to which a list of faults leads."""
        return f"reponse-{self.fact}"


def build_question(
    short: str, given: Mapping[str, str], wrong: frozenset[str] = frozenset(), prefix: str = ""
) -> Question:
    """Return the field of a fact; ``given`` are answers by fact. A ``wrong`` answer is not repeated."""
    fact = PERSON[short]
    kind = _kind(fact)
    return Question(
        name=prefix + short,
        fact=short,
        text=wording.typeset(fact.question),
        kind=kind,
        options=_options(fact),
        value="" if short in wrong else given.get(short, ""),
        hint=wording.typeset(_HINTS.get(kind, "")),
        error=wording.typeset(_WRONG.get(kind, _WRONG_CHOICE)) if short in wrong else None,
    )


def build_begin(value: str, *, wrong: bool) -> Question:
    """Return the field for the day on which to enter a session that can be entered at any time."""
    return Question(
        name=BEGIN,
        fact=BEGIN,
        text=wording.typeset("Quand voulez-vous commencer ?"),
        kind="date",
        options=(),
        value="" if wrong else value,
        hint="On peut entrer à tout moment. Laissez vide si vous ne savez pas.",
        error=wording.typeset(WRONG_DAY) if wrong else None,
    )


def begin_fault() -> Fault:
    """Return the fault of a day on which nobody can enter."""
    return Fault(BEGIN, "", "un jour de la session", WRONG_DAY, WRONG_DAY)


def _kind(fact: Fact) -> Literal["radio", "select", "number", "date"]:
    if fact.kind == "bool":
        return "radio"
    return "number" if fact.kind == "number" else "date" if fact.kind == "date" else "select"


def _options(fact: Fact) -> tuple[Option, ...]:
    if fact.kind == "bool":
        return (*(Option(value, label) for value, label in YES_NO.items()), Option("", UNKNOWN))
    if fact.kind != "code":
        return ()
    labels = ((code, f"{code} – {label}" if fact.short in NUMBERED else label) for code, label in fact.values.items())
    return (Option("", UNKNOWN), *(Option(code, label[:1].upper() + label[1:]) for code, label in labels))


def to_fault_link(fault: Fault) -> Link:
    """Return the link from a fault to its field; what was posted is not repeated."""
    if fault.parameter not in PERSON:
        field = f"#reponse-{BEGIN}" if fault.parameter == BEGIN else "#questions"
        return Link(wording.typeset(fault.plain or fault.message), field)
    question = build_question(fault.parameter, {}, frozenset((fault.parameter,)))
    return Link(wording.typeset(f"{question.text} {question.error}"), f"#{question.id}")
