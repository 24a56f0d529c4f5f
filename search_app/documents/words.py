"""The words of a search of documents: what they mean, and the clauses that find it.

They are understood as those of offers are (folding, roots, acronyms and rules, jobs by words), and as names of domains
and numbers of codes. Places, dates and levels in them stay words. Spelling is corrected only where the words as typed
find nothing: the lexicon that corrects them is that of offers, which has few words of official texts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from language.words import clean, fold, words_of
from mappings.keys import KEY_LENGTH, LETTERS
from search_app.documents.domain_names import domains_named
from search_app.search.reference_data import Snapshot
from search_app.search.understand import Understanding

Clause = dict[str, Any]
# Of two words both must match, of more three in four, as in offers.
ENOUGH_WORDS: Final = "2<75%"
SIMILAR: Final = "AUTO:5,9"
LONGEST_SIMILAR: Final = 40
SAME_NUMBER: Final = 10.0  # a copied number means nothing else
SAME_TITLE: Final = 5.0  # the title itself was typed
ALL_IN_TITLE: Final = 3.0  # all words in the title weigh more than any code
IN_ORDER: Final = 1.0  # beside each other: « compte personnel » before « compte rendu du personnel »
OF_JOB: Final = 1.0  # times the job's probability: a sheet of « soudeur » has no « soudage » in its title
OF_DOMAIN: Final = 1.0
ORDINARY: Final = 0.05  # ordinary relevance breaks ties, and orders what has the words in its text alone
STILL_VALID: Final = 0.5  # an expired text follows a valid one that matches as well
_KEY: Final = re.compile(f"[{LETTERS}]{{{KEY_LENGTH}}}")
_RNCP: Final = re.compile(r"rncp\s?(\d{1,8})")
_NOR: Final = re.compile(r"(?:nor\s?:?\s?)?([a-z]{4}\d{7}[a-z])")
_ISBN: Final = re.compile(r"(?:isbn\s?:?\s?)?(\d{13}|\d{9}[\dx])")
_SINGLE: Final = ((re.compile(r"[a-n]\d{4}"), "rome"), (re.compile(r"\d{5}"), "formacode"))


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """The meaning of the words; ``numbers`` are values of fields that one of the words, or all of them, may be.

    ``meant`` is the reading by the lexicon of offers, ``domains`` are codes whose name the words are.
    """

    meant: Understanding
    numbers: tuple[tuple[str, str], ...]
    domains: tuple[str, ...]
    loose: bool = False

    def loosely(self) -> "DocumentWords":
        """Return the same for any of the words, or similar ones."""
        return replace(self, loose=True)


def read_words(typed: str, snapshot: Snapshot, today: date, *, corrected: bool = False) -> DocumentWords:
    """Return what words mean, with the spelling corrected or as it is."""
    verbatim = ("filters",) if corrected else ("filters", "spelling")
    meant = snapshot.understander.by_words.understand(typed, today, verbatim=verbatim)
    return DocumentWords(meant, tuple(numbers_in(typed)), domains_named(meant.texts, snapshot))


def numbers_in(typed: str) -> Iterable[tuple[str, str]]:
    """Yield field and value of each number in a typed text.

    >>> list(numbers_in("RNCP 38565")), list(numbers_in("fiche h2913"))
    ([('rncp', '38565')], [('rome', 'H2913')])
    >>> list(numbers_in("NOR : abcd2600001d")), list(numbers_in("978-2-07-036002-4"))
    ([('identifiers', 'nor:ABCD2600001D')], [('identifiers', 'isbn:9782070360024')])
    >>> list(numbers_in("eli:decret/2026/1/5/X")), list(numbers_in("soudeur"))
    ([('identifiers', 'eli:decret/2026/1/5/X')], [])
    """
    whole, folded = typed.strip(), fold(clean(typed)).strip()
    if _KEY.fullmatch(folded):
        yield "key", folded
    if whole.lower().startswith(("eli:", "oai:")):
        yield "identifiers", whole[:4].lower() + whole[4:]
    for pattern, kind in ((_NOR, "nor"), (_ISBN, "isbn")):
        found = pattern.fullmatch(folded.replace("-", "") if kind == "isbn" else folded)
        if found:
            yield "identifiers", f"{kind}:{found[1].upper()}"
    yield from (("rncp", str(int(found[1]))) for found in _RNCP.finditer(folded))
    for word in words_of(_RNCP.sub("", folded)):
        yield from ((field, word.upper()) for pattern, field in _SINGLE if pattern.fullmatch(word))


def words_clause(words: DocumentWords) -> Clause:
    """Return the clause that every hit fulfils: enough of the words, one of their codes or numbers."""
    meant = words.meant
    if words.loose:
        longest = max(map(len, meant.words.split()), default=0)
        similar = {"fuzziness": SIMILAR} if longest <= LONGEST_SIMILAR else {}
        return {"match": {"words": {"query": meant.words, **similar}}}
    clauses: list[Clause] = [
        {"match": {"words": {"query": text, "minimum_should_match": ENOUGH_WORDS}}} for text in meant.texts
    ]
    if meant.jobs:
        clauses.append({"terms": {"rome": [job.code for job in meant.jobs]}})
    clauses += _domain_clauses(words)
    clauses += [{"term": {field: value}} for field, value in words.numbers]
    return {"bool": {"should": clauses}}


def words_scores(words: DocumentWords, valid: Clause) -> list[Clause]:
    """Return the scoring clauses; ``valid`` holds for what has not expired."""
    meant = words.meant
    texts = [_constant({"match": {"title": {"query": each, "operator": "and"}}}, ALL_IN_TITLE) for each in meant.texts]
    phrases = [_constant({"match_phrase": {"title": each}}, IN_ORDER) for each in meant.texts]
    return [
        _constant({"term": {"title.exact": meant.title}}, SAME_TITLE),
        {"dis_max": {"queries": texts}},
        {"dis_max": {"queries": phrases}},
        *(_constant({"term": {"rome": job.code}}, OF_JOB * job.probability) for job in meant.jobs),
        *(_constant(clause, OF_DOMAIN) for clause in _domain_clauses(words)),
        *(_constant({"term": {field: value}}, SAME_NUMBER) for field, value in words.numbers),
        {"match": {"words": {"query": meant.words, "boost": ORDINARY}}},
        _constant(valid, STILL_VALID),
    ]


def _domain_clauses(words: DocumentWords) -> list[Clause]:
    by_field: dict[str, list[str]] = {}
    for code in words.domains:
        by_field.setdefault("domain" if len(code) == 3 else "formacode", []).append(code)
    return [{"terms": {field: codes}} for field, codes in by_field.items()]


def _constant(clause: Mapping[str, Any], boost: float) -> Clause:
    return {"constant_score": {"filter": clause, "boost": round(boost, 3)}}
