"""Names of towns on the map: for a group of offers, and to find one's way by."""

from search_app.search.places.atlas import MOST_LOOKED_AT, MOST_NAMES, Atlas, Box, Town, square_of

PARIS = Town("Paris", 48.86, 2.35, 2_100_000)
BLAGNAC = Town("Blagnac", 43.635, 1.39, 26_000)
TOULOUSE = Town("Toulouse", 43.60, 1.44, 500_000)
ALBI = Town("Albi", 43.93, 2.15, 49_000)
ATLAS = Atlas([BLAGNAC, ALBI, PARIS, TOULOUSE])


def test_a_group_is_named_after_the_largest_town_in_it() -> None:
    assert ATLAS.name_of(Box(1.3, 43.5, 1.5, 43.7)) == "Toulouse"
    assert ATLAS.name_of(Box(-5, 41, 9, 51)) == "Paris"


def test_a_single_place_is_named_after_the_town_that_it_is_in_not_after_a_larger_one_farther_off() -> None:
    assert ATLAS.name_of(Box(1.385, 43.64, 1.385, 43.64)) == "Blagnac"


def test_a_place_between_towns_is_named_after_the_nearest_also_across_a_degree() -> None:
    assert ATLAS.name_of(Box(1.98, 43.95, 1.98, 43.95)) == "Albi"


def test_a_place_with_no_town_near_has_no_name() -> None:
    assert ATLAS.name_of(Box(55.5, -21.1, 55.5, -21.1)) is None
    assert Atlas([]).name_of(Box(-180, -90, 180, 90)) is None


def test_a_place_far_from_every_town_is_not_said_to_be_in_one() -> None:
    assert ATLAS.name_of(Box(1.8, 43.95, 1.8, 43.95)) is None


def test_the_largest_towns_of_a_view_have_room_for_their_names() -> None:
    south_west = Box(0, 43, 3, 45)
    assert [town.name for town in ATLAS.largest_in(south_west, 0.01)] == ["Toulouse", "Albi", "Blagnac"]
    assert [town.name for town in ATLAS.largest_in(south_west, 0.2)] == ["Toulouse", "Albi"]


def test_names_are_few() -> None:
    towns = [Town(f"T{number}", number / 10, 0, number) for number in range(100)]
    assert len(Atlas(towns).largest_in(Box(-1, -1, 1, 90), 0.01)) == MOST_NAMES


def test_a_view_of_a_country_is_not_searched_for_villages_to_name() -> None:
    suburbs = [Town(f"S{number}", 45, 1 + number / 1e6, 5_000) for number in range(MOST_LOOKED_AT)]
    atlas = Atlas([*suburbs, Town("Hameau", 48, 3, 12)])
    assert [town.name for town in atlas.largest_in(Box(-5, 41, 10, 51), 1.0)] == ["S0"]
    assert [town.name for town in atlas.largest_in(Box(2, 47, 4, 49), 1.0)] == ["Hameau"]


def test_land_is_where_towns_are_and_only_that_of_the_view_is_told() -> None:
    whole = ATLAS.land_in(Box(-180, -85, 180, 85), 1024)
    squares = {(row, column) for row, first, last in whole for column in range(first, last + 1)}
    assert squares == {square_of(town.lat, town.lon, 1024)[::-1] for town in (PARIS, BLAGNAC, TOULOUSE, ALBI)}
    south = ATLAS.land_in(Box(0, 42, 2, 45), 1024)
    assert south
    assert {row for row, _, _ in south} < {row for row, _, _ in whole}
    assert all(first <= last <= square_of(43, 2, 1024)[0] for _, first, last in south)
