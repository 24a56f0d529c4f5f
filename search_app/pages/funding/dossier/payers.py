"""The verdicts on schemes as rows: what each says, its conditions, who decides, what would remain to pay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from funding import Met, Verdict
from funding.evaluation.verdict import Word, to_word
from search_app.funding.sheets import PATH
from search_app.pages.funding.dossier.words import Tone, cost_text, tone_of, verdict_words
from search_app.text import wording

MARKS: Final[dict[Word, str]] = {"yes": "Remplie", "no": "Non remplie", "unknown": "À vérifier"}
COUNTED: Final[dict[Word, tuple[str, str]]] = {
    "yes": ("remplie", "remplies"),
    "no": ("non remplie", "non remplies"),
    "unknown": ("à vérifier", "à vérifier"),
}
# The title of each group, and the tones of its rows.
GROUPS: Final[tuple[tuple[str, str, tuple[Tone, ...]], ...]] = (
    ("payent", "Ce qui peut payer", ("paid", "possible")),
    ("a-verifier", "À vérifier", ("check",)),
    ("trop-tard", "Trop tard pour cette session", ("late",)),
    ("ne-payent-pas", "Ce qui ne paie pas", ("no",)),
)


@dataclass(frozen=True, slots=True, repr=False)
class Condition:
    """One condition of a scheme; ``found`` is what the person or the offer tells."""

    text: str
    result: Word
    mark: str
    found: str
    source: str


@dataclass(frozen=True, slots=True, repr=False)
class PayerRow:
    """One scheme; ``remaining`` is empty where it does not pay, ``decides`` where nobody has to."""

    scheme: str
    label: str
    href: str
    tone: Tone
    words: str
    remaining: str
    judged: str
    remedy: str
    conditions: tuple[Condition, ...]
    counts: str


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """Rows under one title; those that do not pay are folded."""

    id: str
    title: str
    rows: tuple[PayerRow, ...]
    folded: bool


def build_groups(verdicts: Sequence[Verdict], first: str = "") -> tuple[Group, ...]:
    """Return the schemes that pay fees by what is known of them, in each group in the order of the rules, but for the
    ``first`` one, which an answer is told by.
    """
    ordered = sorted(in_order(verdicts), key=lambda verdict: verdict.scheme != first)
    rows = [build_row(verdict) for verdict in ordered if "fees" in verdict.pays]
    groups = (
        Group(name, title, tuple(row for row in rows if row.tone in tones), "no" in tones)
        for name, title, tones in GROUPS
    )
    return tuple(group for group in groups if group.rows)


def in_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts in the order in which payers are asked."""
    return sorted(verdicts, key=lambda verdict: verdict.order)


def sheet_path(scheme: str) -> str:
    """Return the address of a scheme's sheet."""
    return f"{PATH}/{scheme}"


def build_row(verdict: Verdict) -> PayerRow:
    """Return the row of one verdict."""
    tone = tone_of(verdict)
    return PayerRow(
        scheme=verdict.scheme,
        label=wording.typeset(verdict.label),
        href=sheet_path(verdict.scheme),
        tone=tone,
        words=verdict_words(verdict),
        remaining=f"Reste à payer{wording.NBSP}: {cost_text(verdict.remaining)}" if _tells_cost(verdict, tone) else "",
        judged=judged_words(verdict),
        remedy=wording.typeset(verdict.remedy or "") if tone in ("no", "check") else "",
        conditions=tuple(map(_condition, verdict.conditions)),
        counts=_counts(verdict.conditions),
    )


def judged_words(verdict: Verdict) -> str:
    """Return what somebody decides although all conditions are met, an empty text where nobody does."""
    if verdict.result is False or not verdict.judged:
        return ""
    return wording.typeset(f"Reste à juger : {', '.join(verdict.judged)}")


def _tells_cost(verdict: Verdict, tone: Tone) -> bool:
    return "fees" in verdict.pays and tone in ("paid", "possible")


def _condition(met: Met) -> Condition:
    word = to_word(met.result)
    texts = (wording.typeset(text) for text in (met.text, MARKS[word], met.found, met.source or ""))
    text, mark, found, source = texts
    return Condition(text, word, mark, found, source)


def _counts(conditions: Sequence[Met]) -> str:
    """Return how many conditions are met, not met and to be checked.

    >>> _counts([Met("a", True, None), Met("b", None, None), Met("c", None, None)])
    '1\xa0condition remplie, 2\xa0à vérifier'
    """
    words = [to_word(met.result) for met in conditions]
    shown = [(words.count(word), *names) for word, names in COUNTED.items() if word in words]
    if not shown:
        return ""
    (count, one, many), *rest = shown
    first = wording.counted(count, f"condition {one}", f"conditions {many}")
    return ", ".join((first, *(f"{number}{wording.NBSP}{one if number < 2 else many}" for number, one, many in rest)))
