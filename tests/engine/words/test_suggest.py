"""Suggestions and places over the loaded fixtures: each is a search that finds what it says."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.engine.loaded import LoadedApp

TYPED = ("so", "cu", "ma", "com", "cap", "ag", "aide", "gr", "form", "élec", "rncp", "bts", "soduage", "coiff")


def suggest(loaded_app: LoadedApp, typed: str, size: int = 5) -> dict[str, list[dict[str, Any]]]:
    answer = loaded_app.get(f"/api/v1/suggest?q={quote(typed)}&size={size}")
    assert answer.status == 200, answer.text
    groups: dict[str, list[dict[str, Any]]] = answer.json()
    return groups


def search(loaded_app: LoadedApp, **parameters: str) -> Any:
    answer = loaded_app.search({name: [value] for name, value in parameters.items()} | {"size": ["1"]})
    assert answer.status == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("typed", TYPED)
def test_every_suggestion_finds_as_many_offers_as_it_says(loaded_app: LoadedApp, typed: str) -> None:
    found = [each for rows in suggest(loaded_app, typed).values() for each in rows]
    assert found
    for each in found:
        total = search(loaded_app, **{each["parameter"]: each["value"]})["total"]
        # Words find what resembles them, too.
        assert total >= each["offers"] > 0 if each["parameter"] == "q" else total == each["offers"], each


@pytest.mark.parametrize("group", ["titles", "jobs", "domains", "certifications", "providers"])
def test_every_group_has_something_to_suggest(loaded_app: LoadedApp, group: str) -> None:
    assert any(suggest(loaded_app, typed)[group] for typed in TYPED)


def test_a_title_that_is_suggested_is_the_first_result_of_its_search(loaded_app: LoadedApp) -> None:
    titles = [each for typed in TYPED for each in suggest(loaded_app, typed)["titles"]]
    assert len(titles) > len(TYPED)
    for each in titles:
        assert search(loaded_app, q=each["value"])["results"][0]["title"].casefold() == each["label"].casefold()


@pytest.mark.parametrize(
    "typed", ["a", "al", "cast", "st", "saint", "par", "paris 1", "81", "810", "tar", "occ", "2a", "tolouse"]
)
def test_every_place_that_is_suggested_is_where_the_search_looks(loaded_app: LoadedApp, typed: str) -> None:
    places = loaded_app.get(f"/api/v1/places?q={quote(typed)}").json()["places"]
    assert places
    for place in places:
        understood = search(loaded_app, place=place["label"])["place"]
        assert (understood["kind"], understood["code"], understood["lat"], understood["lon"]) == (
            place["kind"], place["code"], place["lat"], place["lon"]
        )  # fmt: skip
