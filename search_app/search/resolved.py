"""A resolved search: what a request means, worked out once and shared by bodies, results, pages, exports and links."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from search_app.base.errors import BadParameters, Fault, NothingLoaded
from search_app.base.settings import Settings
from search_app.search.funding.situation import Situation, to_payment
from search_app.search.params import refuse
from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import PARAMETERS
from search_app.search.places.areas import Circle, Territory
from search_app.search.places.finder import MOST_OTHERS
from search_app.search.places.found_place import FoundPlace
from search_app.search.query.request import SearchRequest
from search_app.search.reference_data import Snapshot
from search_app.search.results import CodeView, PlaceFound
from search_app.search.understand import Understanding
from search_app.text.wording import curved

MOST_ALIKE: Final = 5  # alternatives suggested for an unknown place


@dataclass(frozen=True, slots=True)
class ResolvedSearch:
    """One search as requested and as interpreted, with the place found and the reference data of that moment.

    ``asked`` are the given parameters. In ``request`` the words that are filters are parameters, ``q`` is the rest, and
    area, session conditions and day are computed. ``places`` are all places with the name, the likeliest first; a point
    is not among them. ``respelt`` is the typed place if it was taken for one whose name is spelt otherwise.
    """

    asked: SearchParams
    request: SearchRequest
    places: Sequence[FoundPlace]
    snapshot: Snapshot
    respelt: str | None = None

    @property
    def params(self) -> SearchParams:
        """Return the interpreted parameters."""
        return self.request.params

    @property
    def meant(self) -> Understanding | None:
        """Return the interpretation of the words, None without words."""
        return self.request.meant

    @property
    def today(self) -> date:
        """Return the day of the search in France."""
        return self.request.today

    @property
    def place(self) -> PlaceFound | None:
        """Return the resolved place, None without one."""
        params = self.params
        if params.lat is not None and params.lon is not None:
            label = f"{params.lat:g}, {params.lon:g}"
            return PlaceFound("point", label, None, params.lat, params.lon, params.radius, [])
        return to_place_found(self.places, params.radius, self.respelt) if self.places else None

    def with_params(self, **changes: Any) -> "ResolvedSearch":
        """Return the same search, words and place as they were understood, with some parameters changed."""
        params = replace(self.params, **changes)
        return replace(self, request=replace(self.request, params=params))

    def loosely(self) -> "ResolvedSearch":
        """Return the same search for offers with any of the words or similar ones; unchanged without words."""
        if self.meant is None:
            return self
        return replace(self, request=replace(self.request, meant=replace(self.meant, loose=True)))

    def from_first_day(self) -> "ResolvedSearch":
        """Return the same search, without the assumption that no session starts before a day."""
        payment = self.request.payment
        if payment is None:
            return self
        return replace(self, request=replace(self.request, payment=payment.from_first_day()))

    def by_value(self) -> "ResolvedSearch":
        """Return the same search, without any set of values or facts."""
        payment = self.request.payment and self.request.payment.without_sets()
        return replace(self, request=replace(self.request, by_value=True, payment=payment))


def resolve(
    params: SearchParams,
    snapshot: Snapshot,
    settings: Settings,
    *,
    faults: Sequence[Fault] = (),
    like: ResolvedSearch | None = None,
    situation: Situation | None = None,
) -> ResolvedSearch:
    """Return the resolved search of today; a place in common with ``like`` is not looked up again. ``situation`` is the
    person for whom offers are valued, if any.

    Raises BadParameters with ``faults`` (those found while parsing) and the faults of the place; NothingLoaded if a
    place is searched and none is known yet.
    """
    if faults:
        refuse([*faults, *_place_faults(params, snapshot)])
    today = settings.current_day()
    meant_params, meant = _understand(params, snapshot, today)
    if like is not None and like.params.place == meant_params.place:
        places, respelt = like.places, like.respelt
    else:
        places, respelt = _find_places(meant_params, snapshot)
    area = _area(meant_params, places)
    request = SearchRequest(meant_params, area, today, settings.engine_timeout, settings.seats_old_after_days, meant)
    if situation is not None:
        book, sets, earliest = snapshot.funding.book, snapshot.fact_sets, snapshot.earliest
        request = replace(request, payment=to_payment(situation, book, sets, earliest, request))
    return ResolvedSearch(params, request, places, snapshot, respelt)


def _understand(params: SearchParams, snapshot: Snapshot, today: date) -> tuple[SearchParams, Understanding | None]:
    """Return the parameters with the filters among the words, and the interpretation of the words."""
    if not params.q:
        return params, None
    meant = snapshot.understander.understand(params.q, today, verbatim=params.verbatim, given=params.given)
    return replace(params, q=meant.kept, **meant.parameters), meant


def _find_places(params: SearchParams, snapshot: Snapshot) -> tuple[Sequence[FoundPlace], str | None]:
    """Return the places that match, none without a place, and the typed place if their name is spelt otherwise; raises
    BadParameters, NothingLoaded.
    """
    if params.place is None or (params.lat is not None and params.lon is not None):
        return (), None
    places = snapshot.places.find(params.place)
    if places:
        return places, None
    if not snapshot.reference.communes:
        raise NothingLoaded("Le moteur de recherche n’a pas encore donné les lieux. Réessayez dans un instant.")
    near = snapshot.places.only_near(params.place)
    if near:
        return near, params.place
    nearest = tuple(place.label for place in snapshot.place_suggester.alike(params.place, MOST_ALIKE))
    raise BadParameters([_place_fault(params.place, "ce lieu est inconnu", nearest)])


def _area(params: SearchParams, places: Sequence[FoundPlace]) -> Circle | Territory | None:
    """Return the area of the search, None for everywhere; raises BadParameters."""
    if params.lat is not None and params.lon is not None:
        return Circle(params.lat, params.lon, params.radius)
    if not places or params.place is None:
        return None
    area = places[0].to_area(params.radius)
    if params.sort == "distance" and not isinstance(area, Circle):
        message = (
            "sort : une distance se mesure depuis une ville dont le centre est connu ou un point, pas depuis un "
            "département ou une région."
        )
        raise BadParameters([Fault("sort", "distance", "distance avec une ville ou un point", message)])
    return area


def _place_faults(params: SearchParams, snapshot: Snapshot) -> Sequence[Fault]:
    """Return the faults of a search's place; none while no places are loaded."""
    try:
        _area(params, _find_places(params, snapshot)[0])
    except BadParameters as error:
        return error.faults
    except NothingLoaded:  # without other faults the search itself raises it
        pass
    return ()


def _place_fault(text: str, why: str, nearest: tuple[str, ...] = ()) -> Fault:
    allowed = PARAMETERS["place"].allowed
    told = f"place : {why} (reçu : « {text} » ; possible : {allowed})."
    message = f"{told} Peut-être : {', '.join(nearest)}." if nearest else told
    return Fault("place", text, allowed, message, plain=told.removeprefix("place : "), nearest=nearest)


def to_place_found(places: Sequence[FoundPlace], radius: float, respelt: str | None = None) -> PlaceFound:
    """Return how a place was understood: the first of those that it can mean, and the others; ``respelt`` is what was
    typed if no place is spelt so.
    """
    first = places[0]
    others = [CodeView(place.label, curved(place.label)) for place in places[1 : MOST_OTHERS + 1]]
    has_centre = first.lat is not None
    label = curved(first.label)
    return PlaceFound(
        first.kind, label, first.code, first.lat, first.lon, radius if has_centre else None, others, respelt
    )
