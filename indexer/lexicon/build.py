"""Builds the lexicon of an index from its offers and the reference tables; stored under the name of the index."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from funding import DOCUMENT as FUNDING
from indexer.installation.indices import Indices
from indexer.lexicon.acronyms import build_acronyms
from indexer.lexicon.catalogue import Catalogue, fetch_catalogue
from indexer.lexicon.jobs import build_weights
from indexer.lexicon.meaning import build_meaning
from indexer.lexicon.state import fetch_state, is_current
from indexer.lexicon.vocabulary import build_names, build_words
from language.lexicon import Lexicon, pack_lexicon
from language.meaning import Encoder, load_encoder
from language.titles import base_title
from language.words import fold
from mappings.reference import Reference
from synonyms import DOCUMENT

ATTEMPTS: Final = 3  # later changes are built by the loads that make them
MOST_TITLES: Final = 50_000  # distinct titles for suggestions: the search holds them in memory
CERTIFICATION_KINDS: Final = ("rncp", "rs", "certifinfo")


def keep_lexicon(indices: Indices, index: str) -> bool:
    """Build the lexicon of an offers index unless it is current; return whether it was built. Raises EngineError."""
    if is_current(indices, index):
        return False
    store_lexicon(indices, index)
    return True


def store_lexicon(indices: Indices, index: str) -> None:
    """Build and store the lexicon of an offers index, visible on return; raises EngineError.

    Two loads that end at the same time both build it; the one that stores last may have read first, so it checks again.
    Lexicons of deleted indices are removed; the vocabulary rules are stored beside them.
    """
    indices.ensure("lexicon")
    for _ in range(ATTEMPTS):
        state = fetch_state(indices, index)  # before the offers are read, so that a later change makes it differ
        lexicon = build_lexicon(fetch_catalogue(indices, index), indices.fetch_reference(), load_encoder())
        built_at = datetime.now(UTC).isoformat(timespec="seconds")
        document = pack_lexicon(index, lexicon, built_at) | {"made_from": state}
        indices.store_document(indices.names.lexicon, index, document)
        if is_current(indices, index):
            break
    gone = {"query": {"bool": {"must_not": [{"terms": {"name": [*indices.offers_indices(), DOCUMENT, FUNDING]}}]}}}
    indices.engine.call("POST", f"/{indices.names.lexicon}/_delete_by_query", gone, {"conflicts": "proceed"})


def build_lexicon(catalogue: Catalogue, reference: Reference, encoder: Encoder | None = None) -> Lexicon:
    """Return the lexicon of this catalogue and these tables; without an encoder it knows nothing of meaning."""
    codes = sorted(catalogue.rome)
    titles = _titles(catalogue)
    certifications = _certifications(catalogue)
    job_titles = list(_job_titles(codes, catalogue, reference))
    named = [*titles, *((label, offers) for _, _, label, offers in certifications)]
    return Lexicon(
        codes=[(code, catalogue.rome[code]) for code in codes],
        weights=build_weights(codes, catalogue, reference),
        job_titles=job_titles,
        words=build_words(catalogue, reference),
        names=build_names(catalogue, reference),
        acronyms=build_acronyms(named, [*reference.rome_texts.values(), *reference.formacode.values()]),
        titles=titles[:MOST_TITLES],
        certifications=certifications,
        domains=dict(sorted(catalogue.domain.items())),
        providers=dict(sorted(catalogue.provider.items())),
        meaning=build_meaning(codes, job_titles, reference, encoder),
    )


def _titles(catalogue: Catalogue) -> list[tuple[str, int]]:
    """Return distinct titles (ignoring case and accents) in their most frequent spelling."""
    spellings: dict[str, Counter[str]] = {}
    for training in catalogue.trainings:
        spellings.setdefault(fold(training.title), Counter())[training.title] += training.offers
    counted = [(rows.most_common(1)[0][0], rows.total()) for _, rows in sorted(spellings.items())]
    return sorted(counted, key=lambda row: -row[1])


def _certifications(catalogue: Catalogue) -> list[tuple[str, str, str, int]]:
    labels: dict[tuple[str, str], Counter[str]] = {}
    for training in catalogue.trainings:
        for each in training.certifications:
            kind = next((kind for kind in CERTIFICATION_KINDS if each.get(kind)), None)
            if kind:
                labels.setdefault((kind, each[kind]), Counter())[each.get("label") or training.title] += training.offers
    rows = [(kind, code, names.most_common(1)[0][0], names.total()) for (kind, code), names in sorted(labels.items())]
    return sorted(rows, key=lambda row: -row[3])


def _job_titles(codes: list[str], catalogue: Catalogue, reference: Reference) -> Iterator[tuple[int, str]]:
    """Yield label and titles of each job; if no title is known, first those of the trainings that lead to it."""
    trainings: dict[str, list[str]] = {}
    for training in catalogue.trainings:
        if training.rome_main and training.rome_main not in reference.rome_titles:
            trainings.setdefault(training.rome_main, []).append(training.title)
    for number, code in enumerate(codes):
        for title in dict.fromkeys(trainings.get(code, ())):
            yield number, title
        if code in reference.rome:
            yield number, reference.rome[code]
        for title in reference.rome_titles.get(code, ()):
            yield number, base_title(title)
