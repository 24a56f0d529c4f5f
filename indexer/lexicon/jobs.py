"""Weight of each root of a word for each job: BM25 over the texts of the jobs, summed over their kinds.

The sum is linear in the words of a query, so it is computed here once, and the search only adds weights.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from indexer.lexicon.catalogue import Catalogue
from language.roots import roots_of
from language.titles import base_title
from mappings.reference import Reference

# Weights of the texts of a job, found by halving and doubling each on a part of the job titles that is not used for any
# figure in docs/measurements.md. Queries that get worse with other weights are in
# docs/decisions/0007-from-words-to-jobs.md.
LABEL: Final = 0.8  # of the ROME code; above it "aide à domicile" matches every label with "aide"
TEXTS: Final = 0.8  # definition, access and skills of the job sheet
TITLES: Final = 1.0  # job titles of the code
OTHERS: Final = 0.3  # titles of its trainings, labels and synonyms of their domains: one training has up to 50 codes
# A job without known titles is found by its texts only; with a higher weight it wins queries for other jobs.
UNTITLED: Final = 1.5
# BM25's usual constants
SATURATION: Final = 1.2
LENGTH: Final = 0.75
LEAST: Final = 0.05  # a smaller weight changes no order


def build_weights(codes: Sequence[str], catalogue: Catalogue, reference: Reference) -> dict[str, list[float]]:
    """Return, for each root, [job, weight, job, weight, ...]; a job is a position in ``codes``."""
    position = {code: number for number, code in enumerate(codes)}
    trainings: dict[str, list[str]] = {code: [] for code in codes}
    domains: dict[str, set[str]] = {code: set() for code in codes}
    for training in catalogue.trainings:
        for code in training.rome:
            if code in position:
                trainings[code].append(training.title)
                domains[code].update(training.formacode)
    written = (
        (LABEL, {code: [reference.rome.get(code, "")] for code in codes}),
        (TEXTS, {code: [reference.rome_texts.get(code, "")] for code in codes}),
        (TITLES, {code: [base_title(title) for title in reference.rome_titles.get(code, ())] for code in codes}),
        (OTHERS, trainings),
        (OTHERS, {code: _names(domains[code], reference) for code in codes}),
    )
    weights: dict[str, dict[int, float]] = {}
    for boost, texts in written:
        roots = {position[code]: [root for text in each for root in roots_of(text)] for code, each in texts.items()}
        for root, jobs in _bm25(roots).items():
            row = weights.setdefault(root, {})
            for job, weight in jobs.items():
                row[job] = row.get(job, 0.0) + boost * weight * (
                    1.0 if codes[job] in reference.rome_titles else UNTITLED
                )
    return {root: packed for root, row in sorted(weights.items()) if (packed := _pack(row))}


def _names(formacodes: set[str], reference: Reference) -> list[str]:
    names: list[str] = []
    for code in sorted(formacodes):
        names += [reference.formacode.get(code, ""), *reference.formacode_synonyms.get(code, ())]
    return names


def _bm25(roots: Mapping[int, Sequence[str]]) -> dict[str, dict[int, float]]:
    """Return root -> {job: weight of one occurrence of the root in a query}."""
    average = sum(map(len, roots.values())) / max(1, len(roots)) or 1.0
    found: dict[str, dict[int, float]] = {}
    for job, words in roots.items():
        flat = SATURATION * (1 - LENGTH + LENGTH * len(words) / average)
        for root, times in Counter(words).items():
            found.setdefault(root, {})[job] = times * (SATURATION + 1) / (times + flat)
    for jobs in found.values():
        rarity = math.log(1 + (len(roots) - len(jobs) + 0.5) / (len(jobs) + 0.5))
        for job in jobs:
            jobs[job] *= rarity
    return found


def _pack(row: Mapping[int, float]) -> list[float]:
    return [each for job, weight in sorted(row.items()) if weight >= LEAST for each in (job, round(weight, 2))]
