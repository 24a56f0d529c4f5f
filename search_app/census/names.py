"""The clause of a typed name: tiers of decreasing certainty, each with one constant score.

Exactly the name, its acronym, all its words, its beginning, one slip (never in the first letter), the beginnings of its
words. Words may be of the name or of the town of a site, at least one of the name. A number stands above all.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from search_app.census.typed import SIREN_DIGITS, SIRET_DIGITS, Typed

Clause = dict[str, Any]
# Scores order the tiers; only their order matters.
NUMBERS: Final = (("siren", 100), ("sirets", 100), ("ndas", 99), ("former_ndas", 98), ("stated_ndas", 97))
SIREN_OF_SIRET: Final = 96
EXACT: Final = 60
ACRONYM: Final = 50
WHOLE_NAME: Final = 44  # all words, and nearly all of the name: « centre d formation des apprentis »
WORDS_OF_NAME: Final = 42
WORDS: Final = 40
BEGINNING: Final = 30
SLIP_IN_NAME: Final = 22
SLIP_IN_WORD: Final = 20
BEGINNINGS: Final = 15  # of the words, each by itself
ELSEWHERE: Final = 10  # all words but the town
SHORTEST_SLIP: Final = 4  # letters of a word: shorter ones are one slip away from too many others
SHORTEST_NAME: Final = 2  # letters of a whole name
MOST_EXPANSIONS: Final = 500  # terms one slip away; fewer would leave some of 148,000 bodies out
_IN_NAME: Final = ("name_words",)
_ANYWHERE: Final = ("name_words", "town_words")


def names_clause(typed: Typed, elsewhere: Typed | None = None) -> Clause:
    """Return the clause that scores the bodies that a typed text can mean; nothing matches a text without letters.

    ``elsewhere`` is the text without the town that it ends with: bodies so called that have no site there come last.
    """
    tiers = [*_numbers(typed.number), *_names(typed)]
    if elsewhere:
        tiers.append(_scored(_named(elsewhere), ELSEWHERE))
    return {"dis_max": {"queries": tiers}} if tiers else {"match_none": {}}


def loose_clause(typed: Typed) -> Clause:
    """Return the clause of bodies with most of the words, or with their beginnings or a slip in them: for a text
    that finds nothing otherwise.
    """
    words = [_any_of([_term(word, _ANYWHERE), _begins(word, _ANYWHERE), *_slips(word)]) for word in typed.words]
    if not words:
        return {"match_none": {}}
    least = max(1, (len(words) + 1) // 2)
    return {"bool": {"should": words, "minimum_should_match": least}}


def _numbers(number: str) -> Iterable[Clause]:
    if not number:
        return
    for field, score in NUMBERS:
        yield _scored({"term": {field: number}}, score)
    if len(number) == SIRET_DIGITS:
        yield _scored({"term": {"siren": number[:SIREN_DIGITS]}}, SIREN_OF_SIRET)


def _names(typed: Typed) -> Iterable[Clause]:
    if not typed.forms or not typed.words:
        return
    yield _scored({"terms": {"names_joined": list(typed.forms)}}, EXACT)
    yield _scored({"terms": {"acronyms_folded": list(typed.forms)}}, ACRONYM)
    slips = [_fuzzy("names_joined", form) for form in typed.forms if len(form) >= SHORTEST_NAME]
    in_name = [_term(word, _IN_NAME) for word in typed.words]
    if slips and len(in_name) > 1:
        yield _scored(_all_of([*in_name, _any_of(slips)]), WHOLE_NAME)
    yield _scored(_all_of(in_name), WORDS_OF_NAME)
    yield _scored(_all_of([*(_term(word, _ANYWHERE) for word in typed.words), _one_in_name(typed.words)]), WORDS)
    yield _scored(_any_of([{"prefix": {"names_joined": form}} for form in typed.forms]), BEGINNING)
    if slips:
        yield _scored(_any_of(slips), SLIP_IN_NAME)
    yield from _one_word_misspelt(typed.words)
    begun = [_begins(word, _ANYWHERE) for word in typed.words]
    yield _scored(_all_of([*begun, _any_of([_begins(word, _IN_NAME) for word in typed.words])]), BEGINNINGS)


def _named(typed: Typed) -> Clause:
    """Return the clause of bodies that are called exactly so, by name, acronym or all words."""
    forms = list(typed.forms)
    words = _all_of([_term(word, _IN_NAME) for word in typed.words])
    return _any_of([{"terms": {"names_joined": forms}}, {"terms": {"acronyms_folded": forms}}, words])


def _one_word_misspelt(words: Sequence[str]) -> Iterable[Clause]:
    """Yield a clause for each word that may be misspelt, the others as they are."""
    for position, word in enumerate(words):
        slips = _slips(word)
        if slips:
            others = [_term(each, _ANYWHERE) for place, each in enumerate(words) if place != position]
            in_name = _any_of([_one_in_name(words), _fuzzy("name_words", word)])
            yield _scored(_all_of([_any_of(slips), *others, in_name]), SLIP_IN_WORD)


def _slips(word: str) -> list[Clause]:
    return [_fuzzy(field, word) for field in _ANYWHERE] if len(word) >= SHORTEST_SLIP else []


def _one_in_name(words: Sequence[str]) -> Clause:
    return {"terms": {"name_words": list(words)}}


def _term(word: str, fields: Sequence[str]) -> Clause:
    return _any_of([{"term": {field: word}} for field in fields])


def _begins(word: str, fields: Sequence[str]) -> Clause:
    return _any_of([{"prefix": {field: word}} for field in fields])


def _fuzzy(field: str, text: str) -> Clause:
    return {"fuzzy": {field: {"value": text, "fuzziness": 1, "prefix_length": 1, "max_expansions": MOST_EXPANSIONS}}}


def _any_of(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def _all_of(clauses: list[Clause]) -> Clause:
    return {"bool": {"filter": clauses}}


def _scored(clause: Clause, score: int) -> Clause:
    return {"constant_score": {"filter": clause, "boost": score}}
