"""Acronyms that catalogue and vocabularies explain: by stating both forms, or by the initials of a title.

Acronyms that neither explains need a rule in ``synonyms``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from language.words import clean, fold

SHORTEST, LONGEST = 2, 7  # letters of an acronym
# Distinct titles with it in capitals: « BP », « MC » are frequent in titles and are not initials.
A_WORD: Final = 8
MOST_MEANINGS: Final = 3  # meanings of one acronym, the most frequent: "CSA" has dozens, most of them once
_ACRONYM: Final = rf"[A-Z]{{{SHORTEST},{LONGEST}}}"
# "Certificat de Spécialisation Agricole -CSA-" and "Certificat de qualification (CQP)"
_AFTER: Final = re.compile(rf"[-(\[]\s*(?P<acronym>{_ACRONYM})\s*[-)\]]")
_ENDS: Final = re.compile(r"[()\[\];:]")  # a meaning does not extend beyond these
REACH: Final = 150  # characters before an acronym that may be its meaning
# "AFPS (attestation de formation aux premiers secours)" and "DEAS - diplôme d'État d'aide-soignant"
_BEFORE: Final = re.compile(rf"\b(?P<acronym>{_ACRONYM})\s*(?:\((?P<inside>[^()]+)\)|\s-\s(?P<words>[^()\[\];:]+))")
# The diploma in a title: people write « bts mco », not « btsmco ».
_DIPLOMAS: Final = re.compile(
    r"(?:(?:bts|btsa|cap|capa|bep|bepa|bp|bac|bachelor|but|dut|deust|deug|licence|master|mastere|baccalaureat|brevet|"
    r"diplome|titre|certificat|mention|cqp|cqpi|bpjeps|dejeps|desjeps|bprea|bpa|bma|dma|tp|cs|mc|l|d|"
    r"professionnel|professionnelle|pro|complementaire|superieur|aptitude|"
    r"agricole|universitaire|technologie|national|etat|specialise|specialite|de|du|des|en|d'|l'|le|la|les|et|aux)"
    r"\b[\s:,'-]*)*"
)
_CAPITALS: Final = re.compile(rf"\b{_ACRONYM}\b")
_PART: Final = re.compile(r"[^\s',-]+")
# Words without a letter in acronyms; « tous » has one, in « APT »
_SMALL_WORDS: Final = "de du des la le les l d et a au aux en pour par sur un une ou dans"
SMALL: Final = frozenset(_SMALL_WORDS.split())
_OPTION: Final = re.compile(r"\s(?:option|specialite|mention|parcours|dominante|majeure|module|niveau)\b|[(\[:/]")
_MENTION: Final = re.compile(r"\bmention ([^:(\[/]+?)(?= option | parcours |$)")


def build_acronyms(titles: Iterable[tuple[str, int]], texts: Iterable[str]) -> dict[str, list[str]]:
    """Return acronym -> meanings, the most frequent first.

    ``titles`` are those of trainings and certifications with their frequency, ``texts`` all texts that may explain an
    acronym.

    >>> build_acronyms([("BTS management commercial opérationnel", 9), ("BTS gestion de la PME", 2)], [])
    {'gpme': ['gestion de la pme'], 'mco': ['management commercial operationnel']}
    >>> build_acronyms([("Diplôme d'État d'aide-soignant", 5)], ["Spécialisation Agricole -SA-", "Utilisation -CUMA-"])
    {'as': ['aide-soignant'], 'deas': ["diplome d'etat d'aide-soignant"], 'sa': ['specialisation agricole']}
    >>> build_acronyms([("BPJEPS spécialité éducateur sportif mention activités physiques pour tous", 5)], [])
    {'apt': ['activites physiques pour tous']}
    """
    meanings: dict[str, Counter[str]] = {}
    titles = list(titles)
    in_titles = Counter(part for title, _ in titles if not title.isupper() for part in _CAPITALS.findall(title))
    for title, offers in titles:
        for named in _namings(title):
            acronym = _initials_of_title(named)
            spelt = SHORTEST <= len(acronym) <= LONGEST and acronym.isalpha()
            if spelt and in_titles[acronym.upper()] < A_WORD:
                meanings.setdefault(acronym, Counter())[fold(named)] += offers
        _add_pairs(title, meanings)
    for text in texts:
        _add_pairs(text, meanings)
    return {acronym: [own for own, _ in rows.most_common(MOST_MEANINGS)] for acronym, rows in sorted(meanings.items())}


def _namings(title: str) -> Iterator[str]:
    """Yield the parts of a title that people may abbreviate: the whole, without its diploma, the subject of a
    "mention".
    """
    title = clean(title)
    whole = _cut(title, _OPTION)
    diploma = _DIPLOMAS.match(fold(whole))
    own = whole[diploma.end() :] if diploma and len(fold(whole)) == len(whole) else whole
    spelt_out = () if whole.partition(" ")[0].isupper() else (whole,)  # « btsmco » is not in use
    yield from dict.fromkeys(each.strip(" -,.'") for each in (*spelt_out, own, *_MENTION.findall(title)))


def _cut(title: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(fold(title))
    return title[: found.start()] if found and len(fold(title)) == len(title) else title


def _initials_of_title(title: str) -> str:
    """Return the initials of a title's words; a word in capitals contributes all its letters: « gestion de la PME »."""
    parts = [part for part in _PART.findall(title) if fold(part) not in SMALL]
    shouted = title.isupper()
    return fold("".join(part if part.isupper() and len(part) > 1 and not shouted else part[0] for part in parts))


def _add_pairs(text: str, meanings: dict[str, Counter[str]]) -> None:
    text = clean(text)
    for found in _AFTER.finditer(text):
        before = _ENDS.split(text[max(0, found.start() - REACH) : found.start()])[-1]
        _add(found["acronym"], fold(before), meanings, from_end=True)
    for found in _BEFORE.finditer(text):
        _add(found["acronym"], fold(found["inside"] or found["words"]), meanings, from_end=False)


def _add(acronym: str, words: str, meanings: dict[str, Counter[str]], *, from_end: bool) -> None:
    """Add a pair if the initials of the words, with or without small words, are the acronym."""
    letters = acronym.lower()
    parts = list(_PART.finditer(words))
    for count in range(len(letters), min(len(parts), 2 * len(letters)) + 1):
        chosen = parts[-count:] if from_end else parts[:count]
        all_words = [part[0] for part in chosen]
        if all_words[0] not in SMALL and letters in (_initials(all_words), _initials(_without_small(all_words))):
            meanings.setdefault(letters, Counter())[words[chosen[0].start() : chosen[-1].end()]] += 1
            return


def _initials(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words)


def _without_small(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in SMALL]
