"""A short run of the fuzzers over fixed cases; ``python -m bench.fuzz.feeds`` makes longer ones of fresh cases."""

import gzip
import random
from pathlib import Path

import pytest

from bench.fuzz import feeds as fuzz_feeds
from bench.fuzz.feeds import CASES, Failed, make_case, read_case, run


@pytest.mark.parametrize(("what", "cases"), [("archives", 120), ("xml", 50)])
def test_damaged_feed_raises_declared_errors_only(what: str, cases: int, tmp_path: Path) -> None:
    told = run(what, 1, 60, tmp_path, cases)
    assert told["cases"] == cases
    assert told["offers"] > cases // 4
    assert told["not read whole"] > cases // 20


@pytest.mark.parametrize("what", CASES)
def test_case_is_reproduced_by_its_numbers(what: str) -> None:
    assert make_case(what, 7, 3) == make_case(what, 7, 3)
    assert len({make_case(what, 7, number) for number in range(20)}) > 15


def test_undeclared_exception_is_reported_with_reproduction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise IndexError("string index out of range")

    monkeypatch.setattr(fuzz_feeds, "convert_record", broken)
    with pytest.raises(Failed, match=r"xml, seed 1, case 0, .*case: IndexError: string index out of range"):
        run("xml", 1, 60, tmp_path, 1)


def test_slow_case_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_feeds, "SECONDS_A_MEGABYTE", 0.0)
    path = tmp_path / "case"
    path.write_bytes(gzip.compress(make_case("xml", 1, 0)))
    with pytest.raises(Failed, match=r"s for 0\.\d+ MB"):
        read_case(path)


def test_every_kind_of_damage_leaves_bytes() -> None:
    draw = random.Random(1)
    assert all(isinstance(make(draw), bytes) for make in CASES.values() for _ in range(20))
