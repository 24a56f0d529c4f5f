"""A search is resolved once for all its uses; every fault is reported before any engine request."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from language.lexicon import Lexicon
from mappings.keys import key_of
from mappings.offer import Offer, Organisation
from mappings.reference import Commune, Reference
from search_app.base.errors import BadParameters, NothingLoaded
from search_app.base.settings import Settings
from search_app.base.turns import Turns
from search_app.pages.search.facet_lists import MOST_OF_OPEN_LISTS
from search_app.search.engine.offers import OffersEngine
from search_app.search.engine.scans import Scans
from search_app.search.params import SearchParams
from search_app.search.places.areas import Circle, Territory
from search_app.search.places.build import build_place_finder
from search_app.search.places.finder import PlaceFinder
from search_app.search.places.found_place import FoundPlace
from search_app.search.query import request as requests
from search_app.search.query import sessions
from search_app.search.query.sessions import SessionConditions, conditions_of
from search_app.search.reference_data import ReferenceData, Snapshot
from search_app.search.resolved import resolve, to_place_found
from search_app.search.service import Services
from search_app.search.understand import Understander, Understanding
from search_app.web.app import create_app
from tests.asking import browser_of
from tests.fake_engine import Documents, fake_engine

ALBI = Commune("81004", "Albi", ("81000",), 49714, "81", "76", 43.93, 2.15)
ISLE = Commune("81999", "L'Isle", ("81998",), 10, "81", "76", 43.93, 2.15)
NOWHERE = Commune("01033", "Valserhône", ("01200",), 16000, "01", "84", None, None)
REFERENCE = Reference(communes={ALBI.insee: ALBI})
PLACES = build_place_finder(REFERENCE)
SNAPSHOT = Snapshot(REFERENCE, PLACES, understander=Understander(Lexicon(), PLACES))
SETTINGS = Settings(opensearch_url="http://127.0.0.1:9")
KEY = key_of("a")
WELDER: dict[str, Any] = json.loads(
    Offer(
        id="A", key=KEY, source="one", hash="h", written_at="2026-11-20T04:00:00+00:00", format="2.3",
        training_key="abcdefghijkl", title="Soudeur", provider=Organisation(name="Greta"),
    ).model_dump_json()
)  # fmt: skip


@dataclass
class Counted:
    """What was resolved while a request was answered."""

    words: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    conditions: list[SearchParams] = field(default_factory=list)  # of whose request they were built
    built: int = 0  # conditions, wherever they were built


@pytest.fixture(name="counted")
def counted_calls() -> Iterator[Counted]:
    counted, understand, find = Counted(), Understander.understand, PlaceFinder.find

    def understand_noted(self: Understander, typed: str, today: date, **named: Any) -> Understanding:
        counted.words.append((typed, frozenset(named["given"])))
        return understand(self, typed, today, **named)

    def find_noted(self: PlaceFinder, text: str) -> list[FoundPlace]:
        counted.places.append(text)
        return find(self, text)

    def build_noted(params: SearchParams, *rest: Any, **named: Any) -> SessionConditions:
        counted.conditions.append(params)
        return conditions_of(params, *rest, **named)

    def conditions_noted(**named: Any) -> SessionConditions:
        counted.built += 1
        return SessionConditions(**named)

    with (
        patch.object(sessions, "SessionConditions", conditions_noted),
        patch.object(Understander, "understand", understand_noted),
        patch.object(PlaceFinder, "find", find_noted),
        patch.object(requests, "conditions_of", build_noted),
    ):
        yield counted


def get(address: str, *documents: dict[str, Any]) -> str:
    """Return the answer of an app that knows Albi, over these offers."""
    app = create_app(SETTINGS, fake_engine(Documents(documents), SETTINGS))

    async def ask() -> str:
        async with browser_of(app) as browser:
            return (await browser.get(address)).raise_for_status().text

    with patch.object(app.state.services.reference, "current", lambda: SNAPSHOT):
        return asyncio.run(ask())


SEARCH = "q=soudeur&place=Albi&radius=50&seats=1&funder=2&recruiting=open&upcoming=true&level=13"


@pytest.mark.parametrize("sort", ["relevance", "start", "distance", "seats"])
@pytest.mark.parametrize(
    "path",
    ["/offres", "/api/v1/offers", "/api/v1/map", "/api/v1/offers.csv", "/api/v1/offers.ndjson", "/api/v1/offers.ics",
     "/api/v1/offers.atom"],
)  # fmt: skip
def test_words_place_and_conditions_are_resolved_once_a_request(counted: Counted, path: str, sort: str) -> None:
    get(f"{path}?{SEARCH}&sort={sort}", WELDER)
    assert ([typed for typed, _ in counted.words], counted.places) == (["soudeur"], ["Albi"])
    assert (len(counted.conditions), counted.built) == (1, 1)


def test_a_search_that_finds_nothing_is_resolved_once_and_its_proposals_take_its_place_over(counted: Counted) -> None:
    page = get(f"/offres?{SEARCH}")
    assert "Aucune offre ne contient" in page
    asked = ("Albi", 50, MOST_OF_OPEN_LISTS)
    own = [each for each in counted.conditions if (each.place, each.radius, each.facet_size) == asked]
    assert len(own) == 2  # as asked, and with any of its words
    assert counted.places.count("Albi") == 1
    assert len(set(counted.words)) == len(counted.words) > 1


def test_a_bad_parameter_is_told_without_understanding_the_words(counted: Counted) -> None:
    with pytest.raises(Exception, match="400"):
        get(f"/api/v1/offers?{SEARCH}&page=0")
    assert (counted.words, counted.places, counted.conditions) == ([], ["Albi"], [])


def resolved(**params: Any) -> Any:
    return resolve(SearchParams(**params), SNAPSHOT, SETTINGS)


def test_words_that_are_filters_are_parameters_of_what_is_meant_and_not_of_what_was_asked() -> None:
    search = resolved(q="soudeur à Albi")
    assert (search.asked.q, search.asked.place) == ("soudeur à Albi", None)
    assert (search.params.q, search.params.place) == ("soudeur", "Albi (81)")
    assert search.place.label == "Albi (81)"


def test_a_place_is_the_area_that_is_searched() -> None:
    assert resolved(place="Albi", radius=5.0).request.area == Circle(43.93, 2.15, 5.0, "81004")
    assert resolved(place="81").request.area == Territory("department", "81")
    assert resolved(lat=1.0, lon=2.0).request.area == Circle(1.0, 2.0, 30.0)
    assert resolved().request.area is None


def test_a_loose_search_differs_in_how_words_are_found_alone() -> None:
    search = resolved(q="soudeur", seats=1)
    loose = search.loosely()
    assert loose.meant.loose
    assert (loose.asked, loose.params, loose.request.area) == (search.asked, search.params, search.request.area)
    assert resolved(seats=1).loosely() == resolved(seats=1)


def test_a_search_like_another_one_takes_its_place_over(counted: Counted) -> None:
    search = resolved(place="Albi")
    wider = resolve(SearchParams(place="Albi", radius=99.0), SNAPSHOT, SETTINGS, like=search)
    assert wider.request.area == Circle(43.93, 2.15, 99.0, "81004")
    assert wider.place is not None
    assert wider.place.radius == 99.0
    assert counted.places == ["Albi"]
    elsewhere = resolve(SearchParams(place="81"), SNAPSHOT, SETTINGS, like=search)
    assert elsewhere.request.area == Territory("department", "81")


class Known(ReferenceData):
    """Reference data with the given communes; sends no requests."""

    def __init__(self, *communes: Commune) -> None:
        super().__init__(OffersEngine.connect(Settings()), 10, 8)
        reference = Reference(communes={commune.insee: commune for commune in communes})
        self.snapshot = Snapshot(reference, build_place_finder(reference))

    def current(self) -> Snapshot:
        return self.snapshot


def services(*communes: Commune) -> Services:
    reference = Known(*communes)
    engine = OffersEngine.connect(Settings())
    return Services(
        Settings(),
        engine,
        reference,
        Scans(engine, 1, 1),
        Turns(),
        lambda: -1,
    )


def faults_of(known: Services, *pairs: tuple[str, str]) -> list[str]:
    with pytest.raises(BadParameters) as caught:
        known.read_search(pairs)
    return [fault.parameter for fault in caught.value.faults]


def test_a_place_that_is_unknown_is_told_beside_every_other_fault() -> None:
    known = services(ALBI, NOWHERE)
    assert faults_of(known, ("place", "Nowhereville"), ("funder", "99")) == ["funder", "place"]
    assert faults_of(known, ("place", "Valserhône"), ("x", "1")) == ["x"]
    assert faults_of(known, ("place", "81"), ("sort", "distance"), ("seats", "0")) == ["seats", "sort"]
    assert faults_of(known, ("place", "Nowhereville")) == ["place"]
    assert known.read_search([("place", "Albi")]).params.place == "Albi"


def test_while_no_place_is_known_at_all_only_what_is_certain_is_a_fault() -> None:
    assert faults_of(services(), ("place", "Albi"), ("funder", "99")) == ["funder"]
    with pytest.raises(NothingLoaded):
        services().read_search([("place", "Albi")])


def test_a_place_is_shown_with_a_typographic_apostrophe_and_still_asked_for_as_it_is_written() -> None:
    snapshot = services(ISLE).reference.current()
    place = to_place_found(snapshot.places.find("l'isle"), 30)
    assert place.label == "L’Isle (81)"
    assert snapshot.places.find(place.label)[0].code == "81999"


def test_code_tables_are_shown_with_typographic_apostrophes_and_their_codes_stay() -> None:
    snapshot = Snapshot(Reference(formacode={"320": "Direction d'entreprise"}, providers={"041427865": "L'Atelier"}))
    assert snapshot.label("domain", "320") == "Direction d’entreprise"
    assert snapshot.label("region", "93") == "Provence-Alpes-Côte d’Azur"
    assert snapshot.label("provider", "041427865") == "L'Atelier"


@pytest.mark.parametrize(
    ("kind", "code", "label"),
    [
        ("domain", "699", "Code 699 (libellé inconnu)"),
        ("rome", "N9999", "Code N9999 (libellé inconnu)"),
        ("audience", "11111", "Code 11111 (libellé inconnu)"),
        ("provider", "123456789", "SIREN 123456789"),
    ],
)
def test_a_code_without_a_label_says_that_it_is_one(kind: str, code: str, label: str) -> None:
    assert Snapshot().label(kind, code) == label
