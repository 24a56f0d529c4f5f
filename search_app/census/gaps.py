"""Gaps between register and catalogue as French questions, each with its source and date."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from search_app.census.answer import GapView
from search_app.census.labels import GAP_LABELS
from search_app.text.dates import french_day
from search_app.text.wording import typeset

SOURCES: Final[Mapping[str, str]] = {
    "list": "liste publique des organismes de formation",
    "sirene": "répertoire Sirene",
    "catalogue": "catalogue des formations",
}
UNKNOWN_EDITION: Final = "date de l’édition non connue"
MOST_VALUES: Final = 5  # told in the question; the answer has all
# A question and what it rests on; {detail} are the values, {source} is the source with its date.
QUESTIONS: Final[Mapping[str, str]] = {
    "not-listed": "Cet organisme est-il déclaré ? Il a des offres au catalogue, et son SIREN n’est pas dans la "
                  "{source}.",
    "ceased": "Cet organisme a-t-il cessé son activité ? C’est ce qu’indique la source : {source}.",
    "site-closed": "L’établissement {detail} est-il encore ouvert ? Des offres le citent, et il est indiqué fermé : "
                   "{source}.",
    "site-unknown": "Le SIRET {detail} est-il le bon ? Des offres le citent ; l’organisme est dans la {source}, cet "
                    "établissement n’y est pas.",
    "not-certified": "La certification Qualiopi est-elle à jour ? La {source} n’en indique aucune. Un financement "
                     "public ou mutualisé la demande.",
    "certification-lost": "La certification Qualiopi a-t-elle pris fin ? Une édition précédente l’indiquait, plus "
                          "celle-ci : {source}.",
    "left-list": "Cet organisme est-il toujours déclaré ? Une édition précédente le contenait, plus celle-ci : "
                 "{source}.",
    "nda-differs": "Quel est le bon numéro de déclaration ? Des offres citent {detail}, qui n’est pas dans la "
                   "{source}.",
    "nda-former": "Le numéro de déclaration est-il à mettre à jour ? Des offres citent {detail}, un ancien numéro "
                  "d’après la {source}.",
    "several-names": "Quel nom faut-il afficher ? Le catalogue en donne plusieurs : {detail}.",
    "shared-name": "De quel organisme s’agit-il ? D’autres portent le même nom ; la ville et le SIREN les distinguent.",
    "no-name": "Comment s’appelle cet organisme au catalogue ? Ses offres ne le disent pas.",
    "no-siren": "Quel est le SIREN de cet organisme ? Le catalogue ne le dit pas.",
    "no-offer": "Cet organisme a-t-il des formations à faire connaître ? Il est dans la liste publique et n’est pas "
                "indiqué fermé ; le catalogue n’a aucune offre de lui.",
    "delivers-only": "Cet organisme propose-t-il aussi des formations en son nom ? Le catalogue ne le cite que comme "
                     "organisme formateur.",
}  # fmt: skip
# The same where there are several values.
OF_SEVERAL: Final[Mapping[str, str]] = {
    "site-closed": "Ces établissements sont-ils encore ouverts : {detail} ? Des offres les citent, et ils sont "
                   "indiqués fermés : {source}.",
    "site-unknown": "Ces SIRET sont-ils les bons : {detail} ? Des offres les citent ; l’organisme est dans la "
                    "{source}, ces établissements n’y sont pas.",
    "nda-differs": "Quel est le bon numéro de déclaration ? Des offres citent {detail}, qui ne sont pas dans la "
                   "{source}.",
    "nda-former": "Le numéro de déclaration est-il à mettre à jour ? Des offres citent {detail}, d’anciens numéros "
                  "d’après la {source}.",
}  # fmt: skip
if QUESTIONS.keys() != GAP_LABELS.keys():
    raise ValueError("each gap needs its question")


def to_gap(stored: Mapping[str, Any], catalogue: str | None = None, untold: Collection[str] = ()) -> GapView:
    """Return a stored gap as a question; ``catalogue`` is the day of the newest load, which dates what offers tell.

    ``untold`` are dates that are days of loading, since nobody gave the edition's.
    """
    code, detail, source = stored["code"], list(stored.get("detail") or ()), stored["source"]
    told = stored.get("date") or (catalogue if source == "catalogue" else None)
    wording = OF_SEVERAL.get(code, QUESTIONS[code]) if len(detail) > 1 else QUESTIONS[code]
    text = wording.format(detail=_list(detail), source=source_text(source, told, untold))
    is_told = source == "catalogue" or told not in untold
    return GapView(code, GAP_LABELS[code], typeset(text), detail, source, told, is_told)


def source_text(source: str, told: str | None, untold: Collection[str] = ()) -> str:
    """Return a source with its date, or with the day of its loading.

    >>> source_text("list", "2026-11-23"), source_text("sirene", None)
    ('liste publique des organismes de formation du 23 novembre 2026', 'répertoire Sirene')
    >>> source_text("list", "2026-11-30", ["2026-11-30"])
    'liste publique des organismes de formation chargée le 30 novembre 2026 (date de l’édition non connue)'
    """
    name = SOURCES.get(source, source)
    if not told:
        return name
    day = french_day(date.fromisoformat(told[:10]))
    if source == "catalogue" or told not in untold:
        return f"{name} du {day}"
    loaded = "chargée" if source == "list" else "chargé"
    return f"{name} {loaded} le {day} ({UNKNOWN_EDITION})"


def _list(values: list[str]) -> str:
    more = len(values) - MOST_VALUES
    told = " ; ".join(values[:MOST_VALUES])
    return f"{told} et {more} autre{'s' if more > 1 else ''}" if more > 0 else told
