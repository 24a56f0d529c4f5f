"""Explanation of a result's rank: the matching clauses, in words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from search_app.search.query.words import ALL, JOB, LABEL, MAIN_JOB, NEAR, NUMBER, SAME, TYPED, WORDS
from search_app.search.reference_data import Snapshot
from search_app.search.stored import Hit
from search_app.search.understand import Understanding

_WHERE: Final = {"title": "l’intitulé", "subjects": "les domaines, métiers et certifications", "words": "la fiche"}


def to_whys(hits: Iterable[Hit], meant: Understanding | None, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return, for each hit in order, its key, its score and explaining sentences."""
    return [
        {
            "key": hit.source.key,
            "score": hit.score,
            "why": list(_sentences(hit.matched_queries, meant, snapshot)) if meant else [],
        }
        for hit in hits
    ]


def _sentences(names: Sequence[str], meant: Understanding, snapshot: Snapshot) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for name in names:
        kind, _, rest = name.partition(":")
        found.setdefault(kind, []).append(rest)
    if NUMBER in found:
        yield "Son numéro est celui qui est cherché."
    for kind, sentence in (
        (SAME, "L’intitulé est exactement « {} »."),
        (ALL, "L’intitulé contient tous les mots de « {} »."),
        (LABEL, "« {} » est dans le nom d’un domaine, d’un métier ou d’une certification."),
    ):
        for number in sorted(found.get(kind, ()))[:1]:
            yield sentence.format(meant.title if number == TYPED else meant.texts[int(number)])
    jobs = {job.code: job for job in meant.jobs}
    for code in found.get(JOB, ()):
        how = "son premier métier" if code in found.get(MAIN_JOB, ()) else "un de ses métiers"
        label = snapshot.label("rome", code)
        told = f"vraisemblance {round(jobs[code].probability, 2)}"
        near = f" ; proche de : « {jobs[code].near} »" if jobs[code].near else ""
        yield f"« {label} » ({code}) est {how}, et un métier reconnu dans les mots ({told}{near})."
    where = [_WHERE[name] for name in _WHERE if name in found.get(WORDS, ())]
    if where:
        yield f"Des mots sont dans {', '.join(where)}."
    if NEAR in found:
        yield "Elle a lieu près d’ici, et non à distance."
