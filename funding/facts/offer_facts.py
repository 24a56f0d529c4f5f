"""The facts of an offer and of one of its sessions, with the index fields that hold them."""

from typing import Final

from funding.facts.fact import Fact
from mappings.codes import FREE_FUNDERS, FUNDER_LABELS, LEVEL_LABELS, region_labels

PROGRAMMES: Final = {
    "afc": "action de formation conventionnée (AFC)",
    "poei": "préparation opérationnelle à l’emploi individuelle (POEI)",
    "poec": "préparation opérationnelle à l’emploi collective (POEC)",
    "prf": "programme régional de formation",
    "other": "un autre programme",
}
KINDS: Final = {
    "training": "formation",
    "vae": "validation des acquis de l’expérience (VAE)",
    "bilan": "bilan de compétences",
    "licence_light": "permis de conduire du groupe léger",
    "licence_heavy": "permis de conduire du groupe lourd",
}
CERTIFICATIONS: Final = {
    "rncp": "certification du RNCP",
    "block": "bloc de compétences du RNCP",
    "rs": "certification du répertoire spécifique (RS)",
    "clea": "socle de connaissances et de compétences (CléA)",
}
CONTRACT_TYPES: Final = {
    "apprenticeship": "contrat d’apprentissage",
    "contrat_pro": "contrat de professionnalisation",
}
# Funders that spend public money: one of them beside conventionnement 0 is a contradiction.
PUBLIC_FUNDERS: Final = frozenset({*FREE_FUNDERS, "18", "19", "20"})

OFFER_FACTS: Final = (
    Fact(
        "offer.funders",
        "codes",
        "financeurs de l’offre",
        FUNDER_LABELS,
        fields=("funder", "state_funded"),
        told="one value or more; a public funder beside state_funded false is doubtful: neither held nor lacking",
    ),
    Fact(
        "offer.state_funded",
        "bool",
        "conventionnement",
        {"true": "action conventionnée", "false": "action non conventionnée"},
        fields=("state_funded",),
        told="the field exists; false beside a public funder is unknown",
    ),
    Fact("offer.programmes", "codes", "programme", PROGRAMMES, fields=("funding_programme",),
         told="one value or more"),
    Fact("offer.kind", "code", "nature de l’offre", KINDS, fields=("kind",), told="the field exists"),
    Fact(
        "offer.certifications",
        "codes",
        "certification préparée",
        CERTIFICATIONS,
        fields=("certification_kind",),
        told="one value or more; the value none alone is the empty list",
    ),
    Fact(
        "offer.certifying",
        "bool",
        "caractère certifiant",
        {"true": "formation certifiante", "false": "formation non certifiante"},
        fields=("certifying",),
        told="the field exists",
    ),
    Fact(
        "offer.contract_types",
        "codes",
        "contrat en alternance",
        CONTRACT_TYPES,
        fields=("contract_type",),
        told="one value or more; the value none alone is the empty list",
    ),
    Fact("offer.hours", "number", "durée", unit="heures", fields=("hours_hundredths",), told="the field exists"),
    Fact("offer.hours_company", "number", "durée en entreprise", unit="heures", fields=("hours_company",),
         told="the field exists"),
    Fact("offer.level", "code", "niveau de sortie", LEVEL_LABELS, fields=("level",), told="the field exists"),
    Fact("offer.regions", "codes", "région de la formation", region_labels(), fields=("region",),
         told="one value or more"),
    Fact("offer.remote", "bool", "à distance",
         {"true": "entièrement à distance", "false": "pas entièrement à distance"},
         fields=("mode",), told="the field exists: true is the value remote"),
    Fact(
        "session.start",
        "date",
        "début de la session",
        fields=("starts", "session_spans"),
        told="always: an unknown start is any day from the day of the question",
    ),
    Fact(
        "session.months",
        "number",
        "durée de la session",
        unit="mois",
        fields=("session_months",),
        told="the session has a number, packed: position, fewest and most months, 255 at most",
    ),
    Fact(
        "session.cpf_open",
        "bool",
        "éligibilité CPF annoncée",
        {"true": "annoncée au CPF à la date de la session", "false": "non annoncée au CPF à la date de la session"},
        fields=("cpf_periods", "starts", "session_spans"),
        told="one number or more, packed: first and last day; NO_PERIOD alone is the empty list",
    ),
)  # fmt: skip
