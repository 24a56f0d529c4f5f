"""The report of a load, for people and for programs."""

from collections import Counter

import orjson

from indexer.load.report import LoadReport


def report() -> LoadReport:
    made = LoadReport("occitanie", "2026-11-23T10:00:00Z", ["feed.xml"], outcome="done")
    made.read, made.new, made.changed, made.same, made.removed, made.kept = 100, 10, 20, 60, 3, 1
    made.rejected = Counter({"no-title": 4, "repeated-number": 6, "repeated-session": 3})
    made.rejected_offers, made.rejected_sessions = 10, 3
    made.faults = Counter({"bad-date": 2})
    made.seconds = {"read": 1.234, "write": 2.0}
    return made


def test_json_has_every_count_and_survives_serialising() -> None:
    row = orjson.loads(orjson.dumps(report().to_json()))
    assert {name: row[name] for name in ("read", "new", "changed", "same", "removed", "kept")} == {
        "read": 100,
        "new": 10,
        "changed": 20,
        "same": 60,
        "removed": 3,
        "kept": 1,
    }
    assert list(row["rejected"].items()) == [("repeated-number", 6), ("no-title", 4), ("repeated-session", 3)]
    assert row["seconds"] == {"read": 1.23, "write": 2.0}


def test_lines_name_every_reason_and_every_kind_of_fault() -> None:
    text = "\n".join(report().to_lines())
    for expected in ("occitanie: done", "read 100", "4: no-title", "6: repeated-number", "2: bad-date"):
        assert expected in text


def test_rejected_offers_are_told_apart_from_sessions_so_that_the_sum_is_what_was_read() -> None:
    made = report()
    assert "  rejected offers 10, sessions 3" in made.to_lines()
    assert made.new + made.changed + made.same + made.rejected_offers == made.read


def test_a_refused_load_says_that_nothing_was_changed() -> None:
    refused = report()
    refused.outcome, refused.refused_by = "refused", ["too-few: 0 sound offers"]
    text = "\n".join(refused.to_lines())
    assert "refused by gate too-few" in text
    assert "nothing was changed" in text


def test_a_problem_is_told_once_however_often_it_is_noted() -> None:
    made = report()
    made.add_problem("bad.xml: not XML")
    made.add_problem("worse.xml: empty file")
    made.add_problem("bad.xml: not XML\nworse.xml: empty file\nno feed")  # what ends the load names all of them again
    assert made.problems == ["bad.xml: not XML", "worse.xml: empty file", "no feed"]
