"""The result of a search: converted once from the engine's response, rendered by the API and the pages.

Hundreds of these objects are created per answer: msgspec structures take a third of the time and memory of dataclasses
(docs/decisions/0010). They are never modified. ``gc=False``: none is in a reference cycle.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from funding.evaluation.facet import FundingValue

CHECKPOINT: Final = (
    "seat statements up to this number are in the answer: what the stream is opened with as last_event_id"
)


class SeatsView(Struct, gc=False):
    """Seats of one session under one funder; ``available`` is seats left, None if withdrawn."""

    funder: str
    label: str
    capacity: int | None
    available: int | None
    observed_at: str
    age_days: int
    old: Annotated[bool, Meta(description="observed longer ago than BOUSSOLE_SEATS_OLD_AFTER_DAYS")] = False


class SessionView(Struct, gc=False):
    """The view of one session; ``start`` and ``end`` are ISO days, as precise as the precisions say."""

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
    """One place; of several, the nearest to the search point."""

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
    """The training of an offer; with ``group=training``, the data on its matching offers."""

    key: Annotated[str, Meta(description="what the parameter ``training`` takes")]
    offers: Annotated[int | None, Meta(description="how many of its offers match")]
    nearest_km: Annotated[float | None, Meta(description="from the place searched from to the nearest of them")]


class OfferCard(Struct, gc=False):
    """One result: an action at its places, with its sessions, matching ones first."""

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
    trainer: Annotated[str | None, Meta(description="name of the first delivering provider that has one")] = None
    entry_level_required: Annotated[int, Meta(description="11 to 18; 0: no level is demanded")] = 0
    phone: Annotated[str | None, Meta(description="the number to call first")] = None
    funding: Annotated[
        FundingValue | None,
        Meta(description="who pays for the person of the search, by its matching sessions; null without a person"),
    ] = None
    funding_whole: Annotated[
        bool | None, Meta(description="a scheme that gives this value covers all fees; false: in part, or not told")
    ] = None


class FacetRow(Struct, gc=False):
    """One value of a facet; ``count`` is in offers, under all filters but the facet's own."""

    value: str
    label: str
    count: int
    selected: bool


class PlaceFound(Struct, gc=False):
    """The resolved place of the search; ``others`` are places with the same name, ``respelt`` is the typed place if no
    place is spelt so and the nearest name was taken.
    """

    kind: Literal["town", "postal_code", "department", "region", "point"]
    label: str
    code: str | None
    lat: float | None
    lon: float | None
    radius: float | None
    others: list[CodeView]
    respelt: str | None = None


class Presence(Struct, gc=False):
    """How many results are held at a place (or do not tell their mode), and how many are remote."""

    onsite: int
    remote: int


class SourceState(Struct, gc=False):
    """The freshness of one source's catalogue."""

    name: str
    loaded_at: str
    offers: int
    age_days: int
    stale: bool


class CorrectionView(Struct, gc=False):
    """A typed word of ``q``, and the word that was searched instead."""

    typed: str
    word: str


class FilterView(Struct, gc=False):
    """Words of ``q`` taken as a filter; ``parameters`` are the equivalent ones."""

    kind: str
    typed: str
    parameters: dict[str, str]


class RuleView(Struct, gc=False):
    """A vocabulary rule that added wordings, or that keeps words together; ``comment`` is the reason."""

    theme: str
    words: list[str]
    kind: str
    means: list[str]
    comment: str


class JobView(Struct, gc=False):
    """A ROME code that the words mean, with its French label."""

    code: str
    label: str
    near: Annotated[str, Meta(description="its known title that is nearest in meaning; empty if only words counted")]


class Understood(Struct, gc=False):
    """The interpretation of ``q``; ``verbatim`` switches steps off."""

    typed: str
    kept: Annotated[str, Meta(description="the typed words without those that are filters")]
    words: Annotated[str, Meta(description="what was searched as words; may be empty")]
    corrections: list[CorrectionView]
    filters: list[FilterView]
    variants: Annotated[list[str], Meta(description="other wordings that were searched as well")]
    rules: Annotated[list[RuleView], Meta(description="rules of the vocabulary that held")]
    jobs: Annotated[list[JobView], Meta(description="ROME codes that the words mean, the likeliest first")]
    other_places: Annotated[
        list[str],
        Meta(description="towns that the words name, or may mean, beside the place, and that were not searched in"),
    ]
    unknown_code: Annotated[str, Meta(description="the words, if they are a code that no offer carries")]
    loose: Annotated[bool, Meta(description="no offer has enough of the words: any of them, or similar ones")]
    rncp_like: Annotated[CodeView | None, Meta(description="the certification with this number")] = None
    unknown_words: Annotated[
        list[str], Meta(description="words beside known ones that are in no title, job, domain or name of a provider")
    ] = []


class SearchResults(Struct, gc=False):
    """One answer: exact total, one page of offers, every facet, and the interpretation of the words."""

    total: int
    page: int
    size: int
    pages: Annotated[int, Meta(description="pages that can be asked for: 10,000 results at most")]
    sort: str
    group: str
    trainings: Annotated[int | None, Meta(description="distinct trainings, with group=training")]
    place: PlaceFound | None
    presence: Annotated[
        Presence | None, Meta(description="with a place and remote=include: on-site results come before remote ones")
    ]
    understood: Understood | None
    today: date
    results: list[OfferCard]
    facets: dict[str, list[FacetRow]]
    sources: list[SourceState]
    explain: dict[str, Any] | None
    seats_checkpoint: Annotated[int, Meta(description=CHECKPOINT)] = -1
