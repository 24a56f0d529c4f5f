"""The model of sizes: it finds a law that points follow, tells its error, and plans in the right direction."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.sizing.__main__ import main
from bench.sizing.model import Line, Need, error_at, exponent, fit, plan
from bench.sizing.points import BadPoints, KindCost, Point, add_point, pick, read_points

LAW = {"words": Line(3.0, 1.0, 40.0), "radius": Line(5.0, 2.0, 20.0)}
SMALL = ("one", "four", "four-in-4")
FRANCE = Need(offers=473_544, statements=549_000, searches_per_second=10, statements_per_second=10)


def point(name: str, offers: int, shards: int = 1, *, unlike: float = 1.0) -> Point:
    """A point that follows the law, times a factor."""
    searches = [KindCost(kind, 1.0, 2.0, line.at(offers, shards) * unlike, 0.0, 0.0) for kind, line in LAW.items()]
    return Point(name, "2026-11-30", offers, 2 * offers, shards, 1, 2500 * offers, 1000, 300_000, 1 << 30, 1 << 26, 1.5,
                 searches)  # fmt: skip


def small() -> list[Point]:
    return [point("one", 39_462), point("four", 157_848), point("four-in-4", 157_848, 4)]


def test_the_fitted_lines_are_those_that_the_points_follow() -> None:
    model = fit(small())
    for kind, line in LAW.items():
        found = model.lines[kind]
        assert (found.fixed, found.shard, found.million) == pytest.approx((line.fixed, line.shard, line.million))
    assert (model.offer_bytes, model.statement_bytes, model.statement_ms) == (2500, 300, 1.5)
    assert error_at(model, point("twelve", 473_544)) == pytest.approx(0)
    assert error_at(model, point("twelve in four", 473_544, 4)) == pytest.approx(0)


def test_a_point_that_does_not_follow_shows_the_error() -> None:
    model = fit(small())
    dearer = point("twelve", 473_544, unlike=1.25)
    assert error_at(model, dearer) == pytest.approx((2 + dearer.engine_ms / 1.25) / (2 + dearer.engine_ms) - 1)
    assert error_at(model, dearer) < -0.1


def test_a_fourth_point_that_is_dearer_raises_the_lines_and_lessens_its_own_error() -> None:
    exact = fit(small())
    between = fit([*small(), point("twelve", 473_544, unlike=1.3)])
    assert between.lines["words"].million > exact.lines["words"].million
    assert -0.3 < error_at(between, point("twelve", 473_544, unlike=1.3)) < 0


def test_the_exponent_is_one_for_what_grows_in_proportion() -> None:
    small = replace(point("one", 1_000), searches=[KindCost("words", 1, 0.0, 1.0, 0, 0)])
    large = replace(point("ten", 10_000), searches=[KindCost("words", 1, 0.0, 10.0, 0, 0)])
    assert exponent(small, large) == pytest.approx(1)
    assert exponent(small, replace(large, searches=[KindCost("words", 1, 0.0, 1.0, 0, 0)])) == pytest.approx(0)


def test_a_plan_keeps_the_longest_search_and_grows_with_the_need() -> None:
    model = fit(small())
    france = plan(model, FRANCE)
    assert (france.shards, france.nodes, france.held_by) == (1, 3, "election")
    ten = plan(model, replace(FRANCE, offers=10 * FRANCE.offers))
    assert ten.shards == 2  # 3 + 1 + 40 x 4.7 ms is over 100, half of the offers are not
    assert model.slowest_ms(10 * FRANCE.offers / ten.shards) <= 100 < model.slowest_ms(10 * FRANCE.offers)
    assert ten.index_bytes == pytest.approx(10 * france.index_bytes, rel=0.01)
    busy = plan(model, replace(FRANCE, searches_per_second=1000))
    assert busy.held_by == "processors"
    assert busy.nodes == pytest.approx(busy.busy_cores / 2, abs=1)
    assert plan(model, replace(FRANCE, offers=100 * FRANCE.offers)).held_by == "memory"
    assert plan(model, replace(FRANCE, replicas=0)).nodes == 1
    assert plan(model, replace(FRANCE, statements_per_second=1000)).busy_cores > france.busy_cores + 2


def test_what_cannot_be_fitted_or_planned_says_why() -> None:
    with pytest.raises(BadPoints, match="differ in offers and in shards"):
        fit([point("one", 39_462), point("four", 157_848), point("twelve", 473_544)])
    with pytest.raises(BadPoints, match="different kinds"):
        fit([*small(), replace(point("twelve", 473_544), searches=[])])
    with pytest.raises(BadPoints, match="within 2 ms"):
        plan(fit(small()), replace(FRANCE, offers=5, most_ms=2))
    with pytest.raises(BadPoints, match="no point is called six; there are one"):
        pick([point("one", 39_462)], ["six"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"offers": 0}, "one offer"), ({"replicas": -1}, "below 0"), ({"searches_per_second": float("nan")}, "below 0"),
        ({"statements_per_second": float("inf")}, "below 0"), ({"cores": 0}, "cores"),
        ({"most_ms": float("nan")}, "time"),
        ({"memory_bytes": 4 << 30}, "more than 6 GiB"), ({"memory_bytes": 6 << 30}, "more than 6 GiB"),
        ({"offers": 10**15}, "not even 1,000 shards"),
    ],
    ids=str,
)  # fmt: skip
def test_a_need_that_is_none_is_refused(wrong: dict[str, float], told: str) -> None:
    with pytest.raises(BadPoints, match=told):
        plan(fit(small()), replace(FRANCE, **wrong))  # type: ignore[arg-type]


def test_points_are_kept_in_a_file_one_of_each_name(tmp_path: Path) -> None:
    file = tmp_path / "points.json"
    for each in (point("one", 1), point("four", 4), point("one", 2)):
        add_point(file, each)
    assert {each.name: each.offers for each in read_points(file)} == {"four": 4, "one": 2}
    file.write_text(json.dumps([{"name": "one"}]), encoding="utf-8")
    with pytest.raises(BadPoints, match=r"points\.json: 0\.day: Field required"):
        read_points(file)


@pytest.mark.parametrize("name", ["offers", "shards", "nodes", "searches"])
def test_a_point_of_nothing_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    file = tmp_path / "points.json"
    add_point(file, point("one", 1))
    (kept,) = json.loads(file.read_bytes())
    file.write_text(json.dumps([kept | {name: [] if name == "searches" else 0}]), encoding="utf-8")
    with pytest.raises(BadPoints, match=rf"points\.json: 0\.{name}: "):
        read_points(file)


def test_commands_tell_the_model_and_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "points.json"
    for each in (*small(), point("twelve", 473_544, unlike=1.25)):
        add_point(file, each)
    assert main(["fit", *SMALL, "--check", "twelve", "--points", str(file)]) == 0
    told = capsys.readouterr().out
    assert "| words | 3.0 | 1.0 | 40.0 |" in told
    assert "| twelve | not fitted | -" in told
    assert main(["plan", *SMALL, "--offers", "4735440", "--points", str(file)]) == 0
    assert "| 4,735,440 | 10 | 10 | 2 |" in capsys.readouterr().out
    assert main(["plan", *SMALL, "--offers", "5", "--searches", "1", "2", "--points", str(file)]) == 1
    assert "as many numbers as each other" in capsys.readouterr().err
    assert main(["fit", "one", "six", "--points", str(file)]) == 1
    assert "no point is called six" in capsys.readouterr().err
