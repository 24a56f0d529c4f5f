"""What a search answers: converted once from the engine's response, rendered by the API, the pages and the widgets.

The classes are plain on purpose: hundreds are made for each answer, a frozen one takes three times as long to make, and
orjson writes one with slots eight times more slowly. Rows of count lists, five hundred of an answer, are dictionaries,
which take half as long again. Nothing changes them after making.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from typing_extensions import TypedDict  # the one of Python 3.11 is not for pydantic

CHECKPOINT: Final = (
    "seat statements up to this number are in the answer: what the stream is opened with as last_event_id"
)

Contradiction = Literal["open_full", "closed_left"]  # open and none left; closed and some left


@dataclass
class SeatsView:
    """Seats of one session under one funder; ``available`` is seats left, None where it was withdrawn."""

    funder: str
    label: str
    capacity: int | None
    available: int | None
    observed_at: str
    age_days: int
    old: bool = field(default=False, metadata={"description": "observed longer ago than BOUSSOLE_SEATS_OLD_AFTER_DAYS"})


@dataclass
class SessionView:
    """One session as a reader sees it; ``start`` and ``end`` are ISO days, as exact as the precisions say."""

    id: str
    key: str
    start: str | None
    end: str | None
    precision: str
    end_precision: str
    when: str = field(metadata={"description": "French text, at the precision that is known: « mars 2027 »"})
    recruiting: str
    seats: list[SeatsView]
    matches: bool = field(metadata={"description": "all session conditions of the search hold for it"})
    contradiction: str | None = field(metadata={"description": "state and seats contradict each other: a French text"})


@dataclass
class ProviderView:
    """The responsible provider."""

    siren: str | None
    name: str | None


@dataclass
class PlaceView:
    """One place; of several the nearest to the point searched from."""

    town: str | None
    postal_code: str | None
    department: str | None
    region: str | None
    lat: float | None
    lon: float | None
    others: int = 0


@dataclass
class CodeView:
    """A code with its French label."""

    code: str
    label: str


@dataclass
class TrainingView:
    """The training that an offer belongs to; what is known of its matching offers, with ``group=training``."""

    key: str = field(metadata={"description": "what the parameter ``training`` takes"})
    offers: int | None = field(metadata={"description": "how many of its offers match"})
    nearest_km: float | None = field(metadata={"description": "from the place searched from to the nearest of them"})


@dataclass
class OfferCard:
    """One result: an action at its places, with its sessions, those that match first."""

    id: str
    key: str
    url: str
    title: str
    source: str
    provider: ProviderView
    place: PlaceView | None
    distance_km: float | None
    mode: str | None
    entry: str | None
    level: CodeView | None
    certifications: list[str]
    certifying: bool | None
    funders: list[CodeView]
    state_funded: bool | None
    free: bool
    hours: float | None
    price: float | None
    sessions: list[SessionView]
    matching_sessions: int
    training: TrainingView


class FacetRow(TypedDict):
    """One value of a count list; ``count`` is in offers, under all filters but the list's own."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass
class PlaceFound:
    """How the place of the search was understood; ``others`` are places that the same words could mean."""

    kind: Literal["town", "postal_code", "department", "region", "point"]
    label: str
    code: str | None
    lat: float | None
    lon: float | None
    radius: float | None
    others: list[CodeView]


@dataclass
class SourceState:
    """How fresh the catalogue of one source is."""

    name: str
    loaded_at: str
    offers: int
    age_days: int
    stale: bool


@dataclass
class CorrectionView:
    """A word of ``q`` as it was typed, and the word that was searched instead."""

    typed: str
    word: str


@dataclass
class FilterView:
    """Words of ``q`` that were taken as a filter; ``parameters`` are those that would give the same."""

    kind: str
    typed: str
    parameters: dict[str, str]


@dataclass
class RuleView:
    """A rule of the vocabulary that brought other wordings, or that holds words together; ``comment`` says why."""

    theme: str
    words: list[str]
    kind: str
    means: list[str]
    comment: str


@dataclass
class Understood:
    """How ``q`` was understood; ``verbatim`` takes it as it is typed."""

    typed: str
    kept: str = field(metadata={"description": "the typed words without those that are filters"})
    words: str = field(metadata={"description": "what was searched as words; may be empty"})
    corrections: list[CorrectionView]
    filters: list[FilterView]
    variants: list[str] = field(metadata={"description": "other wordings that were searched as well"})
    rules: list[RuleView] = field(metadata={"description": "rules of the vocabulary that held"})
    jobs: list[CodeView] = field(metadata={"description": "ROME codes that the words mean, the likeliest first"})
    other_places: list[str] = field(
        metadata={"description": "towns that the words name beside the place, and that were not searched in"}
    )
    unknown_code: str = field(metadata={"description": "the words, if they are a code that no offer carries"})
    loose: bool = field(metadata={"description": "no offer has enough of the words: any of them, or similar ones"})


@dataclass
class SearchResults:
    """One answer: exact total, one page of offers, every count list, and what was understood."""

    total: int
    page: int
    size: int
    pages: int = field(metadata={"description": "pages that can be asked for: 10,000 results at most"})
    sort: str
    group: str
    trainings: int | None = field(metadata={"description": "distinct trainings, with group=training"})
    place: PlaceFound | None
    understood: Understood | None
    today: date
    results: list[OfferCard]
    facets: dict[str, list[FacetRow]]
    sources: list[SourceState]
    explain: dict[str, Any] | None
    seats_checkpoint: int = field(default=-1, metadata={"description": CHECKPOINT})
