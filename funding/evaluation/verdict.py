"""What the evaluator answers, and its JSON form, which is that of the contract."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from funding.facts.values import Kleene
from funding.rule.scheme import Amount, Covers

Word = Literal["yes", "no", "unknown"]


def to_word(result: Kleene) -> Word:
    """Return the word of a result.

    >>> to_word(True), to_word(False), to_word(None)
    ('yes', 'no', 'unknown')
    """
    return "unknown" if result is None else "yes" if result else "no"


@dataclass(frozen=True, slots=True)
class Cost:
    """Euros between two figures, both inclusive; ``lacks_figure`` if the rules have no amount for the days of the
    session, so that ``most`` is the price.
    """

    least: float
    most: float
    lacks_figure: bool = False

    def to_json(self) -> dict[str, float]:
        """Return the range."""
        return {"min": round(self.least, 2), "max": round(self.most, 2)}


@dataclass(frozen=True, slots=True)
class Met:
    """One condition, whether it is met, what was found (in French; empty if nothing is known), and its source."""

    text: str
    result: Kleene
    source: str | None
    found: str = field(default="", repr=False)  # a fact of the person: kept out of logs

    def to_json(self) -> dict[str, Any]:
        """Return the condition without what was found: an answer repeats no fact of the person."""
        return {"text": self.text, "result": to_word(self.result), "source": self.source}


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do by a day, or from a day on; None where the session's start is not known to the day."""

    what: str
    day: date | None

    def to_json(self) -> dict[str, Any]:
        """Return the step."""
        return {"what": self.what, "date": self.day.isoformat() if self.day else None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one scheme pays: three values, and beside them what somebody decides (``judged``) and what it rests on.

    ``doubt`` tells why nobody can say yes yet: no version in force, or a text to be read again; empty if there is none.
    """

    scheme: str
    label: str
    result: Kleene
    judged: tuple[str, ...]
    too_late: bool
    decides: str
    conditions: tuple[Met, ...]
    missing: tuple[str, ...]
    remedy: str | None
    remaining: Cost | None
    pays: tuple[str, ...]
    covers: Covers
    documents: tuple[str, ...]
    deadlines: tuple[Step, ...]
    amounts: tuple[Amount, ...]
    funders: tuple[str, ...]
    contacts: tuple[str, ...]
    order: int
    doubt: str = ""

    @property
    def is_sure(self) -> bool:
        """Tell whether it pays and nobody has to decide."""
        return self.result is True and not self.judged

    def to_json(self) -> dict[str, Any]:
        """Return the verdict in the contract's form."""
        return {
            "scheme": self.scheme,
            "label": self.label,
            "verdict": to_word(self.result),
            "judged": list(self.judged),
            "too_late": self.too_late,
            "decides": self.decides,
            "conditions": [each.to_json() for each in self.conditions],
            "missing": list(self.missing),
            "remedy": self.remedy,
            "remaining": self.remaining.to_json() if self.remaining else None,
            "pays": list(self.pays),
            "documents": list(self.documents),
            "deadlines": [each.to_json() for each in self.deadlines],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """All verdicts on a person, an offer and a session."""

    verdicts: tuple[Verdict, ...]
    income: tuple[Verdict, ...]
    remaining: Cost | None
    questions: tuple[str, ...]
    contradictions: tuple[str, ...]
    rules_version: str

    def to_json(self) -> dict[str, Any]:
        """Return the answer in the contract's form."""
        return {
            "verdicts": [each.to_json() for each in self.verdicts],
            "income": [each.to_json() for each in self.income],
            "remaining": self.remaining.to_json() if self.remaining else None,
            "questions": list(self.questions),
            "contradictions": list(self.contradictions),
            "rules_version": self.rules_version,
        }
