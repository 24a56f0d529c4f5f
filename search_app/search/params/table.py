"""The vocabulary of a search: one row a parameter, from which parsing, OpenAPI and help are made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mappings.codes import (
    ENTRY_LABELS,
    FUNDER_LABELS,
    LEVEL_LABELS,
    MODE_LABELS,
    RECRUITING_LABELS,
    department_labels,
    region_labels,
)
from mappings.keys import KEY_LENGTH
from search_app.search.params import values

MOST_VALUES: Final = 50  # of one repeatable parameter; a form has no use for more, and each is a clause for the engine
LONGEST_QUERY: Final = 300  # characters of q: the longest title in real feeds is 255
LONGEST_PLACE: Final = 100
LARGEST_SIZE: Final = 100
DEEPEST_RESULT: Final = 10_000
LARGEST_FACET: Final = 1000
MOST_WORDS: Final = 9  # labels told one by one; a longer list stands on the page anyway
SEATS_WORDS: Final = ("full", "unknown")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter: how its text is read, what is allowed (French), and its JSON Schema.

    ``plain`` is what is allowed for readers of pages: labels in the place of codes; empty where ``allowed`` has none.
    """

    name: str
    read: Callable[[str], Any]
    allowed: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    many: bool = False
    example: str = ""
    plain: str = ""


def _choice(
    name: str, codes: Mapping[str, str], description: str, *, many: bool = True, example: str = ""
) -> Parameter:
    allowed = ", ".join(codes) if len(codes) <= 30 else f"un code de la liste ({len(codes)} codes)"
    schema = {"type": "string", "enum": list(codes)}
    return Parameter(name, values.choice_reader(codes), allowed, description, schema, many, example, _in_words(codes))


def _in_words(codes: Mapping[str, str]) -> str:
    return ", ".join(codes.values()) if len(codes) <= MOST_WORDS else "un choix de la liste"


def _pattern(name: str, pattern: str, allowed: str, description: str, example: str) -> Parameter:
    schema = {"type": "string", "pattern": f"^({pattern})$"}
    return Parameter(name, values.pattern_reader(pattern), allowed, description, schema, True, example)


def _number(name: str, least: float, most: float, description: str, example: str) -> Parameter:
    schema = {"type": "number", "minimum": least, "maximum": most}
    allowed = f"un nombre de {least:.10g} à {most:.10g}"
    plain = allowed.replace(".", ",")
    return Parameter(name, values.number_reader(least, most), allowed, description, schema, False, example, plain)


def _integer(name: str, least: int, most: int, description: str, example: str) -> Parameter:
    schema = {"type": "integer", "minimum": least, "maximum": most}
    allowed = f"un nombre entier de {least} à {most}"
    return Parameter(name, values.integer_reader(least, most), allowed, description, schema, False, example)


