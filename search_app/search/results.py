"""What a search answers: converted once from the engine's response, rendered by the API, the pages and the widgets.

Hundreds of these objects are made for each answer: structures of msgspec take a third of the time and of the memory of
dataclasses (docs/decisions/0010). Nothing changes them after making. ``gc=False``: none is in a reference cycle.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

CHECKPOINT: Final = (
    "seat statements up to this number are in the answer: what the stream is opened with as last_event_id"
)

Contradiction = Literal["open_full", "closed_left"]  # open and none left; closed and some left


class SeatsView(Struct, gc=False):
    """Seats of one session under one funder; ``available`` is seats left, None where it was withdrawn."""

    funder: str
    label: str
    capacity: int | None
    available: int | None
    observed_at: str
    age_days: int
    old: Annotated[bool, Meta(description="observed longer ago than BOUSSOLE_SEATS_OLD_AFTER_DAYS")] = False


class SessionView(Struct, gc=False):
    """One session as a reader sees it; ``start`` and ``end`` are ISO days, as exact as the precisions say."""

    id: str
    key: str
    start: str | None
    end: str | None
    precision: str
    end_precision: str
    when: Annotated[str, Meta(description="French text, at the precision that is known: « mars 2027 »")]
    recruiting: str
    seats: list[SeatsView]
    matches: Annotated[bool, Meta(description="all session conditions of the search hold for it")]
    contradiction: Annotated[str | None, Meta(description="state and seats contradict each other: a French text")]


class ProviderView(Struct, gc=False):
    """The responsible provider."""

    siren: str | None
    name: str | None


class PlaceView(Struct, gc=False):
    """One place; of several the nearest to the point searched from."""

    town: str | None
    postal_code: str | None
    department: str | None
    region: str | None
    lat: float | None
    lon: float | None
    others: int = 0


class CodeView(Struct, gc=False):
    """A code with its French label."""

    code: str
    label: str


class TrainingView(Struct, gc=False):
    """The training that an offer belongs to; what is known of its matching offers, with ``group=training``."""

    key: Annotated[str, Meta(description="what the parameter ``training`` takes")]
    offers: Annotated[int | None, Meta(description="how many of its offers match")]
    nearest_km: Annotated[float | None, Meta(description="from the place searched from to the nearest of them")]


class OfferCard(Struct, gc=False):
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
    audience: Annotated[list[CodeView], Meta(description="for whom it is announced; empty where that is not told")]
    sessions: list[SessionView]
    matching_sessions: int
    training: TrainingView


class FacetRow(Struct, gc=False):
    """One value of a count list; ``count`` is in offers, under all filters but the list's own."""

    value: str
    label: str
    count: int
    selected: bool


class PlaceFound(Struct, gc=False):
    """How the place of the search was understood; ``others`` are places that the same words could mean."""

    kind: Literal["town", "postal_code", "department", "region", "point"]
    label: str
    code: str | None
    lat: float | None
    lon: float | None
    radius: float | None
    others: list[CodeView]


class SourceState(Struct, gc=False):
    """How fresh the catalogue of one source is."""

    name: str
    loaded_at: str
    offers: int
    age_days: int
    stale: bool


class CorrectionView(Struct, gc=False):
    """A word of ``q`` as it was typed, and the word that was searched instead."""

    typed: str
    word: str


class FilterView(Struct, gc=False):
    """Words of ``q`` that were taken as a filter; ``parameters`` are those that would give the same."""

    kind: str
    typed: str
    parameters: dict[str, str]


class RuleView(Struct, gc=False):
    """A rule of the vocabulary that brought other wordings, or that holds words together; ``comment`` says why."""

    theme: str
    words: list[str]
    kind: str
    means: list[str]
    comment: str


class Understood(Struct, gc=False):
    """How ``q`` was understood; ``verbatim`` takes it as it is typed."""

    typed: str
    kept: Annotated[str, Meta(description="the typed words without those that are filters")]
    words: Annotated[str, Meta(description="what was searched as words; may be empty")]
    corrections: list[CorrectionView]
    filters: list[FilterView]
    variants: Annotated[list[str], Meta(description="other wordings that were searched as well")]
    rules: Annotated[list[RuleView], Meta(description="rules of the vocabulary that held")]
    jobs: Annotated[list[CodeView], Meta(description="ROME codes that the words mean, the likeliest first")]
    other_places: Annotated[
        list[str],
        Meta(description="towns that the words name, or may mean, beside the place, and that were not searched in"),
    ]
    unknown_code: Annotated[str, Meta(description="the words, if they are a code that no offer carries")]
    loose: Annotated[bool, Meta(description="no offer has enough of the words: any of them, or similar ones")]


class SearchResults(Struct, gc=False):
    """One answer: exact total, one page of offers, every count list, and what was understood."""

    total: int
    page: int
    size: int
    pages: Annotated[int, Meta(description="pages that can be asked for: 10,000 results at most")]
    sort: str
    group: str
    trainings: Annotated[int | None, Meta(description="distinct trainings, with group=training")]
    place: PlaceFound | None
    understood: Understood | None
    today: date
    results: list[OfferCard]
    facets: dict[str, list[FacetRow]]
    sources: list[SourceState]
    explain: dict[str, Any] | None
    seats_checkpoint: Annotated[int, Meta(description=CHECKPOINT)] = -1
