"""The vocabulary of a search: one row per parameter, from which parsing, OpenAPI and help are derived."""

from collections.abc import Mapping, Sequence
from typing import Final

from mappings.codes import LEVEL_LABELS
from mappings.keys import KEY_LENGTH
from search_app.search.facets import FACETS
from search_app.search.params import values
from search_app.search.params.parameter import (
    Parameter,
    choice,
    day,
    flag,
    in_words,
    integer,
    number,
    or_untold,
    parameter_of,
)
from search_app.search.params.search_params import DEFAULT_RADIUS_KM
from search_app.search.params.sorts import SORTS

MOST_VALUES: Final = 50  # of one repeatable parameter: each is a clause for the engine
LONGEST_QUERY: Final = 300  # characters of q: the longest title in real feeds is 255
LONGEST_PLACE: Final = 100
LARGEST_RADIUS_KM: Final = 1000
LARGEST_SIZE: Final = 100
DEEPEST_RESULT: Final = 10_000
LARGEST_FACET: Final = 1000

REMOTE: Final = {"include": "Incluses", "only": "Uniquement", "exclude": "Exclues"}
GROUPS: Final = {"none": "chaque offre", "training": "une ligne par formation"}
VERBATIM: Final = {
    "spelling": "l’orthographe",
    "filters": "les lieux, dates, niveaux, financeurs et codes",
    "synonyms": "les sigles et les mots équivalents",
}
ENTRY_LEVELS: Final = {
    "0": "Sans diplôme",
    **{code: LEVEL_LABELS[code] for code in ("13", "14", "15", "16", "17", "18")},
}

_TEXT_Q = Parameter(
    "q", values.text_reader(LONGEST_QUERY), f"{LONGEST_QUERY} caractères au plus", "Mots cherchés.",
    {"type": "string", "maxLength": LONGEST_QUERY}, False, "soudeur",
)  # fmt: skip
_PLACE = Parameter(
    "place", values.text_reader(LONGEST_PLACE),
    "une ville, un code postal, un département (nom ou code) ou une région (nom)",
    "Lieu : ville, code postal, département ou région. Un nom est d’abord celui d’une ville.",
    {"type": "string", "maxLength": LONGEST_PLACE}, False, "Albi",
)  # fmt: skip
_RNCP = or_untold(Parameter(
    "rncp", values.read_rncp, "un code RNCP, par exemple RNCP38565", "Certification inscrite au RNCP.",
    {"type": "string", "pattern": r"^([Rr][Nn][Cc][Pp]\s?)?\d{1,8}$"}, True, "RNCP38565",
))  # fmt: skip
_TRAINING = Parameter(
    "training", values.read_key, f"{KEY_LENGTH} lettres ou chiffres (clé d’une formation)",
    "Formation, à tous ses lieux : la clé « training » d’un résultat.",
    {"type": "string", "pattern": f"^[A-Za-z2-7]{{{KEY_LENGTH}}}$"}, True, "n33nhrxdjcpe",
)  # fmt: skip

_ROWS: Final = (
    _TEXT_Q,
    _PLACE,
    number("lat", -90, 90, "Latitude du centre, en degrés (avec lon).", "43.93"),
    number("lon", -180, 180, "Longitude du centre, en degrés (avec lat).", "2.15"),
    number("radius", 0.1, LARGEST_RADIUS_KM,
           f"Rayon autour de la ville ou du point, en km ; {DEFAULT_RADIUS_KM:g} par défaut.", "30"),
    choice("remote", REMOTE, "Offres à distance : include par défaut.", many=False, example="exclude"),
    day("start_from", "Début de session : à partir de ce jour, compris.", "2027-03-01"),
    day("start_to", "Début de session : jusqu’à ce jour, compris.", "2027-03-31"),
    *map(parameter_of, FACETS),
    _RNCP,
    _TRAINING,
    Parameter("entry_level", lambda text: int(values.choice_reader(ENTRY_LEVELS)(text)), ", ".join(ENTRY_LEVELS),
              "Niveau de la personne : garde les offres qui n’exigent pas plus.",
              {"type": "string", "enum": list(ENTRY_LEVELS)}, False, "0", in_words(ENTRY_LEVELS)),
    flag("free", "true : financée à 100 % pour un demandeur d’emploi."),
    flag("upcoming", "true : une session n’a pas encore commencé, ou l’entrée reste possible."),
    number("hours_max", 0, 100_000, "Durée totale au plus, en heures.", "400"),
    number("price_max", 0, 10_000_000, "Prix au plus, en euros.", "2000"),
    choice("sort", {name: row.label for name, row in SORTS.items()},
           "Ordre : relevance par défaut avec q, start sinon.", many=False, example="start"),
    choice("group", GROUPS, "Un résultat par offre (none) ou par formation (training).", many=False, example="none"),
    integer("page", 1, DEEPEST_RESULT, "Page, à partir de 1.", "1"),
    integer("size", 1, LARGEST_SIZE, "Résultats par page.", "20"),
    integer("facet_size", 1, LARGEST_FACET, "Valeurs au plus dans les longues listes de comptes.", "100"),
    choice("facets", {facet.param: facet.title for facet in FACETS if facet.on_request},
           "Listes de comptes à ajouter à la réponse.", example="employment_zone"),
    choice("verbatim", VERBATIM, "Ce qui, dans q, est pris tel quel : ni corrigé, ni compris comme filtre.",
           example="spelling"),
    flag("explain", "true : ajoute la requête envoyée au moteur et ses temps."),
)  # fmt: skip


def _by_name(rows: Sequence[Parameter]) -> dict[str, Parameter]:
    """Return the rows by name; raises ValueError if two have the same."""
    named = {row.name: row for row in rows}
    repeated = sorted(row.name for row in rows if named[row.name] is not row)
    if repeated:
        raise ValueError(f"two parameters are called {', '.join(repeated)}: a facet needs a name of its own")
    return named


PARAMETERS: Final[Mapping[str, Parameter]] = _by_name(_ROWS)