def _integer_or_word(
    name: str, least: int, most: int, words: Sequence[str], description: str, example: str
) -> Parameter:
    schema = {"anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"type": "string", "enum": [*words]}]}
    allowed = f"un nombre entier de {least} à {most}, {', '.join(words)}"
    read = values.integer_or_word_reader(least, most, words)
    return Parameter(name, read, allowed, description, schema, False, example, f"un nombre entier de {least} à {most}")


def _day(name: str, description: str, example: str) -> Parameter:
    schema = {"type": "string", "format": "date"}
    allowed, plain = (f"une date {form}, de 1900 à 2200" for form in ("AAAA-MM-JJ", "JJ/MM/AAAA"))
    return Parameter(name, values.read_day, allowed, description, schema, False, example, plain)


def _flag(name: str, description: str) -> Parameter:
    schema = {"type": "boolean"}
    return Parameter(name, values.read_flag, "true ou false", description, schema, False, "true", "oui ou non")


REMOTE: Final = {"include": "Incluses", "only": "Uniquement", "exclude": "Exclues"}
SORTS: Final = {
    "relevance": "Pertinence",
    "start": "Date de début",
    "distance": "Distance",
    "seats": "Places restantes",
}
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
_RNCP = Parameter(
    "rncp", values.read_rncp, "un code RNCP, par exemple RNCP38565", "Certification inscrite au RNCP.",
    {"type": "string", "pattern": r"^([Rr][Nn][Cc][Pp]\s?)?\d{1,8}$"}, True, "RNCP38565",
)  # fmt: skip
_TRAINING = Parameter(
    "training", values.read_key, f"{KEY_LENGTH} lettres ou chiffres (clé d’une formation)",
    "Formation, à tous ses lieux : la clé « training » d’un résultat.",
    {"type": "string", "pattern": f"^[A-Za-z2-7]{{{KEY_LENGTH}}}$"}, True, "n33nhrxdjcpe",
)  # fmt: skip

PARAMETERS: Final[Mapping[str, Parameter]] = {
    row.name: row
    for row in (
        _TEXT_Q,
        _PLACE,
        _number("lat", -90, 90, "Latitude du centre, en degrés (avec lon).", "43.93"),
        _number("lon", -180, 180, "Longitude du centre, en degrés (avec lat).", "2.15"),
        _number("radius", 0.1, 1000, "Rayon autour de la ville ou du point, en km ; 30 par défaut.", "30"),
        _choice("remote", REMOTE, "Offres à distance : include par défaut.", many=False, example="exclude"),
        _day("start_from", "Début de session : à partir de ce jour, compris.", "2027-03-01"),
        _day("start_to", "Début de session : jusqu’à ce jour, compris.", "2027-03-31"),
        _choice("funder", FUNDER_LABELS, "Code de financeur LHEO.", example="2"),
        _integer_or_word("seats", 1, 9999, SEATS_WORDS,
                         "Au moins ce nombre de places restantes ; full : complet ; unknown : non connues.", "1"),
        _choice("recruiting", RECRUITING_LABELS, "État du recrutement de la session.", example="open"),
        _choice("state_funded", {"true": "oui", "false": "non"}, "Formation conventionnée.", example="true"),
        _pattern("domain", r"\d{3}(\d{2})?", "cinq chiffres (Formacode), ou trois pour tout un domaine",
                 "Formacode, ou ses trois premiers chiffres.", "230"),
        _pattern("rome", r"[A-N]\d{4}", "une lettre de A à N et quatre chiffres", "Métier : code ROME.", "F1703"),
        _RNCP,
        _TRAINING,
        _choice("level", LEVEL_LABELS, "Niveau de sortie.", example="13"),
        _pattern("audience", r"\d{5}", "cinq chiffres", "Code du public visé.", "83056"),
        _choice("mode", MODE_LABELS, "Modalité d’enseignement.", example="onsite"),
        _choice("entry", ENTRY_LABELS, "Entrées à dates fixes ou permanentes.", example="permanent"),
        _choice("region", region_labels(), "Code INSEE de région.", example="76"),
        _choice("department", department_labels(), "Code INSEE de département.", example="81"),
        _pattern("provider", r"\d{9}", "neuf chiffres (SIREN)", "SIREN de l’organisme responsable.", "130002850"),
        Parameter("entry_level", lambda text: int(values.choice_reader(ENTRY_LEVELS)(text)), ", ".join(ENTRY_LEVELS),
                  "Niveau de la personne : garde les offres qui n’exigent pas plus.",
                  {"type": "string", "enum": list(ENTRY_LEVELS)}, False, "0", _in_words(ENTRY_LEVELS)),
        _flag("free", "true : financée à 100 % pour un demandeur d’emploi."),
        _flag("upcoming", "true : une session n’a pas encore commencé, ou l’entrée reste possible."),
        _number("hours_max", 0, 100_000, "Durée totale au plus, en heures.", "400"),
        _number("price_max", 0, 10_000_000, "Prix au plus, en euros.", "2000"),
        _choice("sort", SORTS, "Ordre : relevance par défaut avec q, start sinon.", many=False, example="start"),
        _choice("group", GROUPS, "Un résultat par offre (none) ou par formation (training).", many=False,
                example="none"),
        _integer("page", 1, DEEPEST_RESULT, "Page, à partir de 1.", "1"),
        _integer("size", 1, LARGEST_SIZE, "Résultats par page.", "20"),
        _integer("facet_size", 1, LARGEST_FACET, "Valeurs au plus dans les longues listes de comptes.", "100"),
        _choice("verbatim", VERBATIM, "Ce qui, dans q, est pris tel quel : ni corrigé, ni compris comme filtre.",
                example="spelling"),
        _flag("explain", "true : ajoute la requête envoyée au moteur et ses temps."),
    )
}  # fmt: skip
