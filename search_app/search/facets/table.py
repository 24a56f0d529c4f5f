"""The table of facets. Peculiarities of a facet are values of its row; an incomplete row is an error at import."""

from typing import Final

from mappings.codes import (
    BOOLEAN_LABELS,
    ENTRY_LABELS,
    FUNDER_LABELS,
    LEVEL_LABELS,
    MODE_LABELS,
    OBSOLETE_FUNDER,
    RECRUITING_LABELS,
    RHYTHM_LABELS,
    SEATS_AT_LEAST,
    department_labels,
    region_labels,
)
from mappings.columns.purchases import LONGEST
from search_app.search.facets.everyday import everyday
from search_app.search.facets.row import Counting, Facet, Finer, FormGroup, check_facets
from search_app.search.facets.values import AtLeast, CodePattern, Codes, Texts
from search_app.search.facets.zones import ZONE, short_zone, zone_label

MOST_SEATS: Final = 9999
SEATS: Final = AtLeast(
    MOST_SEATS, SEATS_AT_LEAST, ("place", "places"), {"full": "Complet", "unknown": "Places non connues"}
)

FACETS: Final = check_facets((
    Facet("funder", "Qui paie", Codes(FUNDER_LABELS, frozenset({OBSOLETE_FUNDER})), "Code de financeur LHEO.", "2",
          FormGroup.PAYMENT, 1, counting=Counting.FUNDERS, untold="Financeur non précisé",
          opened=True, title_on_chip=True),
    Facet("recruiting", "Inscriptions", Codes(RECRUITING_LABELS), "État du recrutement de la session.", "open",
          FormGroup.PAYMENT, 3, session_field="recruiting", counting=Counting.SESSIONS),
    Facet("seats", "Places restantes", SEATS,
          "Au moins ce nombre de places restantes ; full : complet ; unknown : non connues.", "1",
          FormGroup.PAYMENT, 2, field="seats_rows", session_field="left", counting=Counting.SEATS,
          opened=True),
    Facet("region", "Région", Codes(region_labels()), "Code INSEE de région.", "76", FormGroup.WHERE,
          untold="Région non précisée"),
    Facet("department", "Département", Codes(department_labels()), "Code INSEE de département.", "81",
          FormGroup.WHERE, untold="Département non précisé"),
    Facet("employment_zone", "Zone d’emploi",
          CodePattern(r"\d{4}", "quatre chiffres (code de l’INSEE)", "zone_towns", unknown=ZONE, said=zone_label,
                      brief=short_zone),
          "Zone d’emploi de l’INSEE, d’après la commune du lieu.", "7625", FormGroup.WHERE, long=True, listed=20,
          untold="Zone d’emploi non connue", on_request=True),
    Facet("domain", "Domaine",
          CodePattern(r"\d{3}(\d{2})?", "cinq chiffres (Formacode), ou trois pour tout un domaine", "formacode",
                      instead=everyday().names),
          "Formacode, ou ses trois premiers chiffres.", "230",
          FormGroup.TRAINING, 4, finer=Finer("formacode", digits=3), untold="Domaine non précisé",
          title_on_chip=True),
    Facet("nsf", "Spécialité (NSF)", CodePattern(r"\d{3}", "trois chiffres", "nsf"),
          "Spécialité de formation : code NSF de trois chiffres.", "326", FormGroup.TRAINING, 5, listed=20,
          title_on_chip=True),
    Facet("level", "Niveau de sortie", Codes(LEVEL_LABELS), "Niveau de sortie.", "13",
          FormGroup.TRAINING, 3, untold="Niveau non précisé", opened=True),
    Facet("mode", "Modalité", Codes(MODE_LABELS), "Modalité d’enseignement.", "onsite",
          FormGroup.TRAINING, 1, untold="Modalité non précisée", opened=True),
    Facet("rhythm", "Rythme", Codes(RHYTHM_LABELS), "Rythme de la formation, d’après le texte du catalogue.", "evening",
          FormGroup.TRAINING, 2),
    Facet("entry", "Entrées", Codes(ENTRY_LABELS), "Entrées à dates fixes ou permanentes.", "permanent",
          FormGroup.ENTRY, 2, untold="Entrées non précisées"),
    Facet("state_funded", "Conventionnée", Codes(BOOLEAN_LABELS), "Formation conventionnée.", "true",
          FormGroup.PAYMENT, untold="Conventionnement non précisé", title_on_chip=True),
    Facet("programme", "Programme", Texts(LONGEST), "Programme du financeur, tel que le catalogue l’écrit.", "PRF 2027",
          FormGroup.PAYMENT, counting=Counting.LINES, long=True, listed=20, untold="Programme non précisé",
          on_request=True, title_on_chip=True),
    Facet("market", "Marché", Texts(LONGEST), "Référence du marché, telle que le catalogue l’écrit.", "2027-LOT-12",
          FormGroup.PAYMENT, counting=Counting.LINES, long=True, listed=20, untold="Marché non précisé",
          on_request=True, title_on_chip=True),
    Facet("audience", "Public", CodePattern(r"\d{5}", "cinq chiffres", "audience"), "Code du public visé.", "83056",
          FormGroup.ENTRY, 1, untold="Public non précisé", title_on_chip=True),
    Facet("rome", "Métier", CodePattern(r"[A-N]\d{4}", "une lettre de A à N et quatre chiffres", "rome"),
          "Métier : code ROME.", "F1703", FormGroup.TRAINING, 6, long=True, untold="Métier non précisé",
          title_on_chip=True),
    Facet("provider", "Organisme",
          CodePattern(r"\d{9}", "neuf chiffres (SIREN)", "providers", unknown="SIREN {}", names=True),
          "SIREN de l’organisme responsable.", "130002850", FormGroup.WHERE, field="provider.siren", long=True,
          untold="Organisme sans SIREN"),
    Facet("trainer", "Organisme formateur",
          CodePattern(r"\d{9}", "neuf chiffres (SIREN)", "trainers", unknown="SIREN {}", names=True),
          "SIREN d’un organisme qui dispense la formation.", "130002850", FormGroup.WHERE, long=True, listed=20,
          untold="Organisme formateur non précisé", on_request=True, title_on_chip=True),
))  # fmt: skip
