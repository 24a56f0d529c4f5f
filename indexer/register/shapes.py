"""The shapes of the list: which columns each has, and what a row says in them.

Columns are read by their comparable names (``indexer.register.table.comparable``), which the official file and its API
twin share. A value that its column does not allow is a fault: it is told, and counts as not known.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.census.facts import ListFacts, Named, SiteFacts
from indexer.register.checks import BadValue, parse_count, parse_day, parse_flag, parse_nda
from indexer.register.row import Fault, Reader
from indexer.register.table import Row, Table, comparable
from mappings.census.provider import Certified

INDIVIDUAL: Final = "1000"  # legal form of natural persons (nomenclature of legal forms, INSEE)
AT: Final = "adressephysiqueorganismeformation"
TOLD: Final = "informationsdeclarees"
SUBJECTS: Final = f"{TOLD}specialitesdeformation"
CERTIFICATIONS: Final[dict[str, Certified]] = {
    "certificationsactionsdeformation": "action",
    "certificationsbilansdecompetences": "bilan",
    "certificationsvae": "vae",
    "certificationsactionsdeformationparapprentissage": "apprenticeship",
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of the list: its body, its declaration number, what it says, and its faults."""

    siren: str
    nda: str | None
    facts: ListFacts
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Shape:
    """A layout of the list: its name, the columns that it must have, and its reader."""

    name: str
    columns: tuple[str, ...]
    nda: str  # the column of the declaration number
    read: Callable[[Reader], ListFacts]


def shape_of(table: Table, separators: str) -> Shape:
    """Return the shape that a file has; raises UnusableRegister that names the first column it lacks."""
    nearest = max(SHAPES, key=lambda shape: sum(comparable(name) in table.columns for name in shape.columns))
    table.demand(nearest.columns, separators)
    return nearest


def read_row(row: Row, table: Table, shape: Shape) -> ListRow:
    """Return what a row says; raises Rejection."""
    reader = Reader(row, table)
    facts = shape.read(reader)
    return ListRow(reader.siren, facts.ndas[0] if facts.ndas else None, facts, reader.faults)


def _read_official(reader: Reader) -> ListFacts:
    siret = reader.siret("siretetablissementdeclarant")
    foreign = reader.name("organismeetrangerrepresentedenomination")
    site = SiteFacts(
        siret or "",
        address=reader.text(f"{AT}voie"),
        postal_code=reader.text(f"{AT}codepostal"),
        town=reader.text(f"{AT}ville"),
        region=reader.text(f"{AT}coderegion"),
    )
    return ListFacts(
        legal_name=reader.name("denomination"),
        names=[("usual", foreign)] if foreign else [],
        ndas=_nda(reader, "numerodeclarationactivite"),
        former_ndas=_former(reader),
        qualiopi=_certified(reader),
        trainees=reader.value(f"{TOLD}nbstagiaires", parse_count, "bad-number"),
        trainees_for_others=reader.value(f"{TOLD}nbstagiairesconfiesparunautreof", parse_count, "bad-number"),
        trainers=reader.value(f"{TOLD}effectifformateurs", parse_count, "bad-number"),
        year_end=reader.value(f"{TOLD}finexercice", parse_day, "bad-date"),
        declared_at=reader.value(f"{TOLD}datedernieredeclaration", parse_day, "bad-date"),
        specialities=[code for n in (1, 2, 3) if (code := reader.text(f"{SUBJECTS}codespecialite{n}"))],
        sites=[site] if siret else [],
    )


def _nda(reader: Reader, column: str) -> list[str]:
    nda = reader.value(column, parse_nda, "bad-nda")
    return [nda] if nda else []


def _former(reader: Reader) -> list[str]:
    column = "numerosdeclarationactiviteprecedent"
    found = []
    for text in reader.row.text(column).replace(";", ",").split(","):
        try:
            nda = parse_nda(text)
        except BadValue as error:
            reader.fault("bad-nda", column, text, str(error))
            continue
        if nda and nda not in found:
            found.append(nda)
    return found


def _certified(reader: Reader) -> list[Certified] | None:
    """Return the categories that are certified; None if no column tells anything."""
    flags = {code: reader.value(column, parse_flag, "bad-boolean") for column, code in CERTIFICATIONS.items()}
    if all(flag is None for flag in flags.values()):
        return None
    return [code for code, flag in flags.items() if flag]


def _read_2022(reader: Reader) -> ListFacts:
    certified = reader.value("certifiequalite", parse_flag, "bad-boolean")
    closed = reader.value("ferme", parse_flag, "bad-boolean")
    siret = reader.siret("siret")
    lat, _, lon = reader.row.text("geocoordonnees").partition(",")
    form = reader.text("entrepriseformejuridiquecode")
    site = SiteFacts(
        siret or "",
        name=reader.name("enseigne"),
        address=" ".join(reader.row.text(f"{part}voie") for part in ("numero", "type", "nom")).strip() or None,
        postal_code=reader.text("codepostal"),
        town=reader.text("localite"),
        insee=reader.text("codeinseelocalite"),
        lat=lat.strip() or None,
        lon=lon.strip() or None,
        closed=closed,
        head=reader.value("siegesocial", parse_flag, "bad-boolean") or False,
    )
    return ListFacts(
        legal_name=reader.name("entrepriseraisonsociale"),
        names=list(_signs(reader)),
        ndas=_nda(reader, "nda"),
        qualiopi=None if certified is None else ["any"] if certified else [],
        state=None if closed is None else "ceased" if closed else "active",
        natural=None if form is None else form == INDIVIDUAL,
        sites=[site] if siret else [],
    )


def _signs(reader: Reader) -> Iterator[Named]:
    for column in ("enseigne", "onisepnom"):
        if name := reader.name(column):
            yield "sign", name


PLACE: Final = "adressePhysiqueOrganismeFormation"
DECLARED: Final = "informationsDeclarees"
OFFICIAL: Final = Shape(
    "official",
    (
        *("siren", "numeroDeclarationActivite", "numerosDeclarationActivitePrecedent", "denomination"),
        *(
            "siretEtablissementDeclarant",
            f"{PLACE}.voie",
            f"{PLACE}.codePostal",
            f"{PLACE}.ville",
            f"{PLACE}.codeRegion",
        ),
        *("certifications.actionsDeFormation", "certifications.bilansDeCompetences", "certifications.VAE"),
        *("certifications.actionsDeFormationParApprentissage", f"{DECLARED}.dateDerniereDeclaration"),
        *(f"{DECLARED}.finExercice", f"{DECLARED}.specialitesDeFormation.codeSpecialite1", f"{DECLARED}.nbStagiaires"),
        *(f"{DECLARED}.nbStagiairesConfiesParUnAutreOF", f"{DECLARED}.effectifFormateurs"),
    ),
    "numerodeclarationactivite",
    _read_official,
)
OLDER: Final = Shape(
    "2022",
    (
        *("siren", "siret", "nda", "entreprise_raison_sociale", "enseigne", "code_postal", "localite"),
        *("code_insee_localite", "geo_coordonnees", "certifie_qualite", "ferme"),
    ),
    "nda",
    _read_2022,
)
SHAPES: Final = (OFFICIAL, OLDER)
