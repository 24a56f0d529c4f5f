"""Acronyms that catalogue and vocabularies explain themselves: by a pair of both, or by the initials of a title.

What neither of them tells is a rule of ``synonyms``.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from mappings.words import STOP_WORDS, clean, fold, words_of

SHORTEST, LONGEST = 2, 7  # letters of an acronym
MOST_MEANINGS: Final = 3  # of one acronym, the most frequent: "CSA" has dozens, and most of them once
_ACRONYM: Final = rf"[A-Z]{{{SHORTEST},{LONGEST}}}"
# "Certificat de Spécialisation Agricole -CSA-" and "Certificat de qualification (CQP)"
_AFTER: Final = re.compile(rf"(?P<words>[^()\[\];:]+?)\s*[-(\[]\s*(?P<acronym>{_ACRONYM})\s*[-)\]]")
# "AFPS (attestation de formation aux premiers secours)" and "DEAS - diplôme d'État d'aide-soignant"
_BEFORE: Final = re.compile(rf"\b(?P<acronym>{_ACRONYM})\s*(?:\((?P<inside>[^()]+)\)|\s-\s(?P<words>[^()\[\];:]+))")
# What a title says of the diploma itself: people write « bts mco », not « btsmco ».
_DIPLOMAS: Final = re.compile(
    r"^(?:(?:bts|btsa|cap|capa|bep|bepa|bp|bac|bachelor|but|dut|deust|deug|licence|master|mastere|baccalaureat|brevet|"
    r"diplome|titre|certificat|mention|cqp|cqpi|bpjeps|dejeps|desjeps|bprea|bpa|bma|dma|tp|cs|mc|l|d|"
    r"professionnel|professionnelle|pro|complementaire|technicien superieur|superieur|metiers?|etudes?|aptitude|"
    r"agricole|universitaire|technologie|national|etat|specialise|specialite|responsable|de|du|des|en|d'|l'|le|la|les|et|aux)"
    r"\b[\s:,-]*)+"
)
_PART: Final = re.compile(r"[^\s'-]+")
SMALL: Final = STOP_WORDS | {"l", "d"}
_OPTION: Final = re.compile(
    r"\s(?:option|specialite|mention|parcours|dominante|majeure|module|niveau)\b.*|[(\[:/].*|\s-\s.*"
)


def build_acronyms(titles: Iterable[tuple[str, int]], texts: Iterable[str]) -> dict[str, list[str]]:
    """Return acronym -> what it stands for, the most frequent first.

    ``titles`` are those of trainings and certifications with their frequency, ``texts`` whatever may hold a pair.

    >>> build_acronyms([("BTS management commercial opérationnel", 9), ("BTSA productions animales", 2)], [])
    {'mco': ['management commercial operationnel'], 'pa': ['productions animales']}
    >>> build_acronyms([], ["Diplôme d'État d'aide-soignant -DEAS-", "Utilisation -CUMA-"])
    {'deas': ["diplome d'etat d'aide-soignant"]}
    """
    meanings: dict[str, Counter[str]] = {}
    for title, offers in titles:
        own = _without_diploma(title)
        acronym = "".join(word[0] for word in words_of(own.replace("-", " ")))
        if SHORTEST <= len(acronym) <= LONGEST and acronym.isalpha():
            meanings.setdefault(acronym, Counter())[own] += offers
        _add_pairs(title, meanings)
    for text in texts:
        _add_pairs(text, meanings)
    return {acronym: [own for own, _ in rows.most_common(MOST_MEANINGS)] for acronym, rows in sorted(meanings.items())}


def _without_diploma(title: str) -> str:
    folded = _OPTION.sub("", _OPTION.sub("", fold(clean(title))))
    return _DIPLOMAS.sub("", folded).strip(" -,.'")


def _add_pairs(text: str, meanings: dict[str, Counter[str]]) -> None:
    text = clean(text)
    for found in _AFTER.finditer(text):
        _add(found["acronym"], fold(found["words"]), meanings, from_end=True)
    for found in _BEFORE.finditer(text):
        _add(found["acronym"], fold(found["inside"] or found["words"]), meanings, from_end=False)


def _add(acronym: str, words: str, meanings: dict[str, Counter[str]], *, from_end: bool) -> None:
    """Take in a pair if the words' initials, with or without those of small words, are the acronym."""
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
