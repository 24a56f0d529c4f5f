"""The stored fields of a result, and the engine's answer to a search, parsed directly into these structures.

A search parses five thousand values. As dictionaries they fill half a megabyte, which no longer fits the processor's
caches after the engine has answered; as these structures a fifth of it (docs/decisions/0010). Fields have the names and
the meaning of ``mappings.offer``; dates are ISO text, as they are stored, sent and compared. Other fields are skipped.
None of them is in a reference cycle, so the collector need not examine them (``gc=False``).
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgspec
from msgspec import Raw, Struct, field
from msgspec.structs import replace

from engine.answers import lacking_shards
from mappings.offer import FOREVER


class StoredWindow(Struct, gc=False):
    """The days that a start window compares with, both inclusive."""

    gte: str
    lte: str


class StoredFigure(Struct, gc=False):
    """The newest figure of one session and one funder."""

    funder: str
    observed_at: str
    capacity: int | None = None
    available: int | None = None


class StoredSession(Struct, gc=False):
    """One session; an export has ``window``, ``left`` and ``open_until`` only if a condition uses them."""

    id: str
    key: str
    recruiting: str = "unknown"
    start: str | None = None
    start_last: str | None = None
    start_precision: str = "unknown"
    end: str | None = None
    end_precision: str = "unknown"
    window: StoredWindow | None = None
    open_until: str = FOREVER.isoformat()
    left: dict[str, int] = {}
    seats: list[StoredFigure] = []


class StoredContact(Struct, gc=False):
    """Who informs about an action."""

    phones: list[str] = []


class StoredDetail(Struct, gc=False):
    """The part of the texts of an offer's own page that a result has."""

    contacts: list[StoredContact] = []


class StoredPlace(Struct, gc=False):
    """One place of an action."""

    town: str | None = None
    postal_code: str | None = None
    department: str | None = None
    region: str | None = None
    lat: float | None = None
    lon: float | None = None
    phones: list[str] = []


class StoredProvider(Struct, gc=False):
    """The responsible provider."""

    siren: str | None = None
    name: str | None = None
    contacts: list[StoredContact] = []


class StoredTrainer(Struct, gc=False):
    """A delivering provider."""

    name: str | None = None
    contacts: list[StoredContact] = []


class StoredCertification(Struct, gc=False):
    """One certification; codes without their prefixes."""

    rncp: str | None = None
    rs: str | None = None
    label: str | None = None


class StoredOffer(Struct, gc=False):
    """One action of training at its places."""

    id: str
    key: str
    training_key: str
    title: str
    source: str
    # The engine omits objects without requested fields: a provider without SIREN and name is absent.
    provider: StoredProvider = field(default_factory=StoredProvider)
    trainers: list[StoredTrainer] = []
    detail: StoredDetail = field(default_factory=StoredDetail)
    places: list[StoredPlace] = []
    mode: str | None = None
    entry: str | None = None
    level: str | None = None
    entry_level_required: int = 0
    certifications: list[StoredCertification] = []
    certifying: bool | None = None
    funder: list[str] = []
    state_funded: bool | None = None
    hours: float | None = None
    price: float | None = None
    audience: list[str] = []
    sessions: list[StoredSession] = []
    # What rules on funding ask, beside the fields above (``funding.facts.stored``).
    region: list[str] = []
    kind: str | None = None
    certification_kind: list[str] = []
    contract_type: list[str] = []
    funding_programme: list[str] = []
    cpf_periods: list[int] = []
    hours_company: float | None = None
    funding_set: str = ""


class Hit(Struct, gc=False):
    """One hit with its sort values; ``matched_queries`` are the names of the matching clauses, if requested."""

    source: StoredOffer = field(name="_source")
    score: float | None = field(name="_score", default=None)
    matched_queries: list[str] = []
    sort: list[float | str | None] = []


class Total(Struct, gc=False):
    """The exact number of hits."""

    value: int


class Hits(Struct, gc=False):
    """The requested page of offers."""

    total: Total
    hits: list[Hit] = []


class Shards(Struct, gc=False):
    """The number of shards queried, and how many answered or failed; an unassigned one did neither."""

    total: int = 0
    successful: int = 0
    failed: int = 0

    @property
    def lacking(self) -> int:
        """Return the number of shards that did not answer."""
        return lacking_shards(self.total, self.successful, self.failed)


class SearchAnswer(Struct, gc=False):
    """The engine's answer to a search body; facets stay JSON until ``present.facets`` parses them."""

    hits: Hits
    took: int = 0
    timed_out: bool = False
    shards: Shards = field(name="_shards", default_factory=Shards)
    aggregations: dict[str, Raw] = {}

    def aggregation(self, name: str) -> Any:
        """Return one aggregation as plain values; raises KeyError if the body did not name it."""
        return msgspec.json.decode(self.aggregations[name])


_DECODER = msgspec.json.Decoder(SearchAnswer)
_OFFER = msgspec.json.Decoder(StoredOffer)
_RECORD = msgspec.json.Decoder(dict[str, Any])


def read_answer(body: bytes) -> SearchAnswer:
    """Parse the engine's answer to a search body; raises msgspec.DecodeError."""
    return _DECODER.decode(body)


def with_lists(answer: SearchAnswer, *others: SearchAnswer) -> SearchAnswer:
    """Return an answer with the lists that others of the same search counted, too."""
    lists = [each.aggregations for each in (answer, *others)]
    return replace(answer, aggregations=dict(chain.from_iterable(each.items() for each in lists)))


def to_stored(record: Mapping[str, Any]) -> StoredOffer:
    """Return the result's fields of a completely read record; raises msgspec.ValidationError if it is not an offer."""
    return msgspec.convert(record, StoredOffer)


def read_stored(record: Raw) -> StoredOffer:
    """Parse the result's fields of a stored offer; raises msgspec.DecodeError."""
    return _OFFER.decode(record)


def read_record(record: Raw) -> dict[str, Any]:
    """Parse all requested fields of a stored offer."""
    return _RECORD.decode(record)
