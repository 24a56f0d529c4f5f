"""Files of the public register as its publishers write them, from a few words a row."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

AT, TOLD = "adressePhysiqueOrganismeFormation", "informationsDeclarees"
OFFICIAL = (
    "numeroDeclarationActivite",
    "numerosDeclarationActivitePrecedent",
    "denomination",
    "siren",
    "siretEtablissementDeclarant",
    *(f"{AT}.{part}" for part in ("voie", "codePostal", "ville", "codeRegion")),
    "certifications.actionsDeFormation",
    "certifications.bilansDeCompetences",
    "certifications.VAE",
    "certifications.actionsDeFormationParApprentissage",
    *(f"organismeEtrangerRepresente.{part}" for part in ("denomination", "voie", "codePostal", "ville", "pays")),
    *(f"{TOLD}.{part}" for part in ("dateDerniereDeclaration", "debutExercice", "finExercice")),
    *(
        f"{TOLD}.specialitesDeFormation.{part}{n}"
        for part in ("codeSpecialite", "libelleSpecialite")
        for n in (1, 2, 3)
    ),
    *(f"{TOLD}.{part}" for part in ("nbStagiaires", "nbStagiairesConfiesParUnAutreOF", "effectifFormateurs")),
)
OLDER = (
    "siret", "siren", "siege_social", "nda", "enseigne", "entreprise_raison_sociale", "onisep_nom",
    "entreprise_forme_juridique_code", "numero_voie", "type_voie", "nom_voie", "code_postal", "localite",
    "code_insee_localite", "geo_coordonnees", "certifie_qualite", "ferme",
)  # fmt: skip
UNITS = (
    "siren", "statutDiffusionUniteLegale", "sigleUniteLegale", "prenomUsuelUniteLegale", "nomUniteLegale",
    "denominationUniteLegale", "denominationUsuelle1UniteLegale", "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale", "categorieJuridiqueUniteLegale", "etatAdministratifUniteLegale",
)  # fmt: skip
SITES = (
    "siren", "siret", "statutDiffusionEtablissement", "etablissementSiege", "numeroVoieEtablissement",
    "typeVoieEtablissement", "libelleVoieEtablissement", "codePostalEtablissement", "libelleCommuneEtablissement",
    "codeCommuneEtablissement", "enseigne1Etablissement", "etatAdministratifEtablissement",
)  # fmt: skip
SHORT = {
    "nda": "numeroDeclarationActivite",
    "former": "numerosDeclarationActivitePrecedent",
    "name": "denomination",
    "siret": "siretEtablissementDeclarant",
    "street": f"{AT}.voie",
    "postal_code": f"{AT}.codePostal",
    "town": f"{AT}.ville",
    "region": f"{AT}.codeRegion",
    "action": "certifications.actionsDeFormation",
    "bilan": "certifications.bilansDeCompetences",
    "vae": "certifications.VAE",
    "apprenticeship": "certifications.actionsDeFormationParApprentissage",
    "declared": f"{TOLD}.dateDerniereDeclaration",
    "year_end": f"{TOLD}.finExercice",
    "trainees": f"{TOLD}.nbStagiaires",
    "trainers": f"{TOLD}.effectifFormateurs",
}
# Numbers that pass their check, of no company: SIRENs that begin with 0 are not assigned.
ONE, TWO, THREE = "040000010", "040000028", "040000036"
CERTIFIED = {"action": "true", "bilan": "false", "vae": "false", "apprenticeship": "false"}
UNCERTIFIED = dict.fromkeys(CERTIFIED, "false")


def siret_of(siren: str, establishment: int = 1) -> str:
    """Return the SIRET of an establishment of a body, with its check digit.

    >>> siret_of("732829320", 7)
    '73282932000074'
    """
    body = f"{siren}{establishment:04}"
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(reversed(body)))
    return body + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def listed(siren: str, **values: str) -> dict[str, str]:
    """Return a row of the official list: certified for actions of training, unless the values say otherwise."""
    told = {"nda": f"76{siren}", "name": f"Organisme {siren}", "siret": siret_of(siren), **CERTIFIED, **values}
    return {"siren": siren} | {SHORT.get(name, name): value for name, value in told.items()}


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]], separator: str = ";") -> str:
    """Return rows as CSV; a column that a row does not have is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=separator, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def official(*rows: Mapping[str, str]) -> str:
    """Return the official list."""
    return to_csv(OFFICIAL, rows)


def twin(*rows: Mapping[str, str]) -> str:
    """Return the same as the answer of its API: other names, JSON values, days in ISO form."""
    return json.dumps([{_twin_name(name): _twin_value(row.get(name, "")) for name in OFFICIAL} for row in rows])


def _twin_name(column: str) -> str:
    return column.lower().replace(".", "_")


def _twin_value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text.count("/") == 2:
        return "-".join(reversed(text.split("/")))
    return text or None


def write(path: Path, text: str) -> Path:
    """Write a file, packed if its name says so."""
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
