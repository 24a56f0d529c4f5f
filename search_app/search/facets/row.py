"""The row of a facet, and the check that it is complete."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from typing import Any, Final

from mappings.loader import load_index_body
from mappings.offer import Offer, Session
from mappings.reference import Reference
from search_app.search.facets.values import AtLeast, CodePattern, Codes, Values
from search_app.search.stored import StoredSession

ALL: Final = 200  # rows: more than any closed table has values, so that none is left out
MOST_FREQUENT: Final = 100  # rows of a long facet (jobs, providers); the parameter facet_size requests more
COUNTABLE: Final = frozenset(("keyword", "boolean"))  # types of properties whose values the engine can count
LAST: Final = 100
NO_VALUES: Final = Codes({})
UNTOLD: Final = "unknown"  # the value of the parameter for offers without one


class Counting(Enum):
    """The object of a facet's filter and counts."""

    OFFERS = "offers that have the value"
    FUNDERS = "as OFFERS; beside a filter on seats, offers with such seats under that funder"
    SESSIONS = "offers with a session that has the value and meets all other conditions on sessions"
    SEATS = "as SESSIONS, by seats left under the chosen funders"
    LINES = "offers with a funder line that has the value, and those chosen of its other parts"

    @property
    def is_about_sessions(self) -> bool:
        """Tell whether the facet's filter is a condition on a session rather than on the offer."""
        return self in (Counting.SESSIONS, Counting.SEATS)

    @property
    def is_of_line(self) -> bool:
        """Tell whether the facet's filter holds for the same funder line as the others of this kind."""
        return self in (Counting.FUNDERS, Counting.LINES)


class FormGroup(Enum):
    """The groups of the search form, in order, by their French legends."""

    WHEN = "Quand"
    PAYMENT = "Financement et places"
    ENTRY = "Pour y entrer"
    TRAINING = "La formation"
    WHERE = "Où et chez qui"


@dataclass(frozen=True, slots=True)
class Finer:
    """Values longer than ``digits`` are not rows of the facet, but exact codes of another property."""

    field: str
    digits: int


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """One facet. The order of the rows is that of answers, chips and parameters; ``position`` orders the form's group.

    ``param`` names parameter, list in the answers and, unless ``field`` does, the property of the stored offer.
    A facet about sessions has its values in ``session_field`` of each session, and in ``field`` a copy of all its
    sessions' values, which is counted where there are no other conditions on sessions.
    """

    param: str
    title: str = ""  # French
    values: Values = NO_VALUES
    description: str = ""  # of the parameter, French
    example: str = ""  # a valid value of the parameter
    group: FormGroup | None = None
    position: int = LAST  # among the facets of the group; those that share one stand in the order of the table
    field: str = ""
    session_field: str = ""
    counting: Counting = Counting.OFFERS
    finer: Finer | None = None
    long: bool = False  # limited to its most frequent values
    listed: int = 0  # values that the form lists, the most frequent first; 0: all of the answer
    opened: bool = False  # open in the form before anything is selected
    untold: str = ""  # label of UNTOLD, which the parameter takes then: offers without a value
    on_request: bool = False  # counted only where the parameter ``facets`` names it, or a value is chosen
    title_on_chip: bool = False  # the value is ambiguous without it: « Région » pays, « Oui » is conventionnée

    def __post_init__(self) -> None:
        """Set the default property, named as the parameter."""
        object.__setattr__(self, "field", self.field or self.param)

    @property
    def on_line(self) -> bool:
        """Tell whether the value is one of a funder line."""
        return self.counting.is_of_line

    def told(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return the values without the one for offers that have none."""
        return tuple(value for value in values if not (self.untold and value == UNTOLD))

    def size(self, requested: int | None = None) -> int:
        """Return the number of rows; a request may ask for another one of a long facet."""
        return (requested or MOST_FREQUENT) if self.long else ALL

    @property
    def single(self) -> bool:
        """Tell whether the parameter takes one value only."""
        return isinstance(self.values, AtLeast)


class IncompleteFacet(Exception):
    """A row is incomplete; the message names every facet with everything that is missing."""


def check_facets(facets: Sequence[Facet]) -> tuple[Facet, ...]:
    """Return the rows; raises IncompleteFacet if one is incomplete, here or in the index, or two have the same name."""
    lacking = [f"facet {facet.param!r} lacks {each}" for facet in facets for each in _lacking(facet)]
    repeated = [name for name, count in Counter(facet.param for facet in facets).items() if count > 1]
    lacking += [f"facet {name!r} has two rows" for name in repeated]
    if lacking:
        raise IncompleteFacet("; ".join(lacking) + " (docs/adding-a-facet.md)")
    return tuple(facets)


def _lacking(facet: Facet) -> Iterable[str]:
    for name in ("title", "description", "example", "group"):
        if not getattr(facet, name):
            yield f"its {name} in the row"
    if isinstance(facet.values, Codes) and not facet.values.labels:
        yield "its values in the row"
    if isinstance(facet.values, CodePattern) and facet.values.table not in _tables():
        yield f"its table of labels: there is no {facet.values.table!r} in mappings.reference.Reference"
    yield from _lacking_in_index(facet.field, COUNTABLE)
    if facet.finer:
        yield from _lacking_in_index(facet.finer.field, COUNTABLE)
    if facet.counting.is_about_sessions and not facet.session_field:
        yield "its session_field in the row"
    elif facet.session_field:
        for model, fields_ in ((Session, Session.model_fields), (StoredSession, StoredSession.__struct_fields__)):
            if facet.session_field not in fields_:
                name = f"{model.__module__}.{model.__name__}"
                yield f"its field of a session: there is no {facet.session_field!r} in {name}"


def _lacking_in_index(field: str, kinds: frozenset[str]) -> Iterable[str]:
    """Yield what index and model lack for a property; ``kinds`` are its allowed types."""
    found = _property(field)
    if found is None:
        yield f"its property: there is no {field!r} in mappings/offers.json"
    elif found.get("type", "object") not in kinds:
        yield f"a property that can be counted: {field!r} in mappings/offers.json is of type {found.get('type')!r}"
    name = field.partition(".")[0]  # of an object of the offer, the object's
    if name not in Offer.model_fields:
        yield f"its field: there is no {name!r} in mappings.offer.Offer"


def _property(field: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = {"properties": _properties()}
    for name in field.split("."):
        found = (found or {}).get("properties", {}).get(name)
    return found


@cache
def _properties() -> dict[str, Any]:
    properties: dict[str, Any] = load_index_body("offers")["mappings"]["properties"]
    return properties


@cache
def _tables() -> frozenset[str]:
    return frozenset(each.name for each in fields(Reference))
