"""Missing pages whose département is known: the reason, and the nearest pages by distance."""

from typing import Final

import pytest

from mappings.reference import Commune, Reference
from search_app.pages.portal.missing_page import MOST_NEAR, Told, build_missing_page
from search_app.pages.portal.near import (
    communes_near,
    department_centres,
    department_of,
    departments_near,
    parts_of_department,
)
from search_app.pages.portal.told import too_few
from search_app.pages.shared.layout import Link
from search_app.pages.shared.render import render
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import Subject, read_job, to_job, to_job_in
from search_app.search.reference_data import Snapshot

PLACES: Final = (
    ("81004", "Albi", "81", 43.93, 2.15),
    ("81105", "Graulhet", "81", 43.76, 1.99),
    ("81065", "Castres", "81", 43.61, 2.24),
    ("81038", "Brens", "81", 43.89, 1.91),
    ("31555", "Toulouse", "31", 43.6, 1.43),
    ("75056", "Paris", "75", 48.86, 2.34),
    ("2A004", "Ajaccio", "2A", 41.93, 8.73),
    ("2B033", "Bastia", "2B", 42.69, 9.45),
    ("13055", "Marseille", "13", 43.3, 5.38),
)
COMMUNES: Final = {code: Commune(code, name, (), 9, department, "76", lat, lon)
                   for code, name, department, lat, lon in PLACES}  # fmt: skip
REFERENCE: Final = Reference(rome={"F1703": "Maçonnerie"}, communes=COMMUNES)
SNAPSHOT: Final = Snapshot(REFERENCE)
JOB: Final = to_job("F1703", SNAPSHOT)
COUNTS: Final = {"75": 40, "31": 5, "13": 9, "2B": 3, "81": 2, "2A": 2}
OVERVIEW: Final = Overview(9, {"rome": {"F1703": 59}, "department": {"2A": 114, "2B": 9, "26": 140}})


def inside(code: str) -> Subject:
    found = to_job_in(JOB, code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "order"),
    [("81", ["31", "13", "75", "2B"]), ("13", ["13", "31", "2B", "75"]), ("20", ["2B", "13", "31", "75"]),
     ("99", ["75", "13", "31", "2B"])],
)  # fmt: skip
def test_a_job_is_proposed_in_the_nearest_départements_with_enough_offers(code: str, order: list[str]) -> None:
    links = departments_near(JOB, code, COUNTS, department_centres(REFERENCE))
    assert [link.href.rsplit("/", 1)[1].partition("-")[0] for link in links] == order
    assert [link.count for link in links] == [COUNTS[each] for each in order]


def test_a_divided_département_leads_to_its_parts_that_have_a_page() -> None:
    links = parts_of_department("20", OVERVIEW)
    assert [link.href for link in links] == ["/territoires/departement-2A-corse-du-sud",
                                             "/territoires/departement-2B-haute-corse"]  # fmt: skip
    assert parts_of_department("26", OVERVIEW) == []
    assert len(parts_of_department("20", Overview(9, {"department": {"2A": 2, "2B": 9}}))) == 1


@pytest.mark.parametrize(
    ("code", "order"), [("81105", ["Brens", "Albi", "Castres"]), ("81999", ["Albi", "Castres", "Brens"])]
)
def test_communes_are_near_by_distance_else_by_their_offers(code: str, order: list[str]) -> None:
    counted = [(Subject("commune", code, COMMUNES[code].name, f"/territoires/commune-{code}", (), ""), count)
               for code, count in (("81004", 28), ("81065", 13), ("81038", 5))]  # fmt: skip
    assert [link.label for link in communes_near(code, counted, REFERENCE)] == order


@pytest.mark.parametrize(
    ("code", "department"), [("81105", "81"), ("81999", "81"), ("2A999", "2A"), ("97499", "974"), ("7", "7")]
)
def test_an_insee_code_tells_its_département(code: str, department: str) -> None:
    assert department_of(code, REFERENCE) == department


def test_a_job_without_offers_in_a_département_says_so_and_with_few_leads_to_them() -> None:
    none, few = (too_few(inside("81"), count, ()) for count in (0, 2))
    assert none == Told("Aucune formation à venir vers le métier « Maçonnerie » dans le département Tarn (81).", ())
    assert "Tarn (81)" in few.text
    assert few.search == Link("Voir 2\xa0offres à venir", "/offres?department=81&rome=F1703&upcoming=true")


def test_what_is_told_replaces_what_the_address_alone_says() -> None:
    links = tuple(departments_near(JOB, "81", {f"{number:02}": 3 for number in range(1, 20)}, {}))
    page = build_missing_page("jobs", "F1703-x", OVERVIEW, SNAPSHOT, None, told=Told("Rien ici.", links))
    assert (page.text, page.near, page.search) == ("Rien ici.", links[:MOST_NEAR], None)
    shown = render("portal/missing.html", page).decode()
    assert "Rien ici." in shown
    assert links[0].href in shown


@pytest.mark.parametrize("segment", ["Z9999-x", "O1203", "M١203"])
def test_a_code_that_no_search_takes_is_no_code_of_a_job(segment: str) -> None:
    assert read_job(segment) is None
