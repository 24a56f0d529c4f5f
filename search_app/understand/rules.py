"""Other wordings of a text: by rules of the vocabulary, and by acronyms that the catalogue explains itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mappings.lexicon import Lexicon
from mappings.words import fold, spans_of
from synonyms import Match, Rule, RuleBook, holds

# Wordings beside the typed one: each costs four clauses, and a rule may bring as many (synonyms.lint).
MOST_VARIANTS: Final = 4
# Beside other words these tell no job: « bts mco », « devenir nounou ».
_LITTLE: Final = (
    "bac bachelor bep bp brevet bts btsa but cap certificat cqp diplome dut etat examen licence master permis pro "
    "professionnel titre tp apprendre cherche cherchez conduire cours debutant devenir faire formation formations "
    "metier metiers passer preparation preparer recherche stage travailler veux voudrais"
)
SAYS_LITTLE: Final = frozenset(_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Expansion:
    """What is searched beside a text.

    ``variants`` are whole wordings, ``meanings`` those of them from which jobs are recognised, ``rules`` those that
    held, in the order of the text; ``phrases`` are wordings of several words that count as one. ``is_whole`` tells that
    the text says nothing else: in « mécanicien poids lourds » the rule for « poids lourd » is not all that is meant.
    """

    variants: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    phrases: tuple[str, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a text, and what may stand in its place; ``forward``: what catalogues say for what people say."""

    start: int
    end: int
    means: tuple[str, ...]
    forward: bool = True


def expand(text: str, book: RuleBook, lexicon: Lexicon) -> Expansion:
    """Return the other wordings of a clean text; a rule comes before an acronym of the catalogue."""
    matches = book.find(text)
    found = [each for each in matches if each.means]
    stretches = [_Stretch(each.start, each.end, each.means, each.forward) for each in found]
    if len(fold(text)) != len(text):  # ligatures: too rare to count letters for
        text = fold(text)
    acronyms = _acronyms(text, found, lexicon)
    # Of what the catalogue explains, its most frequent meaning tells the jobs; of what a rule says, all meanings.
    surest = [replace(each, means=each.means[:1]) for each in acronyms]
    forward = [each for each in stretches if each.forward]
    meanings = _wordings(text, forward + surest)
    variants = [*meanings, *_wordings(text, forward + acronyms), *_said_otherwise(text, stretches + surest)]
    return Expansion(
        variants=tuple(each for each in dict.fromkeys(variants) if each != text)[:MOST_VARIANTS],
        meanings=tuple(meanings),
        rules=tuple(dict.fromkeys(each.rule for each in matches)),
        phrases=_phrases(text, matches),
        is_whole=_is_whole(text, [*forward, *acronyms]),
    )


def _acronyms(text: str, found: Iterable[Match], lexicon: Lexicon) -> list[_Stretch]:
    """Return the first acronym that the catalogue explains and no rule does."""
    for word, start, end in spans_of(fold(text)):
        known = word in lexicon.acronyms and word not in lexicon.words
        if known and all(end <= each.start or start >= each.end for each in found):
            return [_Stretch(start, end, tuple(lexicon.acronyms[word]))]
    return []


def _wordings(text: str, stretches: Sequence[_Stretch]) -> list[str]:
    """Return a text with its stretches replaced by their first meanings, by their second ones, and so on."""
    most = max((len(each.means) for each in stretches), default=0)
    return [
        _replace(text, {each: each.means[min(number, len(each.means) - 1)] for each in stretches})
        for number in range(most)
    ]


def _said_otherwise(text: str, stretches: Sequence[_Stretch]) -> list[str]:
    """Return a text with what catalogues say replaced by what people say: some catalogues have only the acronym."""
    first = {each: each.means[0] for each in stretches if each.forward}
    backward = [each for each in stretches if not each.forward]
    return [_replace(text, first | {each: meaning}) for each in backward for meaning in each.means]


def _replace(text: str, chosen: Mapping[_Stretch, str]) -> str:
    for each in sorted(chosen, key=lambda stretch: -stretch.start):
        text = text[: each.start] + chosen[each] + text[each.end :]
    return text


def _is_whole(text: str, stretches: Sequence[_Stretch]) -> bool:
    """Tell whether nothing beside some stretches says anything of its own."""
    outside = (
        word
        for word, start, end in spans_of(fold(text))
        if all(end <= each.start or start >= each.end for each in stretches)
    )
    return all(word in SAYS_LITTLE for word in outside)


def _phrases(text: str, matches: Iterable[Match]) -> tuple[str, ...]:
    """Return what counts as one word: phrases in the text, and meanings of several words."""
    phrases = [text[each.start : each.end] for each in matches if each.rule.kind == "phrase"]
    phrases += [meaning for each in matches for meaning in each.means if len(spans_of(fold(meaning))) > 1]
    return tuple(dict.fromkeys(phrases))


def phrases_in(text: str, phrases: Iterable[str]) -> list[str]:
    """Return those phrases that stand in a text, the longest first, none overlapping another."""
    found: list[str] = []
    for phrase in sorted(phrases, key=lambda each: (-len(each), each)):
        if holds(text, phrase) and not any(holds(longer, phrase) for longer in found):
            found.append(phrase)
    return found
