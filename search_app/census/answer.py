"""The census's answer: bodies with their facts, each dated or unknown, and counts of their offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_app.search.results import FacetRow, PlaceFound


@dataclass(frozen=True, slots=True)
class OtherNameView:
    """Another name of a body; ``kind`` says where it comes from."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """One establishment; a natural person's has neither street nor position."""

    siret: str
    name: str | None
    address: str | None
    postal_code: str | None
    town: str | None
    insee: str | None
    department: str | None
    region: str | None
    lat: float | None
    lon: float | None
    closed: bool | None
    head: bool
    listed: bool
    in_offers: bool
    delivers: bool


@dataclass(frozen=True, slots=True)
class GapView:
    """A difference between register and catalogue, worded as a question.

    ``date`` is the edition's; without ``date_told`` nobody gave it, and it is the day of loading.
    """

    code: str
    label: str
    question: str
    detail: list[str]
    source: str
    date: str | None
    date_told: bool


@dataclass(frozen=True, slots=True)
class OfferCounts:
    """Offers that a body is responsible for: the totals of the searches ``provider=`` without and with ``upcoming``."""

    total: int
    upcoming: int


@dataclass(frozen=True, slots=True)
class BodyView:
    """One legal body. Never one boolean "active": ``listed``, ``state``, ``trainees`` and ``offers`` are four facts.

    None is "not known": of ``listed`` that no register is loaded, of ``qualiopi`` that no list tells. ``qualiopi`` is
    empty where the list tells of no certification, ``["any"]`` where it does not tell the category. ``untold_dates``
    are those of its dates that are days of loading, since nobody gave the date of the edition. ``region`` and
    ``department`` are those of its sites, of its offers if none is located.
    """

    siren: str
    name: str | None
    also: list[OtherNameView]
    town: str | None
    ndas: list[str]
    former_ndas: list[str]
    stated_ndas: list[str]
    sites: list[SiteView]
    qualiopi: list[str] | None
    qualiopi_at: str | None
    qualiopi_lost_at: str | None
    listed: bool | None
    listed_at: str | None
    left_list_at: str | None
    state: str | None
    state_at: str | None
    state_source: str | None
    natural_person: bool | None
    trainees: int | None
    trainees_for_others: int | None
    trainers_count: int | None
    trainees_year_end: str | None
    declared_at: str | None
    specialities: list[str]
    offers: OfferCounts
    region: list[str]
    department: list[str]
    responsible: bool
    trainer: bool
    gaps: list[GapView]
    edition: str | None
    untold_dates: list[str]
    url: str


@dataclass(frozen=True, slots=True)
class NearestSite:
    """The site of a body nearest to the town that the words end with, in km."""

    siret: str
    town: str | None
    near: str
    distance_km: float


@dataclass(frozen=True, slots=True)
class Found:
    """What of a body the words mean: another name than the shown one, and the site nearest to their town."""

    siren: str
    name: str | None
    nearest: NearestSite | None


@dataclass(frozen=True, slots=True)
class CensusResults:
    """One page of the census; ``edition`` is that of the register, None if none is loaded; without ``edition_told``
    nobody gave its date, and it is the day of loading.

    ``approximate``: no body has all the words, these have most of them. ``place`` is the place as understood.
    ``found`` has one row for each of ``results``, none without words.
    """

    total: int
    page: int
    size: int
    pages: int
    edition: str | None
    edition_told: bool
    approximate: bool
    place: PlaceFound | None
    results: Sequence[BodyView]
    found: Sequence[Found]
    facets: Mapping[str, list[FacetRow]]
