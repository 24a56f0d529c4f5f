"""A new index behind the alias, the way back, and what is told of both."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.blocking import Engine
from indexer.installation import segments
from indexer.installation.indices import Indices
from indexer.installation.locks import hold_lock
from indexer.settings import IndexerSettings
from mappings.columns import amounts, bodies, funding, funding_set, purchases
from mappings.index_fields import FIELDS, index_fields
from mappings.loader import load_index_body
from tests.engine.fault_proxy import Asked, fault_proxy
from tests.engine.installation import Action, Installation, actions, statement, write_feed
from tests.engine.loaded import serve

SLICES = 2  # of an offers index (mappings/offers.json)


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    made = Installation.with_rules(engine_url, index_prefix, tmp_path)
    made.load(*actions(30), Action("A1", sessions=("S1", "S2"), funders=("2",)))
    made.load(Action("B1", sessions=("S3",), funders=("2",)), source="two")
    made.seats(statement("S1", 5))
    return made


def status(installation: Installation) -> dict[str, Any]:
    run = installation.run("status", "--json")
    assert run.status == 0
    found: dict[str, Any] = run.json
    return found


def test_status_tells_of_an_installation_with_nothing_in_it(engine_url: str, index_prefix: str, tmp_path: Path) -> None:
    empty = Installation(engine_url, index_prefix, tmp_path)
    found = status(empty)
    assert (found["live"], found["previous"], found["offers"], found["sources"]) == (None, None, 0, [])
    assert empty.run("status").status == 0


def test_status_tells_what_is_live_by_source(installation: Installation) -> None:
    found = status(installation)
    assert (found["offers"], found["sessions"]) == (32, 33)
    assert [(row["name"], row["offers"], row["sessions"]) for row in found["sources"]] == [
        ("one", 31, 32),
        ("two", 1, 1),
    ]
    assert found["seats"] == {"statements": 1, "waiting": 0, "differ": 0, "lag_seconds": 0.0}
    assert found["at_work"] == []
    assert found["live"] in installation.run("status").out


def test_a_rebuild_makes_the_same_offers_live_in_a_new_index_and_keeps_the_old_one(installation: Installation) -> None:
    before, old = installation.offers(), status(installation)["live"]
    run = installation.run("rebuild")
    assert run.status == 0
    after = status(installation)
    assert after["live"] != old
    assert after["previous"] == old
    assert installation.offers() == before
    settings = installation.call("GET", f"{after['live']}/_settings")[after["live"]]["settings"]["index"]
    assert settings["refresh_interval"] == "500ms"


def segments_of(installation: Installation) -> int:
    """Return how many segments the offers have."""
    installation.call("POST", f"{installation.names.offers}/_refresh")
    found = installation.call("GET", f"{installation.names.offers}/_stats/segments")
    return int(found["_all"]["primaries"]["segments"]["count"])


def merges_asked(installation: Installation, *arguments: str) -> list[str]:
    """Run a command; return the merges that it asked of the engine."""
    asked: list[str] = []
    with fault_proxy(installation.engine_url, lambda each: asked.append(each.path)) as address:
        assert replace(installation, engine_url=address).run(*arguments).status == 0
    return [path.partition("?")[2] for path in asked if "_forcemerge" in path]


def test_much_written_is_merged_into_few_segments_meanwhile(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "LEAST_OFFERS", 30)
    monkeypatch.setattr(segments, "OF_A_SLICE", 1)
    assert installation.load(*actions(31, size=200)).status == 0
    installation.call("GET", "_tasks?actions=*forcemerge*&wait_for_completion=true&timeout=20s")
    assert segments_of(installation) <= SLICES


def test_a_rebuilt_index_is_merged(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert merges_asked(installation, "rebuild") == []
    monkeypatch.setattr(segments, "LEAST_OFFERS", 30)
    removing, merging = merges_asked(installation, "rebuild")
    assert "only_expunge_deletes=true" in removing
    assert f"max_num_segments={segments.OF_A_SLICE * SLICES}" in merging


def test_little_written_is_left_to_the_engine(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "LEAST_OFFERS", 30)
    before = segments_of(installation)
    feed = write_feed(installation.folder / "three.xml", Action("B2", funders=("2",)))
    assert merges_asked(installation, "load", "--source", "three", str(feed)) == []
    assert segments_of(installation) > before


def test_a_load_that_the_engine_does_not_merge_after_is_done(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "LEAST_OFFERS", 30)

    def refuse(asked: Asked) -> tuple[int, bytes] | None:
        refused = b'{"error":{"type":"rejected_execution_exception","reason":"queue full"},"status":429}'
        return (429, refused) if "_forcemerge" in asked.path else None

    with fault_proxy(installation.engine_url, refuse) as address:
        run = replace(installation, engine_url=address).load(*actions(31, size=200))
    assert (run.status, run.json["outcome"]) == (0, "done")
    assert ["were not merged" in problem for problem in run.json["problems"]] == [True]


def test_only_one_earlier_index_is_kept(installation: Installation) -> None:
    first = status(installation)["live"]
    installation.run("rebuild")
    second = status(installation)["live"]
    run = installation.run("rebuild")
    assert run.json["removed"] == [first]
    assert status(installation)["indices"] == sorted([second, run.json["live"]])


def test_a_rebuild_takes_the_present_mapping(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    from mappings import loader

    def with_more_shards(*arguments: Any, **options: Any) -> dict[str, Any]:
        body = loader.load_index_body(*arguments, **options)
        body["settings"]["index"]["max_result_window"] = 12_345
        return body

    monkeypatch.setattr("indexer.installation.indices.load_index_body", with_more_shards)
    installation.run("rebuild")
    live = status(installation)["live"]
    settings = installation.call("GET", f"{live}/_settings")[live]["settings"]["index"]
    assert settings["max_result_window"] == "12345"


def test_rollback_leads_back_and_back_again_with_the_seats_of_today(installation: Installation) -> None:
    old = status(installation)["live"]
    installation.run("rebuild")
    new = status(installation)["live"]
    installation.seats(statement("S1", 2, 2), statement("S2", 9))
    assert installation.run("rollback").status == 0
    assert (status(installation)["live"], status(installation)["previous"]) == (old, new)
    assert installation.left("S1") == {"2": 2, "any": 2}
    assert installation.left("S2") == {"2": 9, "any": 9}
    installation.seats(statement("S1", 1, 3))
    installation.run("rollback")
    assert status(installation)["live"] == new
    assert installation.left("S1") == {"2": 1, "any": 1}


@pytest.mark.parametrize("moment", ["_reindex", "_mget", "_aliases"])
def test_statements_that_come_while_a_rebuild_is_under_way_are_in_the_new_index(
    installation: Installation, moment: str
) -> None:
    direct = installation.engine_url
    stating = Installation(direct, installation.prefix, installation.folder / "seats")
    stating.folder.mkdir()
    answers: list[Any] = []

    def state_meanwhile(asked: Asked) -> None:
        if asked.path.partition("?")[0].endswith(moment) and asked.count == 1:
            answers.append(stating.seats(statement("S2", 7), statement("S1", 3, 2)).json["accepted"])

    with fault_proxy(direct, state_meanwhile) as address:
        installation.engine_url = address
        assert installation.run("rebuild").status == 0
        installation.engine_url = direct
    assert answers == [2]
    assert installation.left("S1") == {"2": 3, "any": 3}
    assert installation.left("S2") == {"2": 7, "any": 7}


def test_a_copy_that_differs_does_not_go_live(installation: Installation) -> None:
    before, old = installation.offers(), status(installation)["live"]
    direct = installation.engine_url

    def lose_an_offer(asked: Asked) -> None:
        path = asked.path.partition("?")[0]
        if path.endswith("/_refresh") and f"/{old}/" not in path and asked.count == 1 and "offers-" in path:
            index = path.split("/")[1]
            query = {"query": {"term": {"id": "B1"}}}
            installation_direct.call("POST", f"{index}/_refresh")
            installation_direct.call("POST", f"{index}/_delete_by_query?refresh=true", query)

    installation_direct = Installation(direct, installation.prefix, installation.folder)
    with fault_proxy(direct, lose_an_offer) as address:
        installation.engine_url = address
        run = installation.run("rebuild")
        installation.engine_url = direct
    assert (run.status, len(run.trouble)) == (2, 1)
    assert "differs from the live one" in run.trouble[0]
    assert status(installation)["indices"] == [old]
    assert installation.offers() == before


def test_a_load_and_a_rebuild_at_once_refuse_the_second(installation: Installation) -> None:
    settings = IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix)
    indices = Indices(Engine.connect(settings.connection), settings)
    with hold_lock(indices, "rebuild"):
        load = installation.load(Action("A1"))
        rollback = installation.run("rollback")
    with hold_lock(indices, "load:one"):
        rebuild = installation.run("rebuild")
    indices.engine.close()
    for run, other in ((load, "rebuild"), (rollback, "rebuild"), (rebuild, "load:one")):
        assert run.status == 2
        assert f"{other} is under way already" in run.trouble[0]
    assert installation.run("rebuild").status == 0


def test_there_is_nothing_to_rebuild_and_nowhere_to_go_back_at_first(
    engine_url: str, index_prefix: str, tmp_path: Path
) -> None:
    empty = Installation(engine_url, index_prefix, tmp_path)
    for command in ("rebuild", "rollback"):
        run = empty.run(command)
        assert (run.status, len(run.trouble)) == (2, 1)


def test_a_load_after_a_rebuild_and_after_a_rollback_writes_what_the_live_index_lacks(
    installation: Installation,
) -> None:
    installation.run("rebuild")
    installation.load(Action("B1", title="Autre titre", sessions=("S3",), funders=("2",)), source="two")
    installation.run("rollback")
    assert installation.offers("two")["B1"]["title"] == "Soudure à l’arc"
    run = installation.load(Action("B1", title="Autre titre", sessions=("S3",), funders=("2",)), source="two")
    assert run.json["changed"] == 1
    assert installation.offers("two")["B1"]["title"] == "Autre titre"


NEW_IN_7 = funding_set.FIELDS
NEW_IN_6 = (*funding.FIELDS, *NEW_IN_7)
NEW_IN_5 = ("employment_zone", "session_capacity", *purchases.FIELDS, *bodies.FIELDS, *amounts.FIELDS, *NEW_IN_6)


def body_of_shape(shape: int) -> dict[str, Any]:
    """Return settings and mapping of an earlier shape: sessions nested, or as ranges without sets of values."""
    if shape == 1:
        properties = {name: {"type": "keyword"} for name in ("id", "key", "source", "hash", "funder")}
        return {"mappings": {"dynamic": False, "properties": properties | {"sessions": {"type": "nested"}}}}
    body = deepcopy(load_index_body("offers"))
    mappings = body["mappings"] | {"_meta": {"shape": shape}, "dynamic": False}
    if shape == 2:
        del mappings["properties"]["value_sets"]
        mappings["properties"]["session_keys"]["doc_values"] = False
    for name in {5: NEW_IN_6, 6: NEW_IN_7}.get(shape, NEW_IN_5):
        del mappings["properties"][name]
    return {"settings": body["settings"], "mappings": mappings}


def restate(installation: Installation, shape: int) -> str:
    """Put what is live into an index as an earlier version made it, behind the alias; return its name."""
    index = f"{installation.names.offers}-20200101t000000"
    installation.call("PUT", index, body_of_shape(shape))
    left_out = {1: [*FIELDS], 2: ["value_sets"], 4: [*NEW_IN_5, "sessions.capacity"], 5: NEW_IN_6, 6: NEW_IN_7}[shape]
    body = {"source": {"index": installation.names.offers, "_source": {"excludes": left_out}},
            "dest": {"index": index}}  # fmt: skip
    installation.call("POST", f"{installation.names.offers}/_refresh")
    installation.call("POST", "_reindex?refresh=true", body)
    live = status(installation)["live"]
    actions = [{"remove_index": {"index": live}}, {"add": {"index": index, "alias": installation.names.offers}}]
    installation.call("POST", "_aliases", {"actions": actions})
    return index


@pytest.mark.parametrize("shape", [1, 2, 4, 5, 6])
def test_an_index_of_another_shape_is_refused_until_a_rebuild_converts_it(
    installation: Installation, shape: int
) -> None:
    former = restate(installation, shape)
    refused = installation.load(Action("A1", sessions=("S1", "S2"), funders=("2",)))
    assert refused.trouble == [f"indexer: {former} was made by another version: run python -m indexer rebuild"]
    assert refused.status == 2
    with serve(installation.engine_url, installation.prefix) as app:
        answer = app.get("/api/v1/offers?seats=1")
        assert (answer.status, answer.json()["error"]["code"]) == (503, "other_shape")
        assert app.get("/offres").status == 503
        assert app.get("/api/v1/offers/A1").status == 200
    stated = installation.seats(statement("S2", 3)).json  # it finds no offer before shape 5, and is kept
    assert (stated["accepted"], stated["unknown"]) == (1, 0 if shape >= 5 else 1)
    assert installation.run("rebuild").status == 0
    for offer in installation.offers().values():
        assert {name: offer[name] for name in FIELDS if name in offer} == index_fields(offer)
    assert installation.offers()["A1"]["bodies"] == ['["responsible","123456789","12345678900011",null,"GRETA"]']
    with serve(installation.engine_url, installation.prefix) as app:
        found = app.get("/api/v1/offers?seats=3").json()
        assert [offer["id"] for offer in found["results"]] == ["A1"]
        assert found["results"][0]["matching_sessions"] == 2
    assert installation.left("S1") == {"2": 5, "any": 5}
    assert status(installation)["sessions"] == 33
    assert installation.seats(statement("S2", 4, sequence=5_000_000)).json["unknown"] == 0
    released = installation.run("seats-release", "--source", "one", "--above", "1000000")
    assert (released.status, released.json["released"]) == (0, 1)
    assert installation.left("S2") == {}
    back = installation.run("rollback")
    assert back.status == 2
    assert "roll back with that one" in back.err
    assert (
        installation.load(
            Action("A1", sessions=("S1",), funders=("2",)), options=("--force", "too-few,too-many-fewer")
        ).status
        == 0
    )
