"""The oracle itself, on rows so small that the right answer is obvious."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.oracle.answer import Answer, answer
from tests.oracle.dates import parse_period
from tests.oracle.places import Area, Circle, Gazetteer, load_gazetteer, resolve
from tests.oracle.query import read_query
from tests.oracle.rows import Place, Row, Session, make_row

TODAY = date(2026, 11, 23)
ALBI = Place("76", "81", 43.929, 2.132)
GAILLAC = Place("76", "81", 43.901, 1.899)  # 19 km from Albi
PARIS = Place("11", "75", 48.859, 2.347)

COMMUNES = """code,nom,type,codes_postaux,population,departement,departement_nom,region,region_nom,lat,lon
81004,Albi,commune-actuelle,81000,51290,81,Tarn,76,Occitanie,43.929,2.132
93066,Saint-Denis,commune-actuelle,93200 93210,149077,93,Seine-Saint-Denis,11,Île-de-France,48.927,2.366
97411,Saint-Denis,commune-actuelle,97400 97417,155634,974,La Réunion,04,La Réunion,-20.943,55.444
2A004,Ajaccio,commune-actuelle,20000,76320,2A,Corse-du-Sud,94,Corse,41.923,8.706
81105,Graulhet,commune-actuelle,81300,12800,81,Tarn,76,Occitanie,43.762,1.991
81099,Petite,commune-actuelle,81300,90,81,Tarn,76,Occitanie,43.7,2.0
"""


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    path: Path = tmp_path_factory.mktemp("places") / "communes.csv"
    path.write_text(COMMUNES, encoding="utf-8")
    return load_gazetteer(path)


def session(
    name: str, start: str, end: str = "99999999", recruiting: str = "open", available: dict[str, int] | None = None
) -> Session:
    return Session(name, *parse_period(start, end), recruiting, available or {})


def offer(
    name: str,
    *sessions: Session,
    places: Sequence[Place] = (ALBI,),
    mode: str | None = "onsite",
    entry: str | None = "fixed",
    funders: str = "",
    entry_level: int | None = None,
    price: float | None = None,
    **codes: list[str],
) -> Row:
    known = {"mode": [mode] if mode else [], "entry": [entry] if entry else [], "funder": funders.split(), **codes}
    return make_row(
        name, name, codes=known, places=tuple(places), sessions=sessions, entry_level=entry_level, price=price
    )


def ask(rows: Sequence[Row], gazetteer: Gazetteer | None = None, /, **parameters: str | list[str]) -> Answer:
    lists = {name: [value] if isinstance(value, str) else value for name, value in parameters.items()}
    return answer(rows, read_query(lists, gazetteer or Gazetteer()), TODAY)


def matching(rows: Sequence[Row], gazetteer: Gazetteer | None = None, /, **parameters: str | list[str]) -> set[str]:
    return set(ask(rows, gazetteer, **parameters).keys)


def test_start_and_seats_must_hold_for_same_session() -> None:
    rows = [offer("a", session("s1", "20270310"), session("s2", "20270410", available={"2": 5}), funders="2")]
    march = {"start_from": "2027-03-01", "start_to": "2027-03-31"}
    assert matching(rows, **march) == {"a"}
    assert matching(rows, seats="1") == {"a"}
    assert matching(rows, seats="1", **march) == set()


@pytest.mark.parametrize(
    ("start", "window", "matches"),
    [
        ("20270301", ("2027-03-01", "2027-03-01"), True),
        ("20270228", ("2027-03-01", "2027-03-31"), False),
        ("20270300", ("2027-03-31", "2027-04-30"), True),
        ("20270300", ("2027-04-01", "2027-04-30"), False),
        ("20270000", ("2027-12-31", "2028-01-15"), True),
        ("00000000", ("1900-01-01", "2200-12-31"), False),
        ("20270231", ("1900-01-01", "2200-12-31"), False),
    ],
)
def test_start_is_as_wide_as_its_precision(start: str, window: tuple[str, str], matches: bool) -> None:
    rows = [offer("a", session("s", start))]
    assert bool(matching(rows, start_from=window[0], start_to=window[1])) is matches


@pytest.mark.parametrize(
    ("start", "end", "day", "matches"),
    [
        ("20260101", "20270630", "2027-06-30", True),
        ("20260101", "20270630", "2027-07-01", False),
        ("20260101", "99999999", "2099-01-01", True),
        ("20260101", "20250101", "2099-01-01", True),
        ("20260101", "99999999", "2025-12-31", False),
        ("00000000", "20270630", "2027-01-01", False),
    ],
)
def test_permanent_entry_matches_its_whole_period(start: str, end: str, day: str, matches: bool) -> None:
    rows = [offer("a", session("s", start, end), entry="permanent")]
    assert bool(matching(rows, start_from=day, start_to=day)) is matches


@pytest.mark.parametrize(
    ("entry", "start", "end", "matches"),
    [
        ("fixed", "20261123", "99999999", True),
        ("fixed", "20261122", "20270101", False),
        (None, "20261122", "20270101", False),
        ("fixed", "20261100", "20261122", True),
        ("fixed", "00000000", "20261122", False),
        ("fixed", "00000000", "99999999", True),
        ("permanent", "20200101", "20261123", True),
        ("permanent", "20200101", "20261122", False),
        ("permanent", "20200101", "99999999", True),
    ],
)
def test_upcoming_counts_today(entry: str | None, start: str, end: str, matches: bool) -> None:
    assert bool(matching([offer("a", session("s", start, end), entry=entry)], upcoming="true")) is matches


def test_seats_count_under_chosen_funders_of_the_action() -> None:
    rows = [offer("a", session("s", "20270310", available={"2": 3, "5": 9}), funders="2 4")]
    assert matching(rows, seats="9") == {"a"}, "without funder any statement counts"
    assert matching(rows, seats="3", funder=["2", "5"]) == {"a"}
    assert matching(rows, seats="4", funder=["2", "5"]) == set(), "5 does not pay this action"
    assert matching(rows, seats="1", funder="4") == set(), "not known is not a seat"
    assert matching(rows, funder="4") == {"a"}


def test_full_means_all_zero_and_unknown_means_no_figure() -> None:
    rows = [
        offer("full", session("s1", "20270310", available={"2": 0, "4": 0}), funders="2 4"),
        offer("some", session("s2", "20270310", available={"2": 0, "4": 3}), funders="2 4"),
        offer("untold", session("s3", "20270310"), funders="2 4"),
        offer("told of another", session("s4", "20270310", available={"5": 0}), funders="2"),
        offer("without sessions", funders="2"),
    ]
    assert matching(rows, seats="full") == {"full", "told of another"}
    assert matching(rows, seats="full", funder="2") == {"full", "some"}
    assert matching(rows, seats="full", funder=["2", "4"]) == {"full"}
    assert matching(rows, seats="unknown") == {"untold"}
    assert matching(rows, seats="unknown", funder="2") == {"untold", "told of another"}


def test_seats_facet_counts_offers_with_a_matching_session() -> None:
    march = {"start_from": "2027-03-01", "start_to": "2027-03-31"}
    rows = [
        offer("a", session("s1", "20270310", available={"2": 6}), session("s2", "20270410", available={"2": 0})),
        offer("b", session("s3", "20270310", available={"4": 12}), session("s4", "20270320"), funders="2"),
    ]
    assert ask(rows).facets["seats"] == {"1": 2, "5": 2, "10": 1, "full": 1, "unknown": 1}
    assert ask(rows, seats="7", **march).facets["seats"] == {"1": 2, "5": 2, "7": 1, "10": 1, "unknown": 1}
    assert ask(rows, seats="full", funder="2").facets["seats"] == {"unknown": 1}


def test_funder_count_equals_result_of_choosing_it_alone() -> None:
    rows = [offer("a", session("s", "20270310", available={"2": 3, "4": 0}), funders="2 4"), offer("b", funders="4")]
    assert ask(rows, funder="2").facets["funder"] == {"2": 1, "4": 2}
    assert ask(rows, funder="4", seats="1").facets["funder"] == {"2": 1}


def test_recruiting_facet_counts_sessions_meeting_other_conditions() -> None:
    rows = [offer("a", session("s1", "20270310"), session("s2", "20270410", recruiting="closed"))]
    assert ask(rows).facets["recruiting"] == {"open": 1, "closed": 1}
    april = ask(rows, start_from="2027-04-01", recruiting="open")
    assert (april.total, april.facets["recruiting"]) == (0, {"closed": 1})


def test_facet_ignores_only_its_own_filter() -> None:
    rows = [
        offer("a", level=["14"], rome=["F1703"]),
        offer("b", level=["15"], rome=["F1703"]),
        offer("c", level=["15"], rome=["K1304"]),
    ]
    found = ask(rows, level="14", rome="F1703")
    assert found.total == 1
    assert found.facets["level"] == {"14": 1, "15": 1}
    assert found.facets["rome"] == {"F1703": 1}


def test_domain_is_a_prefix_or_exact() -> None:
    rows = [offer("a", formacode=["22454", "22472"]), offer("b", formacode=["22472"]), offer("c")]
    assert matching(rows, domain="224") == {"a", "b"}
    assert matching(rows, domain="22454") == {"a"}
    assert ask(rows).facets["domain"] == {"224": 2}


def test_remote_applies_with_and_without_a_place(gazetteer: Gazetteer) -> None:
    rows = [
        offer("near", places=[PARIS, GAILLAC]),
        offer("far", places=[PARIS]),
        offer("remote", mode="remote"),
        offer("nowhere", places=[]),
        offer("untold", mode=None),
    ]
    assert matching(rows, gazetteer, place="Albi") == {"near", "remote", "untold"}
    assert matching(rows, gazetteer, place="Albi", radius="10") == {"remote", "untold"}
    assert matching(rows, gazetteer, place="Albi", remote="exclude") == {"near", "untold"}
    assert matching(rows, gazetteer, place="Albi", remote="only") == {"remote"}
    assert matching(rows, gazetteer, place="81", remote="exclude") == {"near", "untold"}
    assert matching(rows, gazetteer, place="81") == {"near", "remote", "untold"}
    assert matching(rows, gazetteer, remote="exclude") == {"near", "far", "nowhere", "untold"}
    assert matching(rows, gazetteer, department="81") == {"near", "remote", "untold"}, "whatever the mode"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Albi", Circle(43.929, 2.132, "81004")),
        ("81000", Circle(43.929, 2.132, "81004")),
        ("81300", Circle(43.762, 1.991, "81105")),
        ("st denis", Circle(-20.943, 55.444, "97411")),
        ("81", Area(department="81")),
        ("2a", Area(department="2A")),
        ("974", Area(department="974")),
        ("tarn", Area(department="81")),
        ("OCCITANIE", Area(region="76")),
        ("La Réunion", Area(department="974")),
        ("Nulle-Part", None),
    ],
)
def test_place_name_is_a_town_first(gazetteer: Gazetteer, text: str, expected: Circle | Area | None) -> None:
    assert resolve(gazetteer, text) == expected


def test_optional_entry_level_excludes_no_offer() -> None:
    rows = [offer("a"), offer("b", entry_level=13), offer("c", entry_level=14)]
    assert matching(rows, entry_level="0") == {"a"}
    assert matching(rows, entry_level="13") == {"a", "b"}


def test_unknown_price_does_not_match_price_max() -> None:
    assert matching([offer("a"), offer("b", price=0.0), offer("c", price=10.5)], price_max="10") == {"b"}


def test_free_follows_rule_of_former_national_site() -> None:
    assert matching([offer("a", funders="2 5"), offer("b", funders="5 10"), offer("c")], free="true") == {"a"}


def test_starts_order_sessions_and_offers() -> None:
    rows = [
        offer("unknown", session("u", "00000000")),
        offer("past", session("p", "20260901")),
        offer("mixed", session("m1", "20260101"), session("m2", "20270200"), session("m3", "20270201")),
        offer("today", session("t", "20261123")),
        offer("month", session("n", "20261100")),
        offer("none"),
    ]
    found = ask(rows)
    assert found.sessions["mixed"] == ["m2", "m3", "m1"]
    order = sorted(found.keys, key=found.keys.__getitem__)
    assert order[:4] == ["month", "today", "mixed", "past"]
    assert set(order[4:]) == {"unknown", "none"}


def test_action_without_sessions_meets_no_session_condition() -> None:
    rows = [offer("a", funders="2")]
    assert matching(rows, funder="2") == {"a"}
    for name, value in (("seats", "1"), ("recruiting", "unknown"), ("upcoming", "true"), ("start_from", "1990-01-01")):
        assert matching(rows, funder="2", **{name: value}) == set()


def test_seats_order_by_the_largest_known_figure_unknown_last() -> None:
    rows = [
        offer("none-left", session("s0", "20270101", available={"2": 0}), funders="2"),
        offer("many", session("s1", "20270101", available={"2": 2}), session("s2", "20270201", available={"2": 7})),
        offer("untold", session("s3", "20270101")),
    ]
    assert sorted(ask(rows, sort="seats").keys.items(), key=lambda item: item[1]) == [
        ("many", (0, -7)),
        ("none-left", (0, 0)),
        ("untold", (0, 1)),
    ]


@pytest.mark.parametrize("sort", ["start", "seats"])
def test_around_an_area_a_remote_offer_comes_after_all_others_in_every_order(gazetteer: Gazetteer, sort: str) -> None:
    rows = [
        offer("remote", session("s0", "20270101", available={"2": 9}), mode="remote"),
        offer("here", session("s1", "20270201", available={"2": 2})),
    ]
    parted, plain = ask(rows, gazetteer, place="81", sort=sort), ask(rows, sort=sort)
    assert min(parted.keys, key=parted.keys.__getitem__) == "here"
    assert parted.remote == 1
    assert min(plain.keys, key=plain.keys.__getitem__) == "remote"
    assert plain.remote == 0
