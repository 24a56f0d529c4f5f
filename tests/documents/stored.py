"""Invented stored documents of every kind, one of them expired, one from two sources, one a tombstone."""

from datetime import UTC, date, datetime

from mappings.documents.document import Document, Provenance
from mappings.keys import key_of

STAMP = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def stored_documents() -> list[Document]:
    """Return the documents; keys are made of their first record."""
    return [_sheet(), _guide(), _job_sheet(), _text(), _news(), _tombstone()]


def _sheet() -> Document:
    return Document(
        key=key_of("fiches\nF90001"),
        title="Compte personnel de formation (CPF) d’un salarié",
        description="Ce que finance le compte, comment le consulter et s’inscrire à une formation.",
        text="Le compte est alimenté chaque année. La participation forfaitaire reste à la charge du titulaire.",
        kind="sheet",
        publisher="Service de l’information inventé",
        licence="Licence Ouverte 2.0",
        language="fr",
        url="https://fiches.example/vosdroits/F90001",
        funder=["10"],
        published=date(2026, 3, 2),
        year=2026,
        modified=datetime(2026, 9, 14, 6, 0, tzinfo=UTC),
        provenances=[Provenance(source="fiches", identifier="F90001", url="https://fiches.example/vosdroits/F90001")],
        stamp=STAMP,
    )


def _guide() -> Document:
    first, second = "https://carif.example/guides/reprendre", "https://media.example/doc/18"
    return Document(
        key=key_of("carif\noai:carif.example:18"),
        title="Reprendre une formation en Occitanie : le guide",
        description="Aides de la Région, démarches et interlocuteurs, département par département.",
        kind="guide",
        publisher="Carif inventé d’Occitanie",
        creators=["Élise Bonnafous"],
        language="fr",
        url=first,
        identifiers=["isbn:9782070360024", "oai:carif.example:18"],
        funder=["2"],
        region=["76"],
        department=["81", "31"],
        published=date(2026, 1, 15),
        year=2026,
        valid_until=date(2026, 12, 31),
        provenances=[
            Provenance(source="carif", identifier="oai:carif.example:18", url=first, datestamp="2026-10-02"),
            Provenance(source="mediatheque", identifier="18", url=second, datestamp="2026-10-05T09:00:00Z"),
        ],
        also_at=[second],
        stamp=STAMP.replace(day=21),
    )


def _job_sheet() -> Document:
    return Document(
        key=key_of("carif\noai:carif.example:31"),
        title="Soudeur, soudeuse : le métier",
        description="Activités, conditions de travail, voies d’accès.",
        kind="job_sheet",
        publisher="Carif inventé d’Occitanie",
        language="fr",
        url="https://carif.example/metiers/soudeur",
        formacode=["23026"],
        domain=["230"],
        rome=["H2913"],
        rncp=["38565"],
        published=date(2025, 6, 1),
        year=2025,
        provenances=[Provenance(source="carif", identifier="oai:carif.example:31", datestamp="2025-06-02")],
        stamp=STAMP.replace(day=22),
    )


def _text() -> Document:
    return Document(
        key=key_of("journal\nABCD2600001D"),
        title="Décret n° 2026-1 du 5 janvier 2026 relatif aux abondements inventés",
        kind="text",
        publisher="Journal inventé",
        language="fr",
        url="https://journal.example/eli/decret/2026/1/5/ABCD2600001D/jo/texte",
        identifiers=["eli:decret/2026/1/5/ABCD2600001D", "nor:ABCD2600001D"],
        published=date(2026, 1, 6),
        year=2026,
        valid_from=date(2026, 2, 1),
        valid_until=date(2026, 6, 30),
        provenances=[Provenance(source="journal", identifier="ABCD2600001D", datestamp="2026-01-06")],
        stamp=STAMP.replace(day=23),
    )


def _news() -> Document:
    return Document(
        key=key_of("actualites\nhttps://carif.example/?p=77"),
        title="Forum des métiers de l’industrie à Albi",
        description="Rencontres avec des organismes et des employeurs.",
        kind="news",
        publisher="Carif inventé d’Occitanie",
        language="fr",
        url="https://carif.example/?p=77",
        region=["76"],
        department=["81"],
        published=date(2026, 11, 18),
        year=2026,
        provenances=[Provenance(source="actualites", identifier="https://carif.example/?p=77")],
        stamp=STAMP.replace(day=24),
    )


def _tombstone() -> Document:
    return Document(
        key=key_of("carif\noai:carif.example:99"),
        title="",
        kind="news",
        region=["76"],
        stamp=STAMP.replace(day=25),
        deleted=True,
    )
