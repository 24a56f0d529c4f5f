"""Learns from the known job titles which meaning leads to which job; kept in the lexicon if there is an encoder."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from language.meaning import Encoder
from language.titles import both_genders
from mappings.reference import Reference

MOST_TITLES: Final = 40_000  # of a lexicon, both genders: ROME has half of that


def build_meaning(
    codes: Sequence[str], job_titles: Sequence[tuple[int, str]], reference: Reference, encoder: Encoder | None
) -> Mapping[str, Any]:
    """Return what the search needs to count votes by meaning; empty without an encoder or titles."""
    if encoder is None or not job_titles:
        return {}
    # they need numpy, which comes with the encoder
    from indexer.lexicon.fit import fit_weights
    from language.meaning.features import accents_in, features_of, sentences_of
    from language.meaning.votes import pack_votes

    feminine = list(_feminine(codes, reference))
    rows = [*job_titles, *feminine][:MOST_TITLES]
    texts = [title for _, title in rows]
    accents = accents_in([*texts, *reference.rome_texts.values(), *reference.formacode.values()])
    sentences = sentences_of(encoder, texts, accents)
    weights, bias = fit_weights(features_of(sentences, texts), [job for job, _ in rows], len(codes))
    return pack_votes(encoder, accents, weights, bias, sentences[: len(job_titles)])


def _feminine(codes: Sequence[str], reference: Reference) -> list[tuple[int, str]]:
    """Return the feminine titles that differ from the masculine ones: both are asked as often."""
    found = []
    for job, code in enumerate(codes):
        for masculine, feminine in map(both_genders, reference.rome_titles.get(code, ())):
            if feminine != masculine:
                found.append((job, feminine))
    return found
