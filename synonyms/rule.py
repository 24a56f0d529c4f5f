"""One rule: wordings that people type, and what they mean."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, get_args

from language.roots import base_form
from language.words import clean, fold, spans_of

# equivalent: either side also searches the other; one-way: the left also searches the right; phrase: several words are
# one thing, found together or not at all.
Kind = Literal["equivalent", "one-way", "phrase"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LONG_ENOUGH: Final = 6  # letters of a word that may lose a final e: "assistante", not "cafe"


@dataclass(frozen=True)
class Rule:
    """What one line of a rules file says; ``theme`` is the name of its file.

    ``beside`` restricts a rule to queries that have one of these words as well: TP beside "engins" is travaux publics.
    ``jobs`` tells whether its words mean jobs at all: those of "bilan de compétences" do not.
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
        """Return what messages call it."""
        return f"{self.theme}.csv, line {self.line} ({' | '.join(self.words)})"

    @cached_property
    def wordings(self) -> tuple["Wording", ...]:
        """Return the left side as it is looked for."""
        return tuple(map(to_wording, self.words))

    @cached_property
    def meanings(self) -> tuple["Wording", ...]:
        """Return the right side as it is looked for."""
        return tuple(map(to_wording, self.means))

    @cached_property
    def company(self) -> frozenset[str]:
        """Return the forms of the words of which one must stand in the query as well; empty if none need to."""
        return frozenset(form for each in self.beside for form in to_wording(each).forms)


@dataclass(frozen=True, slots=True)
class Wording:
    """Folded words of a rule: ``forms`` stand for all their genders and numbers, unless ``exact`` has a word.

    A word in capitals is an acronym and exact: DEAS is no plural of DEA.
    """

    text: str
    words: tuple[str, ...]
    forms: tuple[str, ...]
    exact: tuple[str, ...]

    def fits(self, words: tuple[str, ...]) -> bool:
        """Tell whether folded words whose forms are these are the same words."""
        return all(word == own for word, own in zip(words, self.exact, strict=True) if own)


def form_of(word: str) -> str:
    """Return what genders and numbers of a folded word share.

    >>> form_of("assistantes"), form_of("assistant"), form_of("nounous"), form_of("bus"), form_of("maternelle")
    ('assistant', 'assistant', 'nounou', 'bus', 'maternel')
    """
    form = base_form(word)
    return form[:-1] if len(form) >= LONG_ENOUGH and form.endswith("e") else form


def to_wording(text: str) -> Wording:
    """Return a text as it is looked for.

    >>> to_wording("Préparer le DEAS")
    Wording(text='Préparer le DEAS', words=('preparer', 'deas'), forms=('preparer', 'dea'), exact=('', 'deas'))
    """
    plain = clean(text)
    folded = fold(plain)
    spans = spans_of(folded)
    in_capitals = len(folded) == len(plain)  # ligatures: no acronym has one
    exact = tuple(word if in_capitals and plain[start:end].isupper() else "" for word, start, end in spans)
    words = tuple(word for word, _, _ in spans)
    return Wording(text, words, tuple(map(form_of, words)), exact)
