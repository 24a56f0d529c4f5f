"""The conditions of a rule in words, by what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.funding.views import About, ConditionView, Join
from search_app.funding.wording import article_text
from search_app.text import wording

TITLES: Final[dict[About, str]] = {
    "person": "Pour qui",
    "offer": "Pour quelle formation",
    "both": "Pour la personne et la formation ensemble",
    "untold": "Ce que ce site ne peut pas savoir",
}
LEADS: Final[dict[Join, str]] = {
    "any": "Au moins un de ces cas :",
    "all": "Tout cela ensemble :",
    "not": "Rien de cela :",
}


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition; ``parts`` are those that it is made of, ``folded`` if it has words of its own for them."""

    text: str
    source: str | None
    remedy: str | None
    parts: "tuple[ConditionRow, ...]" = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions on the same side."""

    key: str
    title: str
    rows: tuple[ConditionRow, ...]


def to_groups(conditions: Sequence[ConditionView]) -> tuple[ConditionGroup, ...]:
    """Return the conditions of a rule, which hold all together, by what they are about."""
    groups = (
        ConditionGroup(about, title, tuple(to_row(each) for each in conditions if each.about == about))
        for about, title in TITLES.items()
    )
    return tuple(group for group in groups if group.rows)


def to_row(condition: ConditionView) -> ConditionRow:
    """Return one condition with its parts; words that only join those of the parts are replaced by a lead."""
    own = not condition.parts or condition.has_own_text
    return ConditionRow(
        text=wording.typeset(capital(condition.text) if own else LEADS[condition.join or "all"]),
        source=article_text(condition.source) if condition.source else None,
        remedy=wording.typeset(condition.remedy) if condition.remedy else None,
        parts=tuple(map(to_row, condition.parts)),
        folded=own and bool(condition.parts),
    )


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
