"""One vocabulary rule: wordings that people type, and their meaning."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, get_args

from language.roots import base_form
from language.words import clean, fold, spans_of

# equivalent: each side also searches the other; one-way: the left also searches the right; phrase: several words form
# one unit, found together or not at all.
Kind = Literal["equivalent", "one-way", "phrase"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LONG_ENOUGH: Final = 6  # letters of a word from which a final e may be removed: "assistante", not "cafe"


@dataclass(frozen=True)
class Rule:
    """One line of a rules file; ``theme`` is the name of its file.

    ``beside`` restricts a rule to queries that also contain one of these words: TP beside "engins" is travaux publics.
    ``jobs`` tells whether its words indicate jobs: those of "bilan de compétences" do not.
    """

    theme: str
    line: int
    kind: Kind
    words: tuple[str, ...]
    means: tuple[str, ...]
    beside: tuple[str, ...]
    jobs: bool
    example: str
    comment: str

    @property
    def name(self) -> str:
        """Return the name of the rule in messages."""
        return f"{self.theme}.csv, line {self.line} ({' | '.join(self.words)})"

    @cached_property
    def wordings(self) -> tuple["Wording", ...]:
        """Return the wordings of the left side."""
        return tuple(map(to_wording, self.words))

    @cached_property
    def meanings(self) -> tuple["Wording", ...]:
        """Return the wordings of the right side."""
        return tuple(map(to_wording, self.means))

    @cached_property
    def company(self) -> frozenset[str]:
        """Return the forms of the ``beside`` words, one of which the query must contain; empty if there is no such
        condition.
        """
        return frozenset(form for each in self.beside for form in to_wording(each).forms)


@dataclass(frozen=True, slots=True)
class Wording:
    """Folded words of a rule; ``forms`` match all genders and numbers, unless ``exact`` holds the word.

    A word in capitals is an acronym and exact: DEAS is no plural of DEA.
    """

    text: str
    words: tuple[str, ...]
    forms: tuple[str, ...]
    exact: tuple[str, ...]

    def fits(self, words: tuple[str, ...]) -> bool:
        """Tell whether folded words with these forms match this wording."""
        return all(word == own for word, own in zip(words, self.exact, strict=True) if own)


def form_of(word: str) -> str:
    """Return the common form of all genders and numbers of a folded word.

    >>> form_of("assistantes"), form_of("assistant"), form_of("nounous"), form_of("bus"), form_of("maternelle")
    ('assistant', 'assistant', 'nounou', 'bus', 'maternel')
    """
    form = base_form(word)
    return form[:-1] if len(form) >= LONG_ENOUGH and form.endswith("e") else form


def to_wording(text: str) -> Wording:
    """Return the wording of a text.

    >>> to_wording("Préparer le DEAS")
    Wording(text='Préparer le DEAS', words=('preparer', 'deas'), forms=('preparer', 'dea'), exact=('', 'deas'))
    """
    plain = clean(text)
    folded = fold(plain)
    spans = spans_of(folded)
    in_capitals = len(folded) == len(plain)  # false with ligatures: no acronym contains one
    exact = tuple(word if in_capitals and plain[start:end].isupper() else "" for word, start, end in spans)
    words = tuple(word for word, _, _ in spans)
    return Wording(text, words, tuple(map(form_of, words)), exact)
