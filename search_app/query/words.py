"""The clauses for plain words: which offers are found by them, and what puts one before another."""

from collections.abc import Sequence
from typing import Any, Final

from mappings.words import fold, spans_of, words_of
from search_app.understand import SAYS_LITTLE, Understanding, phrases_in

Clause = dict[str, Any]

# Of two words both must be found, of more three in four: without it "soudeur à Albi" finds everything in Albi. It costs
# no precision and leaves 800 hits in the place of 5,200, so that totals and counts mean something.
ENOUGH_WORDS: Final = "2<75%"
# A job brings an offer its probability, once more if it is the offer's first job: at most 2.
# The title that was asked for comes before everything else.
SAME_TITLE: Final = 5.0
# All words in the title weigh as much as the surest job: "CAP cuisine" is asked for by name.
ALL_IN_TITLE: Final = 2.0
# Side by side in the label of a domain, a job or a certification: "langue anglaise" where no title has it
LABEL_PHRASE: Final = 1.0
LABEL_SLOP: Final = 2
# A phrase, or what a rule means, side by side in a title or a label: "petite enfance alternance débutant" has no title
# with all its words, and « petite » alone is half of what creates enterprises.
TOGETHER: Final = 1.0
# Ordinary relevance only decides between equals.
ORDINARY: Final = 0.02
# The first offer of a title comes before the second of another: ten results show more than three trainings. Half of
# this is lost by the second copy, so it is below what the second of two likely jobs differs by.
FIRST_COPY: Final = 0.3
FIRST_COPY_PIVOT: Final = 1.0


def words_filter(meant: Understanding) -> Clause:
    """Return the clause that every hit fulfils: enough of the words, or one of the jobs they mean."""
    clauses = [_enough_of(text, phrases_in(text, meant.phrases)) for text in meant.texts]
    if meant.jobs:
        clauses.append({"terms": {"rome": [job.code for job in meant.jobs]}})
    return {"bool": {"should": clauses}}


def words_scores(meant: Understanding) -> list[Clause]:
    """Return what adds to an offer's score; each clause is worth at most its boost."""
    scores = [
        _best([_constant({"term": {"title.exact": text}}, SAME_TITLE) for text in meant.texts]),
        _best([_constant(_all_words("title", text), ALL_IN_TITLE) for text in meant.texts]),
        _best([_constant(_phrase("subjects", text), LABEL_PHRASE) for text in meant.texts]),
        {"rank_feature": {"field": "copy_number", "saturation": {"pivot": FIRST_COPY_PIVOT}, "boost": FIRST_COPY}},
    ]
    if meant.phrases:
        together = [_phrase(name, each) for each in meant.phrases for name in ("title", "subjects")]
        scores.append(_constant({"bool": {"should": together}}, TOGETHER))
    scores += [{"match": {name: {"query": meant.words, "boost": ORDINARY}}} for name in ("title", "subjects", "words")]
    for job in meant.jobs:
        scores += [_constant({"term": {name: job.code}}, job.probability) for name in ("rome", "rome_main")]
    return scores


def _enough_of(text: str, phrases: Sequence[str]) -> Clause:
    """Return the clause for enough words of a text; those of a phrase are found together or not at all."""
    if not phrases:
        return {"match": {"words": {"query": text, "minimum_should_match": ENOUGH_WORDS}}}
    folded = fold(text)
    source = text if len(folded) == len(text) else folded  # ligatures: too rare to count letters for
    inside = {word for phrase in phrases for word in words_of(phrase)}
    others = [_word(source[start:end]) for word, start, end in spans_of(folded) if word not in inside]
    together = [_all_words("words", phrase) for phrase in phrases for _ in range(_weight(phrase))]
    if len(phrases) == 1 and not others:
        return together[0]
    return {"bool": {"should": together + others, "minimum_should_match": ENOUGH_WORDS}}


def _weight(phrase: str) -> int:
    """Return as how many words a phrase counts: "titre professionnel" is one, or it would be enough by itself."""
    return max(1, sum(word not in SAYS_LITTLE for word in words_of(phrase)))


def _word(word: str) -> Clause:
    """Return the clause for one word; one that the engine takes for a stop word is found everywhere."""
    return {"match": {"words": {"query": word, "zero_terms_query": "all"}}}


def _all_words(name: str, text: str) -> Clause:
    return {"match": {name: {"query": text, "operator": "and"}}}


def _phrase(name: str, text: str) -> Clause:
    return {"match_phrase": {name: {"query": text, "slop": LABEL_SLOP}}}


def _constant(clause: Clause, boost: float) -> Clause:
    return {"constant_score": {"filter": clause, "boost": round(boost, 3)}}


def _best(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"dis_max": {"queries": clauses}}
