"""Words that are candidates of the spelling correction, and words that are never corrected."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from indexer.lexicon.catalogue import Catalogue
from language.titles import both_genders
from language.words import clean, fold, words_of
from mappings.reference import Reference

_PART: Final = re.compile(r"\w+")
LONGEST_ACRONYM: Final = 6  # letters; longer words in capitals come from titles written in capitals
SHORTEST: Final = 3  # letters; shorter words are neither corrected nor candidates


def build_words(catalogue: Catalogue, reference: Reference) -> dict[str, int]:
    """Return each folded word with the number of distinct texts that contain it."""
    counts: Counter[str] = Counter()
    for text in dict.fromkeys(_texts(catalogue, reference)):
        counts.update(_kept(text) - _acronyms(text))
    return dict(sorted(counts.items()))


def _acronyms(text: str) -> set[str]:
    """Return short words that occur in capitals only: acronyms are not words, and a word also occurs in lower case."""
    return {fold(part) for part in _PART.findall(clean(text)) if part.isupper() and len(part) <= LONGEST_ACRONYM}


def build_names(catalogue: Catalogue, reference: Reference) -> list[str]:
    """Return the folded words of the providers' names, and short words in capitals."""
    names = {word for name in reference.providers.values() for word in _kept(name)}
    return sorted(names.union(*(_acronyms(text) for text in _texts(catalogue, reference))))


def _texts(catalogue: Catalogue, reference: Reference) -> Iterator[str]:
    for training in catalogue.trainings:
        yield training.title
        yield from (each["label"] for each in training.certifications if "label" in each)
    yield from reference.rome.values()
    yield from reference.rome_texts.values()
    for titles in reference.rome_titles.values():
        for title in titles:
            yield from both_genders(title)
    yield from reference.formacode.values()
    for synonyms in reference.formacode_synonyms.values():
        yield from synonyms
    yield from reference.nsf.values()
    yield from reference.audience.values()


def _kept(text: str) -> set[str]:
    return {word for word in words_of(text) if len(word) >= SHORTEST and not word.isdigit()}
