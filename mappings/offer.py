"""Models of the stored offers index; a test compares their fields with the mapping.

Other models that read parts of an offer are compared with these by tests/contract/test_stored_forms.py.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mappings.codes import Entry, Kind, Mode, Precision, Recruiting, Rhythm, SeatsRow

FOREVER = date(9999, 12, 31)  # an open end in the engine, which has no infinity for dates that it also sorts on


class Stored(BaseModel):
    """Base of all stored models: unknown fields are errors, values are not changed after making."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DateRange(Stored):
    """A range of days, both inclusive, as a ``date_range`` field takes it."""

    gte: date
    lte: date


class NumberRange(Stored):
    """A range of whole numbers, both inclusive, as an ``integer_range`` field takes it."""

    gte: int
    lte: int


class Point(Stored):
    """WGS 84, degrees."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class SeatFigure(Stored):
    """What the newest statement says of one session and one funder; ``available`` is seats left, absolute."""

    funder: str
    capacity: int | None = None
    available: int | None = None
    sequence: int
    observed_at: str


class Contact(Stored):
    """Whom to call or write to; every field as the feed has it, cleaned of fillers."""

    role: str | None = None
    name: str | None = Field(default=None, description="civilite, prenom and nom")
    lines: list[str] = Field(default_factory=list, description="ligne of coordonnees, beside those of the address")
    phones: list[str] = Field(default_factory=list)
    email: str | None = None
    urls: list[str] = Field(default_factory=list)
    address: str | None = None


class Registration(Stored):
    """How, where and until when one registers for a session; the dates are ``AAAAMMJJ`` texts as in the feed."""

    start_text: str | None = None
    end_text: str | None = None
    address: str | None = None
    how: str | None = None


class Meeting(Stored):
    """One step of a session's recruitment (recrutement): an information meeting, a test, an interview.

    The dates are ``AAAAMMJJ`` texts as in the feed, the times ``HH:MM`` or the feed's text where that is no time.
    """

    number: str | None = None
    kind: str | None = Field(default=None, description="label of modalite-recrutement")
    start_text: str | None = None
    end_text: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    remote: bool | None = Field(default=None, description="a-distance")
    town: str | None = None
    postal_code: str | None = None
    address: str | None = Field(default=None, description="the whole address in one line")
    seats: int | None = Field(default=None, description="nb-places of the meeting, and 0 counts as not told")
    perimeter: str | None = Field(default=None, description="label of code-perimetre-recrutement")
    perimeter_info: str | None = None
    url: str | None = None
    comment: str | None = None


class Certification(Stored):
    """One certification that the training prepares; codes without their prefixes."""

    rncp: str | None = None
    rs: str | None = None
    certifinfo: str | None = None
    cpf: str | None = None
    label: str | None = None


class SkillBlock(Stored):
    """One block of a certification (bloc-competences)."""

    code: str | None = None
    label: str | None = None


class SkillBlocks(Stored):
    """The blocks of one certification that a session prepares (blocs-competences)."""

    validation: str | None = Field(default=None, description="label of validation-blocs")
    certifications: list[Certification] = Field(default_factory=list)
    blocks: list[SkillBlock] = Field(default_factory=list)


class Cycle(Stored):
    """A way of following a session (cycle): initial training or apprenticeship, its years, capacities and rhythm."""

    kind: str | None = Field(default=None, description="label of type-cycle")
    years: list[int] = Field(default_factory=list, description="annee-cycle")
    fewest: int | None = Field(default=None, description="effectif-minimal, people")
    at_once: int | None = Field(default=None, description="capacite-simultanee, people")
    altogether: int | None = Field(default=None, description="capacite-cumulee, people")
    contract: str | None = Field(default=None, description="label of type-alternance")
    rhythm_unit: str | None = Field(default=None, description="label of unite-rythme-alternance")
    units_company: int | None = None
    units_centre: int | None = None


class Session(Stored):
    """One session; all session conditions of a search must hold for one of these."""

    id: str
    key: str
    start: date | None = Field(default=None, description="first day on which it can start: 1 March for “mars 2027”")
    start_last: date | None = Field(
        default=None, description="last day on which it can start: 31 March for “mars 2027”"
    )
    start_precision: Precision = "unknown"
    end: date | None = Field(default=None, description="last day of the stated end: 30 June for “juin 2027”")
    end_precision: Precision = "unknown"
    start_text: str | None = Field(default=None, description="periode/debut as in the feed")
    end_text: str | None = Field(default=None, description="periode/fin as in the feed")
    window: DateRange | None = Field(
        default=None,
        description="what a start window is compared with: the start, or the whole period if entry is permanent; "
        "none if the start is unknown",
    )
    open_until: date = Field(default=FOREVER, description="last day on which it counts as upcoming; FOREVER if unknown")
    recruiting: Recruiting = "unknown"
    left: dict[str, int] = Field(
        default_factory=dict,
        description="seats left by funder of the action, and under 'any' the largest of all statements; "
        "absent where not known",
    )
    capacity: dict[str, int] = Field(
        default_factory=dict,
        description="seats in all by funder of the action, of the figures that count; absent where not known",
    )
    seats: list[SeatFigure] = Field(default_factory=list)
    registration: Registration | None = None
    contacts: list[Contact] = Field(default_factory=list)
    url: str | None = None
    meetings: list[Meeting] = Field(default_factory=list, description="recrutement, in the order of the feed")
    certifications: list[Certification] = Field(default_factory=list, description="reference-certification")
    skills: list[SkillBlocks] = Field(default_factory=list, description="blocs-competences")
    cycles: list[Cycle] = Field(default_factory=list)
    others: dict[str, list[str]] = Field(
        default_factory=dict, description="every other element of the session: its path inside the session -> its texts"
    )
    first_seen: str | None = Field(default=None, description="when a load first brought it for this offer")
    over: bool = Field(default=False, description="the feed itself marks the session as over (session-perimee)")


class Place(Stored):
    """One place of an action, as far as it could be told."""

    name: str | None = None
    lines: list[str] = Field(default_factory=list)
    postal_code: str | None = None
    town: str | None = None
    insee: str | None = None
    department: str | None = None
    region: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    located_by: Literal["feed", "commune"] | None = None
    phones: list[str] = Field(default_factory=list)
    email: str | None = None
    urls: list[str] = Field(default_factory=list)
    person: str | None = Field(default=None, description="civilite and prenom, with nom, where one of them is told")
    siret: str | None = Field(default=None, description="SIRET-lieu-formation")
    uai: str | None = Field(default=None, description="code-UAI-lieu-formation")


class Organisation(Stored):
    """A legal body with the name under which the feed shows it."""

    siren: str | None = None
    siret: str | None = None
    name: str | None = None
    declaration: str | None = Field(default=None, description="NDA, numero-activite")
    contacts: list[Contact] = Field(default_factory=list)


class Funding(Stored):
    """One line of organisme-financeur; a funder with another programme or market has another line.

    ``seats_bought`` is nb-places-financees, and 0 counts as not told.
    """

    funder: str
    seats_bought: int | None = None
    programme: str | None = Field(default=None, description="programme-financeur of the line's extras")
    market: str | None = Field(default=None, description="ref-action-marche-financeur of the line's extras")


class Fault(Stored):
    """Something in the record that was repaired or contradicts itself, told and never hidden."""

    kind: str
    field: str
    value: str
    remedy: str


class CpfPeriod(Stored):
    """Days on which the offer was declared to be paid by the CPF (eligibilite-cpf); an absent day is open.

    ``limited``: only for some people (a branch, a region, employees or job seekers), or with days that were damaged.
    """

    first: date | None = None
    last: date | None = None
    limited: bool = False


class Detail(Stored):
    """What only the offer's own page shows; LHEO element names in the comments of the mapping's model."""

    training_url: str | None = None  # url-formation
    training_created: str | None = None  # datecrea of the formation, AAAAMMJJ
    formacode_ref: str | None = None  # version of the Formacodes, e.g. V14
    action_url: str | None = None  # url-action
    contacts: list[Contact] = Field(default_factory=list)  # contact-formation
    rhythm: str | None = None  # rythme-formation
    duration: str | None = None  # duree-indicative
    alternation: str | None = None  # modalites-alternance
    conditions: str | None = None  # conditions-specifiques
    audience_info: str | None = None  # info-public-vise
    path: str | None = None  # parcours-de-formation, code
    aim: str | None = None  # objectif-general-formation, code
    positioning: str | None = None  # positionnement, code
    teaching: str | None = None  # modalites-pedagogiques
    recruitment: str | None = None  # modalites-recrutement
    perimeter: str | None = None  # code-perimetre-recrutement
    perimeter_info: str | None = None  # infos-perimetre-recrutement
    languages: list[str] = Field(default_factory=list)  # langue-formation
    catering: str | None = None  # restauration
    lodging: str | None = None  # hebergement
    transport: str | None = None  # transport
    accessibility: str | None = None  # acces-handicapes
    hours_centre: int | None = None  # nombre-heures-centre
    hours_company: int | None = None  # nombre-heures-entreprise
    price_per_hour: str | None = None  # prix-horaire-TTC, as in the feed
    price_text: str | None = None  # prix-total-TTC, as in the feed
    remaining_costs: str | None = None  # frais-restants
    funding_conditions: str | None = None  # detail-conditions-prise-en-charge
    costs_coverable: bool | None = None  # prise-en-charge-frais-possible
    agreed_hours: int | None = None  # duree-conventionnee
    information_address: str | None = None  # adresse-information
    information_dates: list[str] = Field(default_factory=list)  # date-information, AAAAMMJJ texts
    modules: list[str] = Field(default_factory=list)  # sous-modules
    required_modules: list[str] = Field(default_factory=list)  # modules-prerequis
    equipment: list[str] = Field(default_factory=list)  # equipement
    cpf_periods: list[CpfPeriod] = Field(default_factory=list)  # extras eligibilite-cpf
    # every other element of the record: its path -> its texts
    others: dict[str, list[str]] = Field(default_factory=dict)


class OfferBody(Stored):
    """The part of an offer that its record determines: made by the loader, and hashed, before it is written."""

    id: str
    key: str
    source: str
    format: Literal["1.3", "2.2", "2.3", "index", "cpf"]
    training_id: str | None = None
    training_key: str = Field(description="the same for actions of one training: title, certifications, else domains")

    title: str
    goal: str | None = None
    content: str | None = None
    outcome: str | None = None
    subjects: list[str] = Field(
        default_factory=list,
        description="labels of its Formacode and ROME codes and of its certifications, to be searched",
    )
    provider: Organisation = Field(default_factory=Organisation)
    trainers: list[Organisation] = Field(default_factory=list)

    formacode: list[str] = Field(default_factory=list)
    domain: list[str] = Field(default_factory=list, description="first three digits of each Formacode")
    nsf: list[str] = Field(default_factory=list)
    rome: list[str] = Field(default_factory=list)
    rome_main: str | None = Field(default=None, description="the first of its ROME codes")
    rncp: list[str] = Field(default_factory=list, description="digits only")
    rs: list[str] = Field(default_factory=list, description="digits only")
    certifinfo: list[str] = Field(default_factory=list)
    certifications: list[Certification] = Field(default_factory=list)
    certifying: bool | None = None
    level: str | None = Field(default=None, description="exit level, 11-18")
    entry_level: str | None = Field(default=None, description="stated entry level, 11-18, demanded or not")
    entry_level_required: int = Field(default=0, description="0 nothing demanded, else 11-18")
    audience: list[str] = Field(default_factory=list)
    audience_ref: str | None = Field(default=None, description="version of the audience codes, e.g. V14")

    places: list[Place] = Field(default_factory=list)
    place_text: str | None = Field(default=None, description="towns, to be searched")
    region: list[str] = Field(default_factory=list)
    department: list[str] = Field(default_factory=list)
    employment_zone: list[str] = Field(default_factory=list, description="INSEE’s zones of the communes of its places")
    location: list[Point] = Field(
        default_factory=list, description="of its places, empty if it is remote: no radius can hold it"
    )
    mode: Mode | None = None
    entry: Entry | None = None
    rhythm: list[Rhythm] = Field(default_factory=list, description="told from detail.rhythm by a table of words")

    state_funded: bool | None = None
    funder: list[str] = Field(default_factory=list)
    funding: list[Funding] = Field(default_factory=list)
    hours: float | None = None
    price: float | None = None

    sessions: list[Session] = Field(default_factory=list)
    recruiting: list[Recruiting] = Field(
        default_factory=list, description="of its sessions: counted where no session condition is set"
    )
    seats_rows: list[SeatsRow] = Field(
        default_factory=list, description="of its sessions, by seats left: counted where no session condition is set"
    )
    created: str | None = Field(default=None, description="datecrea of the action, AAAAMMJJ")
    detail: Detail = Field(default_factory=Detail)
    faults: list[Fault] = Field(default_factory=list)
    fault_kinds: list[str] = Field(default_factory=list)


class ContradictionCounts(Stored):
    """How many sessions of an offer have a recruitment state that their seats contradict."""

    open_full: int | None = None
    closed_left: int | None = None


class ValueSets(Stored):
    """The terms of ``mappings.value_sets`` by set; each holds the values of several facets."""

    place: list[str] = Field(default_factory=list)
    training: list[str] = Field(default_factory=list)
    subject: list[str] = Field(default_factory=list)
    audience: list[str] = Field(default_factory=list)
    payment: list[str] = Field(default_factory=list)
    seats: list[str] = Field(default_factory=list)


class Offer(OfferBody):
    """One action of training at its places: one search result, one document, ``_id`` = ``key``.

    The fields that session conditions are tested on, and by which values are counted, are made by
    ``mappings.index_fields``.
    """

    hash: str = Field(description="of the body and the version of the rules")
    written_at: str
    first_seen: str | None = Field(default=None, description="when a load first brought it; none before that was kept")
    news_at: str | None = Field(default=None, description="when it, or the newest of its sessions, was first seen")
    copy_number: int = Field(
        default=1,
        ge=1,
        description="among its source's offers of this title when it was written; equal ones are shown in its order",
    )
    windows: list[NumberRange] = Field(default_factory=list, description="days of its sessions, by what they meet")
    starts: list[NumberRange] = Field(default_factory=list, description="days that the starts of its sessions can mean")
    session_spans: list[int] = Field(default_factory=list, description="period and state of each session")
    session_left: list[int] = Field(default_factory=list, description="each known number of seats left")
    session_capacity: list[int] = Field(default_factory=list, description="each known capacity")
    session_seen: list[int] = Field(default_factory=list, description="when each session was first seen")
    session_keys: list[str] = Field(default_factory=list, description="of its sessions, in their order")
    contradictions: ContradictionCounts = Field(default_factory=ContradictionCounts)
    value_sets: ValueSets = Field(default_factory=ValueSets)
    funding_facts: str = Field(default="", description="what the rules on funding ask of it, its sessions apart")
    funding_set: str = Field(default="", description="a short name of that")
    commune: list[str] = Field(default_factory=list, description="of its places, empty if it is remote")
    trainer: list[str] = Field(default_factory=list, description="SIRENs of the delivering bodies")
    bodies: list[str] = Field(default_factory=list, description="its legal bodies, packed (mappings.columns.bodies)")
    programme: list[str] = Field(default_factory=list, description="told by its funder lines")
    market: list[str] = Field(default_factory=list, description="told by its funder lines")
    purchases: list[str] = Field(default_factory=list, description="what its funder lines meet, each for itself")
    purchase_lines: list[str] = Field(default_factory=list, description="its funder lines, packed")
    bought: list[int] = Field(default_factory=list, description="seats bought of each funder line that tells them")
    price_cents: int | None = None
    hours_hundredths: int | None = None
    kind: Kind | None = Field(default=None, description="what it is; none if neither a Formacode nor the title tells")
    certification_kind: list[str] = Field(
        default_factory=list, description="rncp, block, rs, clea of its certifications; or none, told"
    )
    contract_type: list[str] = Field(default_factory=list, description="apprenticeship, contrat_pro; or none, told")
    funding_programme: list[str] = Field(default_factory=list, description="afc, poei, poec, prf, other")
    cpf_periods: list[int] = Field(default_factory=list, description="days declared to the CPF, packed")
    hours_company: float | None = None
    remaining_fees: float | None = Field(default=None, description="frais-restants where it is a figure, euros")
    months_least: int | None = Field(default=None, description="of all sessions, if each has a length")
    months_most: int | None = None
    session_months: list[int] = Field(default_factory=list, description="months of each session, packed")
