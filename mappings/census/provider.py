"""Model of the stored census of providers; a test compares its fields with the mapping.

One document a legal body, ``_id`` = SIREN: what the public register says of it, joined with the bodies that the offers
name. Each fact has its date or is unknown (None); unknown is never False. No number of offers is stored: it is asked of
the offers index.
"""

import datetime as dt
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from mappings.offer import Point, Stored

NameKind = Literal["legal", "usual", "sign", "acronym", "catalogue", "deliverer"]
Certified = Literal["action", "bilan", "vae", "apprenticeship", "any"]  # "any": certified, category unknown
LegalState = Literal["active", "ceased"]
FactSource = Literal["list", "sirene", "catalogue"]
QualiopiRow = Literal["action", "bilan", "vae", "apprenticeship", "any", "none", "unknown"]
StateRow = Literal["active", "listed", "not_listed", "ceased", "unknown"]
GapCode = Literal[
    "not-listed", "ceased", "site-closed", "site-unknown", "not-certified", "certification-lost", "left-list",
    "nda-differs", "nda-former", "several-names", "shared-name", "no-name", "no-siren", "no-offer", "delivers-only",
]  # fmt: skip

# Categories of the register's certifications, in the order of its columns.
CERTIFIED: Final[tuple[Certified, ...]] = get_args(Certified)
QUALIOPI_ROWS: Final[tuple[QualiopiRow, ...]] = get_args(QualiopiRow)
STATE_ROWS: Final[tuple[StateRow, ...]] = get_args(StateRow)
GAP_CODES: Final[tuple[GapCode, ...]] = get_args(GapCode)
NAME_KINDS: Final[tuple[NameKind, ...]] = get_args(NameKind)
SHAPE: Final = 1  # incremented when the meaning of a stored field changes: the census is then written anew
META: Final = "census"  # key in ``_meta`` of the index: shape, edition and fingerprint of what it was made from

Siren = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
Siret = Annotated[str, Field(pattern=r"^[0-9]{14}$")]


class OtherName(Stored):
    """One name of a body, and where it comes from."""

    kind: NameKind
    name: str


class Site(Stored):
    """One establishment: of the register, or under whose SIRET the body has or delivers offers.

    ``address`` is the street; it is stored only of bodies known to be legal persons whose diffusion is not partial.
    """

    siret: Siret
    name: str | None = Field(default=None, description="sign (enseigne)")
    address: str | None = None
    postal_code: str | None = None
    town: str | None = None
    insee: str | None = None
    department: str | None = None
    region: str | None = None
    lat: float | None = None
    lon: float | None = None
    closed: bool | None = Field(default=None, description="None: not known")
    head: bool = Field(default=False, description="the head office, as far as it is known")
    listed: bool = Field(default=False, description="the register has it")
    in_offers: bool = Field(default=False, description="the body is responsible for offers under it")
    delivers: bool = Field(default=False, description="the body delivers offers under it")


class Gap(Stored):
    """A difference between register and catalogue; a question to the body, never an accusation.

    ``detail`` has the values that it is about: SIRETs, NDAs or names; none where the code says all.
    """

    code: GapCode
    detail: list[str] = Field(default_factory=list)
    source: FactSource
    date: dt.date | None = None


class Provider(Stored):
    """One legal body of the census."""

    siren: Siren
    name: str | None = Field(default=None, description="legal name, else the catalogue's; None if there is none")
    name_sort: str | None = Field(default=None, description="the name folded, for the order by name")
    also: list[OtherName] = Field(default_factory=list, description="its other names, each once")
    names_folded: list[str] = Field(default_factory=list, description="all names, folded (language.names)")
    acronyms_folded: list[str] = Field(default_factory=list, description="its acronyms, told or made of its names")

    ndas: list[str] = Field(default_factory=list, description="declaration numbers of the register")
    former_ndas: list[str] = Field(default_factory=list, description="its earlier numbers")
    stated_ndas: list[str] = Field(default_factory=list, description="numbers that offers state of it")
    sirets: list[str] = Field(default_factory=list, description="of all sites")

    listed: bool | None = Field(default=None, description="None: no register is loaded")
    listed_at: dt.date | None = Field(default=None, description="last edition that had it")
    left_list_at: dt.date | None = Field(default=None, description="first edition without it")
    state: LegalState | None = None
    state_at: dt.date | None = None
    state_source: FactSource | None = None
    state_rows: list[StateRow] = Field(default_factory=list, description="values of the filter `state` that it meets")
    natural_person: bool | None = None
    diffusible: bool | None = Field(default=None, description="False: Sirene's partial diffusion")

    qualiopi: list[Certified] | None = Field(default=None, description="[]: none; None: not known")
    qualiopi_at: dt.date | None = Field(default=None, description="edition that says so")
    qualiopi_lost_at: dt.date | None = Field(default=None, description="first edition that did not certify it any more")
    qualiopi_rows: list[QualiopiRow] = Field(
        default_factory=list, description="values of the filter `qualiopi` that it meets"
    )

    trainees: int | None = Field(default=None, description="of the last declaration")
    trainees_for_others: int | None = Field(default=None, description="entrusted by another body")
    trainers_count: int | None = None
    trainees_year_end: dt.date | None = Field(default=None, description="end of the declared financial year")
    declared_at: dt.date | None = Field(default=None, description="date of the last declaration")
    specialities: list[str] = Field(default_factory=list, description="NSF codes of the last declaration")

    sites: list[Site] = Field(default_factory=list, description="head office first")
    location: list[Point] = Field(default_factory=list)
    region: list[str] = Field(default_factory=list)
    department: list[str] = Field(default_factory=list)

    responsible: bool = Field(default=False, description="has offers as responsible body")
    trainer: bool = Field(default=False, description="delivers offers")
    gaps: list[Gap] = Field(default_factory=list)
    gap_codes: list[GapCode] = Field(default_factory=list)

    edition: dt.date | None = Field(default=None, description="of the register; None: none is loaded")
    untold_dates: list[dt.date] = Field(
        default_factory=list, description="of the dates above: days of loading, since nobody gave the edition's"
    )
    facts_at: str = Field(description="when this document was written")
    facts: dict[str, object] = Field(
        default_factory=dict, description="of the register alone (indexer.census.facts); not read by the app"
    )


class Edition(Stored):
    """One edition of the register that was loaded; ``_id`` is its hash."""

    hash: str = Field(description="of its files' content")
    edition: dt.date
    loaded_at: str
    files: list[str] = Field(default_factory=list)
    rows: int = 0
    bodies: int = 0
    certified: int = 0
    left: int = Field(default=0, description="bodies that left the list with it")
    lost: int = Field(default=0, description="bodies that lost their certification with it")
    report: dict[str, object] = Field(default_factory=dict)
