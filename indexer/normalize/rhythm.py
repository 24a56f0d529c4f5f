"""The rhythm of a training, recognised in the free text of rythme-formation by a table of words (docs/feeds.md)."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from indexer.normalize.texts import bare_words
from mappings.codes import Rhythm

# Rhythm -> its words, as ``bare_words`` returns them: no accents, a space for a hyphen.
WORDS: Final[Mapping[Rhythm, tuple[str, ...]]] = {
    "full_time": (
        "temps plein", "plein temps", "temps complet", "35h par semaine", "35 h par semaine", "35 heures par semaine",
        "35h semaine", "35 h semaine", "35 heures semaine", "35 heures hebdomadaires",
    ),
    "part_time": (
        "temps partiel", "plein ou partiel", "complet ou partiel", "mi temps", "demi journee", "demi journees",
    ),
    "evening": ("soir", "soirs", "soiree", "soirees"),
    "weekend": ("week end", "week ends", "weekend", "weekends", "fin de semaine", "samedi", "samedis", "dimanche"),
    "alternating": (
        "alternance", "contrat d apprentissage", "en apprentissage", "par apprentissage", "voie de l apprentissage",
        "contrat de professionnalisation",
    ),
}  # fmt: skip
# Words within three words after one of these are ignored: « sauf le samedi », « pas de cours le soir ».
NEGATIONS: Final = ("hors", "sauf", "excepte", "sans", "pas", "ni", "jamais", "aucun", "aucune")
NEAR: Final = 3  # words
_TERM: Final = {rhythm: re.compile(rf"\b(?:{'|'.join(words)})\b") for rhythm, words in WORDS.items()}
_NEGATED: Final = re.compile(rf"\b(?:{'|'.join(NEGATIONS)})(?: \w+){{0,{NEAR}}} $")
# The end of a period is no rhythm: « du lundi au samedi », « du lundi matin au vendredi soir », « du matin au soir ».
_PERIOD: Final = re.compile(r"\b(?:du|de) (?:\w+ )?(?:matin )?(?:au|a) \w+(?: matin| midi| soir)?\b")
# A teaching method, not learning beside a job: « alternance d’apports théoriques et de pratique ».
_TEACHING: Final = re.compile(
    r"\balternance (?:d|de|des|entre|theori\w*|cours|avec)\b(?!.*\b(?:entreprise|employeur)\b)"
)
_CLAUSES: Final = re.compile(r"[,;:.!?()/\n]| [-–—] ")
UNKNOWN: Final[list[Rhythm]] = ["unknown"]


def read_rhythms(text: str | None) -> list[Rhythm]:
    """Return the rhythms in a text, each once in the order of the table; ``unknown`` if there is none.

    >>> read_rhythms("En journée, temps plein"), read_rhythms("Cours du soir et le samedi")
    (['full_time'], ['evening', 'weekend'])
    >>> read_rhythms("Un WEEK-END par mois, et l’alternance"), read_rhythms("voie de l'apprentissage")
    (['weekend', 'alternating'], ['alternating'])
    >>> read_rhythms("Du lundi matin au vendredi soir, temps plein sauf le samedi"), read_rhythms("Modulaire")
    (['full_time'], ['unknown'])
    """
    told = {rhythm for clause in _clauses(text or "") for rhythm in _told(clause)}
    return [rhythm for rhythm in WORDS if rhythm in told] or list(UNKNOWN)


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSES.split(text):
        yield _TEACHING.sub(" ", _PERIOD.sub(" ", bare_words(clause)))


def _told(clause: str) -> Iterator[Rhythm]:
    for rhythm, term in _TERM.items():
        if any(not _NEGATED.search(clause[: found.start()]) for found in term.finditer(clause)):
            yield rhythm
