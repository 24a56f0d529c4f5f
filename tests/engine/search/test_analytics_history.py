"""Measures kept of a day, in the real engine: the same as the query module gives on that day, once a day, never in the
way of a load.
"""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from engine.blocking import Engine
from engine.errors import EngineUnavailable
from indexer.history import keep
from indexer.history.keep import history_state, keep_day
from indexer.installation.indices import Indices
from indexer.settings import IndexerSettings
from mappings.analytics.history import ANY
from search_app.analytics.history import KEPT
from tests.engine.installation import Action, Installation, statement
from tests.engine.loaded import TODAY, LoadedApp, serve

PATH = "/api/v1/analytics"
DAY = date(2026, 11, 24)


def indices_of(engine_url: str, prefix: str) -> Indices:
    settings = IndexerSettings(opensearch_url=engine_url, index_prefix=prefix)
    return Indices(Engine.connect(settings.connection), settings)


@pytest.fixture(scope="module", params=["loaded_prefix", "loaded_in_parts_prefix"])
def kept_app(request: pytest.FixtureRequest, engine_url: str) -> Iterator[LoadedApp]:
    """The app over the fixtures, of which a day was kept; on one shard and on two in slices."""
    prefix = request.getfixturevalue(request.param)
    indices = indices_of(engine_url, prefix)
    with closing(indices.engine):
        keep_day(indices, DAY)
    with serve(engine_url, prefix) as app:
        yield app


def day_of(app: LoadedApp, asked: dict[str, str]) -> dict[str, Any]:
    answer = app.get(f"{PATH}/history?{urlencode({**asked, 'since': DAY.isoformat(), 'until': DAY.isoformat()})}")
    assert answer.status == 200, answer.text
    (day,) = answer.json()["days"]
    assert day["day"] == DAY.isoformat()
    measures: dict[str, Any] = day["measures"]
    return measures


def now_of(app: LoadedApp, asked: dict[str, str]) -> dict[str, Any]:
    """Return what the query module answers to the same conditions."""
    month = asked.get("month")
    window = [("start_from", f"{month}-01"), ("start_to", _last_day(month))] if month else []
    pairs = [(name, value) for name, value in asked.items() if name != "month"] + window
    pairs += [("measure", measure.name) for measure in KEPT]
    answer = app.get(f"{PATH}?{urlencode(pairs)}")
    assert answer.status == 200, answer.text
    total: dict[str, Any] = answer.json()["total"]
    return total


def _last_day(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1).isoformat()


def test_a_kept_day_has_what_the_query_module_answered(kept_app: LoadedApp) -> None:
    rng, different = random.Random(20261124), 0
    choices = {
        "region": ("76", "11", "84", "93"), "department": ("81", "31", "75", "69", "974", "48"),
        "domain": ("230", "427", "223", "326", "999"), "funder": ("2", "4", "16", "10", "19"),
        "month": ("2026-11", "2027-01", "2027-03", "2027-06", "2028-02"),
    }  # fmt: skip
    seen = set()
    for number in range(60):
        names = rng.sample(list(choices), rng.randint(0, 3)) if number else []
        if {"region", "department"} <= {*names}:
            names.remove("region")
        asked = {name: rng.choice(choices[name]) for name in names}
        expected = now_of(kept_app, asked)
        assert day_of(kept_app, asked) == pytest.approx(expected), asked
        different += expected["offers"] > 0
        seen.add(tuple(sorted(names)))
    assert different > 25
    assert len(seen) > 12


def test_places_and_cells_that_hold_nothing_have_no_offers_and_no_figures(kept_app: LoadedApp) -> None:
    nothing = day_of(kept_app, {"department": "988"})
    assert (nothing["offers"], nothing["sessions"], nothing["left"], nothing["fill_rate"]) == (0, 0, None, None)
    long_ago = day_of(kept_app, {"month": "2019-01"})  # it was not kept: not known, which is not 0
    assert {*long_ago.values()} == {None}


def test_days_that_were_not_kept_are_not_there(kept_app: LoadedApp) -> None:
    assert kept_app.get(f"{PATH}/history?since=2020-01-01&until=2020-12-31").json()["days"] == []


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("rome=F1703", ["rome"]),
        ("funder=2&funder=4", ["funder"]),
        ("region=76&department=81", ["region"]),
        ("domain=23054&month=2027-13", ["domain", "month"]),
        ("department=100&since=2027-02-01&until=2027-01-01", ["department", "until"]),
    ],
)
def test_what_was_not_kept_is_refused_by_name(loaded_app: LoadedApp, query: str, parameters: list[str]) -> None:
    answer = loaded_app.get(f"{PATH}/history?{query}")
    assert answer.status == 400
    assert [fault["parameter"] for fault in answer.json()["error"]["faults"]] == parameters


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path, {"BOUSSOLE_TODAY": TODAY.isoformat()})


def test_a_load_keeps_the_measures_once_a_day(installation: Installation) -> None:
    installation.load(Action("A1", sessions=("S1",), funders=("2",)))
    installation.seats(statement("S1", 5))
    installation.load(Action("B1"), source="two")  # the same day
    first = installation.run("status", "--json").json["history"]
    assert (first["days"], first["first"], first["last"]) == (1, "2026-11-23", "2026-11-23")
    assert first["bytes"] > 0
    installation.settings["BOUSSOLE_TODAY"] = "2026-11-24"
    installation.load(Action("B1"), source="two")
    with serve(installation.engine_url, installation.prefix) as app:
        days = app.get(f"{PATH}/history?funder=2").json()["days"]
    assert [(each["day"], each["measures"]["offers"], each["measures"]["left"]) for each in days] == [
        ("2026-11-23", 1, None), ("2026-11-24", 1, 5),
    ]  # fmt: skip
    assert "measures of 2 days, 2026-11-23 to 2026-11-24" in installation.run("status").out


def test_day_that_a_kill_left_unfinished_is_kept_by_the_next_load(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = keep._store

    def die_at_last(indices: Indices, day: date, place: str, cells: dict[str, str]) -> None:
        if place == ANY:
            raise EngineUnavailable("killed here")
        stored(indices, day, place, cells)

    with monkeypatch.context() as patched:
        patched.setattr(keep, "_store", die_at_last)
        run = installation.load(Action("A1", sessions=("S1",), funders=("2",)))
    assert run.status == 0  # the load did its work
    assert "the measures of the day were not kept (killed here)" in run.out + run.err
    indices = indices_of(installation.engine_url, installation.prefix)
    with closing(indices.engine):
        assert history_state(indices)["days"] == 0
        installation.load(Action("A1", sessions=("S1",), funders=("2",)))
        assert history_state(indices)["days"] == 1
