"""Why a body is in a list: which of its names the words mean, and which site is nearest to their town."""

from dataclasses import replace

import pytest

from search_app.census.answer import OtherNameView
from search_app.census.found import Wanted, nearest_site, to_found
from search_app.census.typed import read_typed
from search_app.search.places.found_place import FoundPlace
from tests.unit.census.census_samples import UNKNOWN, VIEW

TOULOUSE = FoundPlace("town", "31555", "Toulouse", "Toulouse (Haute-Garonne)", 500_000, 43.6045, 1.444)
SCHOOL = replace(
    VIEW, name="LYCEE RASCOL", also=[OtherNameView("sign", "GRETA DU TARN"), OtherNameView("sign", "GRETA")]
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("greta", "GRETA"), ("greta tarn", "GRETA DU TARN"), ("lycee rascol", None), ("rascol", None),
        ("gre", "GRETA DU TARN"),
        ("cfa", None), ("100000009", None),
    ],
)  # fmt: skip
def test_another_name_is_told_if_it_fits_better(text: str, name: str | None) -> None:
    assert to_found(SCHOOL, Wanted(read_typed(text), None)).name == name


def test_body_without_a_name_is_told_by_the_name_that_fits() -> None:
    nameless = replace(UNKNOWN, also=[OtherNameView("sign", "GRETA")])
    assert to_found(nameless, Wanted(read_typed("greta"), None)).name == "GRETA"
    assert to_found(nameless, Wanted(None, None)).name is None


def test_nearest_open_site_is_told_with_its_distance() -> None:
    site = to_found(VIEW, Wanted(read_typed("ecole"), TOULOUSE)).nearest
    assert site
    assert (site.siret, site.town, site.near, round(site.distance_km)) == ("10000000900018", "ALBI", "Toulouse", 67)
    albi = replace(TOULOUSE, code="81004", name="Albi")
    there = nearest_site(VIEW, albi)
    assert there
    assert there.distance_km == 0
    closed = replace(VIEW, sites=[replace(each, closed=True) for each in VIEW.sites])
    assert (nearest_site(closed, TOULOUSE), nearest_site(UNKNOWN, TOULOUSE)) == (None, None)
    assert nearest_site(VIEW, replace(TOULOUSE, lat=None)) is None
