"""The clauses of the words: which offers match, and their scores."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from language.words import fold, spans_of, words_of
from mappings.keys import key_of
from search_app.search.understand import SAYS_LITTLE, Understanding, phrases_in
from search_app.search.understand.filters.code_words import rs_number

Clause = dict[str, Any]

# Of two words both must match, of more three in four: without it "soudeur à Albi" matches everything in Albi. It costs
# no precision and leaves 800 hits instead of 5,200, so that totals and counts are meaningful.
ENOUGH_WORDS: Final = "2<75%"
# One slip in words of five letters, two in words of nine: only if nothing was found otherwise
SIMILAR: Final = "AUTO:5,9"
LONGEST_SIMILAR: Final = 40  # letters: for a word of 500 the engine takes 0.2 s to find similar ones
# A job adds its probability, twice if it is the offer's first job: at most 2.
SAME_NUMBER: Final = 10.0  # a copied number can mean nothing else
# The requested title precedes everything else.
SAME_TITLE: Final = 5.0
# All words in the title weigh as much as the surest job: "CAP cuisine" is requested by name.
ALL_IN_TITLE: Final = 3.0
# The words themselves precede their expansions: « GRH » asks for titles with « GRH ».
OTHER_WORDING: Final = 0.9
# Adjacent in the label of a domain, a job or a certification: "langue anglaise" where no title has it
LABEL_PHRASE: Final = 1.0
LABEL_SLOP: Final = 2
# A phrase, or the meaning of a rule, adjacent in a title or a label: no title has all words of "petite enfance
# alternance débutant", and « petite » alone matches courses on small enterprises.
TOGETHER: Final = 1.0
# Ordinary relevance only breaks ties.
ORDINARY: Final = 0.01
# The first offer of a title precedes the second of another: ten results show more than three trainings. Half of this is
# lost by the second copy, so it is below the difference between two likely jobs.
FIRST_COPY: Final = 0.3
FIRST_COPY_AT: Final = {"pivot": 1.0}
# Around a town, offers held there precede equally matching remote ones: more than the difference of two copies, less
# than that of two likely jobs.
HELD_THERE: Final = 0.2
# Names of the clauses, followed by what identifies them: the number of a wording, a code, a field.
SAME, ALL, LABEL, JOB, MAIN_JOB, WORDS, NUMBER = "same", "all", "label", "job", "main", "words", "number"
TYPED: Final = "typed"
SIDE_BY_SIDE: Final = "together"
NEAR: Final = "near"
_ONE_NUMBER: Final = re.compile(r"\S*\d\S*")
# Stop words of the engine's analyzer: of « permis C » it searches « permis », which B matches as well.
_LOSES_ITS_LETTER: Final = re.compile(r"\bpermis[ -](?:ce?|d)\b(?!')")
ORDINARY_FIELDS: Final = ("title", "subjects", "words")


def words_filter(meant: Understanding) -> Clause:
    """Return the clause that every hit fulfils: enough of the words, or one of their jobs."""
    if meant.loose:
        longest = max(map(len, meant.words.split()), default=0)
        similar = {"fuzziness": SIMILAR} if longest <= LONGEST_SIMILAR else {}
        return {"match": {"words": {"query": meant.words, **similar}}}
    clauses = [_enough_of(text, phrases_in(text, meant.phrases)) for text in meant.texts]
    if meant.jobs:
        clauses.append({"terms": {"rome": [job.code for job in meant.jobs]}})
    clauses += _numbered(meant)
    return {"bool": {"should": clauses}}


def words_scores(meant: Understanding, *, around: bool = False, named: bool = False) -> list[Clause]:
    """Return the scoring clauses; each is worth at most its boost. ``around``: a circle is searched.

    With names the engine reports the matching clauses of each hit (``present.why`` reads them), at some cost per hit.
    """
    scores = [
        _constant({"term": {"title.exact": meant.title}}, SAME_TITLE, f"{SAME}:{TYPED}"),
        *_each(meant, SAME, lambda text: {"term": {"title.exact": text}}, SAME_TITLE * OTHER_WORDING),
        *_each(meant, ALL, lambda text: _all_words("title", text), ALL_IN_TITLE, whole=True),
        *_each(meant, LABEL, lambda text: _phrase("subjects", text), LABEL_PHRASE, whole=True),
    ]
    phrases = [each for each in meant.phrases if not _LOSES_ITS_LETTER.search(fold(each))]
    if phrases:
        together = [_phrase(name, each) for each in phrases for name in ("title", "subjects")]
        scores.append(_constant({"bool": {"should": together}}, TOGETHER, SIDE_BY_SIDE))
    scores += [_constant(clause, SAME_NUMBER, f"{NUMBER}:{meant.kept}") for clause in _numbered(meant)]
    for job in meant.jobs:
        scores.append(_constant({"term": {"rome": job.code}}, job.probability, f"{JOB}:{job.code}"))
        scores.append(_constant({"term": {"rome_main": job.code}}, job.probability, f"{MAIN_JOB}:{job.code}"))
    for name in ORDINARY_FIELDS:
        clause: Clause = {"query": meant.words, "boost": ORDINARY, "_name": f"{WORDS}:{name}"}
        scores.append({"match": {name: clause}})
    scores.append({"rank_feature": {"field": "copy_number", "saturation": FIRST_COPY_AT, "boost": FIRST_COPY}})
    if around:
        scores.append(_constant({"bool": {"must_not": {"term": {"mode": "remote"}}}}, HELD_THERE, NEAR))
    return scores if named else [_without_name(each) for each in scores]


def _each(
    meant: Understanding, name: str, clause: Callable[[str], Clause], boost: float, *, whole: bool = False
) -> list[Clause]:
    """Return the clause of every wording, of which only the best counts; with ``whole`` without those with words that
    the analyzer drops.
    """
    found = [
        _constant(clause(text), boost * (OTHER_WORDING if number else 1), f"{name}:{number}")
        for number, text in enumerate(meant.texts)
        if not (whole and _LOSES_ITS_LETTER.search(fold(text)))
    ]
    return found if len(found) < 2 else [{"dis_max": {"queries": found}}]


def _numbered(meant: Understanding) -> list[Clause]:
    """Return the clauses for one word with a digit, which may be the number or the key of an offer or a training, the
    number of a session, or one of the specific register (« RS 5130 »).
    """
    register = rs_number(fold(meant.kept))
    clauses: list[Clause] = [{"term": {"rs": register}}] if register else []
    if _ONE_NUMBER.fullmatch(meant.kept):
        number = meant.kept
        fields = {"id": number, "key": number.lower(), "training_id": number, "session_keys": key_of(number)}
        clauses += [{"term": {name: text}} for name, text in fields.items()]
    return [{"bool": {"should": clauses}}] if clauses else []


def _enough_of(text: str, phrases: Sequence[str]) -> Clause:
    """Return the clause for enough words of a text; those of a phrase match together or not at all."""
    if not phrases:
        return {"match": {"words": {"query": text, "minimum_should_match": ENOUGH_WORDS}}}
    folded = fold(text)
    source = text if len(folded) == len(text) else folded  # with ligatures, lengths differ: too rare to align letters
    inside = {word for phrase in phrases for word in words_of(phrase)}
    others = [_word(source[start:end]) for word, start, end in spans_of(folded) if word not in inside]
    together = [_all_words("words", phrase) for phrase in phrases for _ in range(_weight(phrase))]
    if len(phrases) == 1 and not others:
        return together[0]
    return {"bool": {"should": together + others, "minimum_should_match": ENOUGH_WORDS}}


def _weight(phrase: str) -> int:
    """Return the number of words that a phrase counts for: "titre professionnel" is one, or it would be enough
    alone.
    """
    return max(1, sum(word not in SAYS_LITTLE for word in words_of(phrase)))


def _word(word: str) -> Clause:
    """Return the clause for one word; a stop word of the analyzer matches everything."""
    return {"match": {"words": {"query": word, "zero_terms_query": "all"}}}


def _all_words(name: str, text: str) -> Clause:
    return {"match": {name: {"query": text, "operator": "and"}}}


def _phrase(name: str, text: str) -> Clause:
    return {"match_phrase": {name: {"query": text, "slop": LABEL_SLOP}}}


def _constant(clause: Clause, boost: float, name: str) -> Clause:
    return {"constant_score": {"filter": clause, "boost": round(boost, 3), "_name": name}}


def _without_name(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_name(each) for key, each in value.items() if key != "_name"}
    return [_without_name(each) for each in value] if isinstance(value, list) else value
