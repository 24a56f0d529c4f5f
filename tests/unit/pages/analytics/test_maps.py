"""Maps drawn on the server: outlines, classes, areas, points."""

import re

import pytest

from mappings.codes import department_labels, region_by_department, region_labels
from search_app.analytics.measures import MEASURES
from search_app.pages.analytics.figures import State, to_figure, to_kind
from search_app.pages.analytics.maps.area_map import AreaRow, build_area_map
from search_app.pages.analytics.maps.classes import Classes, to_classes
from search_app.pages.analytics.maps.ground import HEIGHT, METROPOLE, WIDTH, part_of
from search_app.pages.analytics.maps.outlines import LEVELS, Level, outlines
from search_app.pages.analytics.maps.point_map import Place, build_point_map
from search_app.pages.analytics.maps.topology import outline_of

OFFERS, LEFT, RATE = (to_kind(MEASURES[name]) for name in ("offers", "left", "fill_rate"))
OVERSEAS_WITHOUT_OUTLINE = {"975", "977", "978", "984", "986", "987", "988", "989"}


def row(code: str | None, label: str, **values: float | None) -> AreaRow:
    return AreaRow(code, label, to_figure(LEFT, {"offers": 1, **values}, f"/offres?region={code}"))


def test_every_departement_and_region_of_the_file_is_drawn_inside_the_map() -> None:
    regions = set(region_labels()) - OVERSEAS_WITHOUT_OUTLINE
    assert {shape.code for shape in outlines("department")} == set(department_labels()) - OVERSEAS_WITHOUT_OUTLINE
    assert {shape.code for shape in outlines("region")} == regions & set(region_by_department().values())
    for level in LEVELS:
        for shape in outlines(level):
            assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", shape.path), shape.code
            assert 0 < shape.x < WIDTH
            assert 0 < shape.y < HEIGHT
            starts = [tuple(map(int, start.split())) for start in re.findall(r"M(\d+ \d+)l", shape.path)]
            assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in starts), shape.code


def test_a_region_has_no_border_between_its_departements() -> None:
    (occitanie,) = [shape for shape in outlines("region") if shape.code == "76"]
    inside = sum(
        len(shape.path) for shape in outlines("department") if region_by_department()[shape.code] == occitanie.code
    )
    assert len(occitanie.path) < 0.7 * inside


def test_only_paris_and_its_neighbours_are_drawn_twice() -> None:
    assert {shape.code for shape in outlines("department") if shape.near} == {"75", "92", "93", "94"}


def test_arcs_that_two_areas_share_are_no_outline() -> None:
    left, right = (0.0, 0.0), (0.0, 1.0)
    arcs = {0: (left, right), 1: (right, (-1.0, 0.5), left), 2: (right, (1.0, 0.5), left)}
    arcs |= {~number: points[::-1] for number, points in list(arcs.items())}
    (ring,) = outline_of([0, 1, ~0, ~2], arcs)
    assert set(ring) == {left, right, (-1.0, 0.5), (1.0, 0.5)}


@pytest.mark.parametrize(
    ("lat", "lon", "label"),
    [(43.93, 2.15, ""), (16.24, -61.55, "Guadeloupe"), (-21.1, 55.5, "La Réunion"), (47.0, -60.0, None)],
)
def test_a_place_is_drawn_in_the_part_that_shows_it(lat: float, lon: float, label: str | None) -> None:
    part = part_of(lon, lat)
    assert (part and part.label) == label


def test_north_is_up_and_east_is_right() -> None:
    lille, marseille, brest = METROPOLE.place(3.06, 50.63), METROPOLE.place(5.37, 43.3), METROPOLE.place(-4.49, 48.39)
    assert lille[1] < brest[1] < marseille[1]
    assert brest[0] < lille[0] < marseille[0]


def test_classes_have_about_as_many_values_and_hold_equal_ones_together() -> None:
    classes = to_classes([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000])
    assert [classes.of(value) for value in (1, 2, 3, 9, 1000)] == [1, 1, 2, 5, 5]
    assert to_classes([7] * 30) == Classes(())
    assert Classes(()).of(7) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_unknown_zero_and_absent_have_colours_of_their_own(level: Level) -> None:
    first, second, third = (shape.code for shape in outlines(level)[:3])
    rows = (row(first, "Une", left=12), row(second, "Deux", left=0), row(third, "Trois", left=None))
    drawn = build_area_map(level, LEFT, rows)
    styles = {area.label: (area.style, area.text) for area in drawn.areas}
    assert styles["Une"] == ("level-1", "12")
    assert styles["Deux"] == ("zero", "0")
    assert styles["Trois"] == ("unknown", "non connu")
    others = [area for area in drawn.areas if area.label not in ("Une", "Deux", "Trois")]
    assert {(area.style, area.text, area.href) for area in others} == {("none", "aucune offre", None)}
    assert [entry.style for entry in drawn.legend] == ["zero", "level-1", "unknown", "none"]
    assert drawn.legend[0].areas.startswith("1")


def test_rows_that_the_map_has_no_room_for_are_named_beside_it() -> None:
    drawn = build_area_map("region", LEFT, (row("76", "Occitanie", left=3), row(None, "Région non connue", left=2)))
    assert drawn.elsewhere == ("Région non connue : 2",)


def test_shares_have_the_same_classes_on_every_map() -> None:
    rows = tuple(
        AreaRow(code, code, to_figure(RATE, {"offers": 1, "fill_rate": share}))
        for code, share in (("76", 0.1), ("84", 0.5), ("11", 1.0))
    )
    styles = {area.label: area.style for area in build_area_map("region", RATE, rows).areas}
    assert (styles["76"], styles["84"], styles["11"]) == ("level-1", "level-3", "level-5")


def test_points_close_to_each_other_are_one_dot_and_towns_are_larger() -> None:
    village, beside, town = Place(44.0, 2.0, 300), Place(44.001, 2.001, 200), Place(45.0, 3.0, 12_000)
    drawn = build_point_map("Carte", [village, beside, town, Place(47.0, -60.0, 9)])
    assert drawn.small.count("M") == 1
    assert drawn.large.count("M") == 1
    assert re.fullmatch(r"M\d+ \d+h0", drawn.small)


def test_a_figure_of_no_offers_is_no_zero() -> None:
    assert to_figure(OFFERS, {"offers": 0}).state is State.NONE
