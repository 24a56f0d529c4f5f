"""Other wordings of a text: by vocabulary rules, and by acronyms that the catalogue itself explains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from language.lexicon import Lexicon
from language.words import fold, spans_of
from synonyms import Match, Rule, RuleBook, holds
from synonyms.compounds import is_torn

# wordings beside the typed one: each costs four clauses, and a rule may add as many (synonyms.lint)
MOST_VARIANTS: Final = 4
# Beside other words these indicate no job: « bts mco », « devenir nounou ».
_LITTLE: Final = (
    "bac bachelor bep bp brevet bts btsa but cap certificat cqp diplome dut etat examen licence master permis pro "
    "professionnel titre tp aimerais apprendre bonjour chercher cherche conduire cours debutant devenir emploi faire "
    "formation formations metier metiers passer preparation preparer recherche souhaite souhaiterais stage suivre "
    "travailler trouver veu veut veux voudrai voudrais"
)
SAYS_LITTLE: Final = frozenset(_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Expansion:
    """The wordings that are searched beside a text.

    ``variants`` are whole wordings, ``rules`` the rules that applied, in text order; ``phrases`` are multi-word units.
    Jobs are recognised from ``meanings`` and from ``own``: the text without words that a rule marks as not indicating a
    job, empty if nothing else remains. In « mécanicien poids lourds » the rule for « poids lourd » covers only a part.
    """

    variants: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    phrases: tuple[str, ...] = ()
    own: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a text, and its replacements."""

    start: int
    end: int
    means: tuple[str, ...]


def expand(text: str, book: RuleBook, lexicon: Lexicon) -> Expansion:
    """Return the other wordings of a clean text; a rule takes precedence over an acronym of the catalogue."""
    matches = book.find(text)
    if len(fold(text)) != len(text):  # with ligatures, lengths differ: too rare to align letters
        text = fold(text)
    forward = [_Stretch(each.start, each.end, each.means) for each in matches if each.means]
    alike = [_Stretch(each.start, each.end, each.alike) for each in matches if each.alike]
    acronyms = _acronyms(text, matches, book, lexicon)
    # Jobs: of an acronym of the catalogue, its most frequent meaning counts; of a rule, all meanings.
    surest = [replace(each, means=each.means[:1]) for each in acronyms]
    jobless = [_Stretch(each.start, each.end, ()) for each in matches if not each.rule.jobs]
    telling = [_Stretch(each.start, each.end, each.means) for each in matches if each.means and each.rule.jobs]
    is_whole = _is_whole(text, forward + acronyms + jobless) if forward + acronyms + jobless else False
    rest = _blank(text, jobless + _little(text)) if matches else text
    meanings = _wordings(_only(text, telling + surest) if is_whole else rest, telling + surest)
    variants = [
        *_one_at_a_time(text, acronyms, forward),
        *_wordings(text, forward),
        *_said_otherwise(text, alike, forward + surest),
    ]
    return Expansion(
        variants=tuple(each for each in dict.fromkeys(variants) if each != text)[:MOST_VARIANTS],
        meanings=tuple(" ".join(meaning.split()) for meaning in meanings),
        rules=tuple(dict.fromkeys(each.rule for each in matches)),
        phrases=_phrases(text, matches),
        own="" if is_whole and (meanings or jobless) else " ".join(rest.split()),
    )


def _acronyms(text: str, found: Iterable[Match], book: RuleBook, lexicon: Lexicon) -> list[_Stretch]:
    """Return the acronyms that the catalogue explains and no rule does."""
    folded = fold(text)
    taken = [each for each in found if each.rule.kind != "phrase"]
    stretches = {
        word: _Stretch(start, end, tuple(lexicon.acronyms[word]))
        # reversed, so that of a repeated acronym the first occurrence is kept
        for word, start, end in reversed(spans_of(folded))
        if word in lexicon.acronyms and word not in lexicon.words and not is_torn(folded, start, end, book.knows)
        if all(end <= each.start or start >= each.end for each in taken)
    }
    return sorted(stretches.values(), key=lambda stretch: stretch.start)


def _one_at_a_time(text: str, acronyms: Sequence[_Stretch], others: Sequence[_Stretch]) -> list[str]:
    """Return a text with one acronym expanded in each: the first meaning of each, then the second, and so on.

    Expanding all at once gives wordings that no offer contains: « BPJEPS activités physiques pour tous ».
    """
    around = {other: other.means[0] for other in others}
    ranks = zip_longest(*([(each, meaning) for meaning in each.means] for each in acronyms))
    return [_replace(text, around | {pair[0]: pair[1]}) for rank in ranks for pair in rank if pair]


def _wordings(text: str, stretches: Sequence[_Stretch]) -> list[str]:
    """Return a text with its stretches replaced by their first meanings, by their second ones, and so on."""
    most = max((len(each.means) for each in stretches), default=0)
    return [
        _replace(text, {each: each.means[min(number, len(each.means) - 1)] for each in stretches})
        for number in range(most)
    ]


def _said_otherwise(text: str, alike: Sequence[_Stretch], others: Sequence[_Stretch]) -> list[str]:
    """Return a text with one stretch replaced at a time by its equivalents: some catalogues have only the acronym."""
    found = []
    for each in alike:
        around = {other: other.means[0] for other in others if (other.start, other.end) != (each.start, each.end)}
        found += [_replace(text, around | {each: wording}) for wording in each.means]
    return found


def _replace(text: str, chosen: Mapping[_Stretch, str]) -> str:
    for each in sorted(chosen, key=lambda stretch: -stretch.start):
        text = text[: each.start] + chosen[each] + text[each.end :]
    return text


def _is_whole(text: str, stretches: Sequence[_Stretch]) -> bool:
    """Tell whether all significant words of a text are in stretches."""
    outside = (
        word
        for word, start, end in spans_of(fold(text))
        if all(end <= each.start or start >= each.end for each in stretches)
    )
    return all(word in SAYS_LITTLE for word in outside)


def _blank(text: str, stretches: Iterable[_Stretch]) -> str:
    """Return a text with spaces in the place of its stretches."""
    for each in stretches:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


def _little(text: str) -> list[_Stretch]:
    """Return the words that indicate no job."""
    return [_Stretch(start, end, ()) for word, start, end in spans_of(fold(text)) if word in SAYS_LITTLE]


def _only(text: str, stretches: Sequence[_Stretch]) -> str:
    """Return a text with spaces in the place of everything outside its stretches."""
    inside = [range(each.start, each.end) for each in stretches]
    return "".join(letter if any(at in each for each in inside) else " " for at, letter in enumerate(text))


def _phrases(text: str, matches: Iterable[Match]) -> tuple[str, ...]:
    """Return the units that match whole or not at all: phrases in the text, their equivalents, and meanings."""
    phrases = [text[each.start : each.end] for each in matches if not each.means]
    phrases += [meaning for each in matches for meaning in each.means]
    return tuple(each for each in dict.fromkeys(phrases) if len(spans_of(fold(each))) > 1)


def phrases_in(text: str, phrases: Iterable[str]) -> list[str]:
    """Return the phrases that occur in a text, the longest first, without overlaps."""
    found: list[str] = []
    for phrase in sorted(phrases, key=lambda each: (-len(each), each)):
        if holds(text, phrase) and not any(holds(longer, phrase) for longer in found):
            found.append(phrase)
    return found
