"""What the last load remembered of a feed saves reading, and never changes what is live or what is told."""

import json
import random
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from indexer.transform import offer as transform
from mappings.keys import key_of
from mappings.reference import unpack_table
from tests.engine.installation import HEAD, TAIL, Action, Installation, Run, actions, write_feed
from tests.engine.killed_load import kill_load_at_second_request

FORCE: Final = ("--force", "too-few,too-many-fewer,too-many-bad")
TIMES: Final = ("written_at", "first_seen", "news_at")
TOLD: Final = (
    *("outcome", "read", "new", "changed", "same", "removed", "kept", "live", "sessions", "refused_by", "problems"),
    *("rejected", "rejected_offers", "rejected_sessions", "faults", "removals_withheld"),
)
BROKEN_DATE = Action("B1", sessions=("SB1",)).to_xml().replace("20270301", "20270231")


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


def memory(installation: Installation) -> Path:
    return installation.folder / "work" / "known"


def load(installation: Installation, *feed: Action | str) -> dict[str, Any]:
    run = installation.load(*feed, options=FORCE)
    assert run.status == 0, run.err
    report: dict[str, Any] = run.json
    return report


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in ("new", "changed", "same", "known", "removed"))


def told(report: dict[str, Any]) -> dict[str, Any]:
    return {name: report[name] for name in TOLD}


def without_times(offers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for offer in offers.values():
        for name in (*TIMES, "copy_number", "session_seen"):
            offer.pop(name, None)
        for session in offer.get("sessions", ()):
            session.pop("first_seen", None)
    return offers


def lines(path: str) -> list[dict[str, Any]]:
    """Return the lines of a rejects or repairs file in an order of their own, without the name of the feed."""
    rows = [json.loads(line) | {"file": ""} for line in Path(path).read_text(encoding="utf-8").splitlines()]
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def test_an_unchanged_feed_is_not_read_again_and_tells_the_same(installation: Installation) -> None:
    feed = [*actions(50, size=300), Action("A1", sessions=("S1", "S2"))]
    assert counts(load(installation, *feed)) == (51, 0, 0, 0, 0)
    before, writes = installation.offers(), installation.writes()
    again = load(installation, *feed)
    assert counts(again) == (0, 0, 51, 51, 0)
    assert again["spool_bytes"] > 0
    assert (installation.offers(), installation.writes()) == (before, writes)
    shutil.rmtree(memory(installation))
    read = load(installation, *feed)
    assert counts(read) == (0, 0, 51, 0, 0)
    assert told(read) == told(again)
    assert installation.writes() == writes


def test_what_is_known_may_stand_anywhere_in_the_feed_and_is_told_where_it_stands(installation: Installation) -> None:
    feed = list(actions(40, size=40))
    load(installation, *feed)
    assert counts(load(installation, *reversed(feed))) == (0, 0, 40, 40, 0)
    assert counts(load(installation, feed[5], Action("N1"), *feed[20:])) == (1, 0, 21, 21, 19)


def test_another_root_element_or_a_table_of_conversion_makes_every_record_be_read(installation: Installation) -> None:
    feed = [Action("A1"), Action("A2")]
    load(installation, *feed)
    path = installation.folder / "older.xml"
    text = "".join(action.to_xml() for action in feed)
    path.write_text(HEAD.replace("/2.3", "/2.2") + text + TAIL, encoding="utf-8")
    assert counts(installation.load_file(path).json) == (0, 2, 0, 0, 0)
    assert {offer["format"] for offer in installation.offers().values()} == {"2.2"}
    assert counts(installation.load_file(path).json) == (0, 0, 2, 2, 0)
    labels = installation.folder / "nsf.csv"
    labels.write_text("code;libelle\n100;Formations générales\n", encoding="utf-8")
    assert installation.run("reference", "--nsf", str(labels)).status == 0
    assert counts(installation.load_file(path).json) == (0, 0, 2, 2, 0)
    labels.write_text("code;libelle\n22254;Soudage\n", encoding="utf-8")
    assert installation.run("reference", "--formacode", str(labels)).status == 0
    assert counts(installation.load_file(path).json) == (0, 0, 2, 0, 0)


def test_a_namespace_of_the_root_that_gives_a_record_another_meaning_makes_it_be_read(
    installation: Installation,
) -> None:
    record = Action("A1").to_xml()
    record = record.replace("contenu-formation>", "x:contenu-formation>")
    path = installation.folder / "feed.xml"
    contents = []
    for meaning in ("http://lheo.gouv.fr/2.3", "http://example.org/other"):
        head = HEAD.replace("<lheo ", f'<lheo xmlns:x="{meaning}" ')
        path.write_text(head + record + TAIL, encoding="utf-8")
        run = installation.load_file(path)
        assert run.status == 0
        assert run.json["known"] == 0
        contents.append(installation.offers()["A1"].get("content"))
    assert contents == ["Préparer et souder des pièces.", None]


@pytest.mark.parametrize(("release", "expected"), [("2", (0, 2, 0, 0, 0)), ("1", (0, 0, 2, 2, 0))])
def test_documents_of_another_release_of_the_code_are_never_taken_as_unchanged(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, release: str, expected: tuple[int, ...]
) -> None:
    feed = [Action("A1"), Action("A2")]
    monkeypatch.setattr("indexer.work_files.known.code_version", lambda: "1")
    load(installation, *feed)
    former = transform.read_training
    monkeypatch.setattr(transform, "read_training", lambda *given: former(*given) | {"outcome": "Savoir souder"})
    monkeypatch.setattr("indexer.work_files.known.code_version", lambda: release)
    assert counts(load(installation, *feed)) == expected
    outcomes = {offer.get("outcome") for offer in installation.offers().values()}
    assert outcomes == ({"Savoir souder"} if release == "2" else {None})  # what a forgotten release would leave


def test_repairs_and_rejects_are_told_again_in_every_load_and_gates_count_them(installation: Installation) -> None:
    feed: list[Action | str] = [*actions(8), BROKEN_DATE, Action("C1", title="")]
    reports = [load(installation, *feed) for _ in range(3)]
    assert [report["known"] for report in reports] == [0, 8, 8]
    for report in reports:
        assert (report["faults"], report["rejected"]) == ({"bad-date": 1}, {"no-title": 1})
        for file in ("rejects_file", "repairs_file"):
            assert lines(report[file]) == lines(reports[0][file]) != []
    refused = installation.load(*feed, options=("--max-bad", "0.05"))
    assert (refused.status, refused.json["outcome"]) == (1, "refused")
    assert refused.json["refused_by"][0].startswith("too-many-bad")
    assert load(installation, *feed)["known"] == 8  # a refused load takes nothing from the memory


def test_records_that_are_the_same_to_the_letter_are_rejects_every_time(installation: Installation) -> None:
    twin = Action("A1").to_xml().replace('numero="F_A1"', "")
    for known in (0, 10, 10):
        report = load(installation, *actions(10), twin, twin)
        assert report["rejected"] == {"repeated-number": 1}
        assert (report["read"], report["live"], report["rejected_offers"]) == (12, 11, 1)
        assert report["known"] in (known, known + 1)


def test_a_number_that_another_record_takes_first_is_told_of_the_known_one(installation: Installation) -> None:
    load(installation, *actions(20), Action("A1"))
    report = load(installation, Action("A1", title="Nouveau"), *actions(20), Action("A1"))
    assert report["rejected"] == {"repeated-number": 1}
    assert counts(report) == (0, 1, 20, 20, 0)
    assert report["read"] == 22
    assert installation.offers()["A1"]["title"] == "Nouveau"


def test_a_session_that_another_record_takes_first_leaves_the_known_one(installation: Installation) -> None:
    load(installation, *actions(20), Action("A1", sessions=("S1", "S2")))
    report = load(installation, Action("N1", sessions=("S1",)), *actions(20), Action("A1", sessions=("S1", "S2")))
    assert report["rejected"] == {"repeated-session": 1}
    assert counts(report) == (1, 1, 20, 20, 0)
    offers = installation.offers()
    assert [session["id"] for session in offers["A1"]["sessions"]] == ["S2"]
    assert [session["id"] for session in offers["N1"]["sessions"]] == ["S1"]
    back = load(installation, *actions(20), Action("A1", sessions=("S1", "S2")))
    assert counts(back) == (0, 1, 20, 20, 1)
    assert [session["id"] for session in installation.offers()["A1"]["sessions"]] == ["S1", "S2"]


def test_what_disappears_is_removed_and_comes_back_anew(installation: Installation) -> None:
    first = load(installation, *actions(5), Action("A1"))
    assert counts(load(installation, *actions(5))) == (0, 0, 5, 5, 1)
    assert "A1" not in installation.offers()
    back = load(installation, *actions(5), Action("A1"))
    assert counts(back) == (1, 0, 5, 5, 0)
    assert installation.offers()["A1"]["first_seen"] == back["started_at"] > first["started_at"]


def test_one_action_of_a_record_that_is_not_live_as_it_was_makes_the_whole_record_be_read(
    installation: Installation,
) -> None:
    both = Action("A1").to_xml().replace("</action>", '</action><action numero="A2"></action>')
    load(installation, both, Action("A3"), Action("A4"))
    index = installation.names.offers
    installation.call("DELETE", f"{index}/_doc/{key_of('A2')}?refresh=true")
    moved = {"doc": {"hash": "session-moved", "title": "A moitié écrit"}}  # as a killed load leaves it
    installation.call("POST", f"{index}/_update/{key_of('A3')}?refresh=true", moved)
    assert counts(load(installation, both, Action("A3"), Action("A4"))) == (1, 1, 2, 1, 0)
    assert installation.offers()["A3"]["title"] == "Soudure à l’arc"
    assert counts(load(installation, both, Action("A3"), Action("A4"))) == (0, 0, 4, 4, 0)


def test_after_a_rollback_the_offers_of_then_are_written_again(installation: Installation) -> None:
    load(installation, Action("A1"), Action("A2"))
    assert installation.run("rebuild").status == 0
    assert load(installation, Action("A1"), Action("A2"))["known"] == 2
    new = (Action("A1", title="Nouveau"), Action("A2"))
    load(installation, *new)
    assert installation.run("rollback").status == 0
    assert installation.offers()["A1"]["title"] == "Soudure à l’arc"
    assert counts(load(installation, *new)) == (0, 1, 1, 1, 0)
    assert installation.offers()["A1"]["title"] == "Nouveau"


def test_a_load_killed_while_it_writes_is_run_again_with_the_memory_of_the_one_before(
    installation: Installation,
) -> None:
    installation.load(*actions(900, size=12_000))
    feed = [
        *actions(450, size=12_000),
        *(Action(f"AF_{n}", title="Neuf", content="Neuf. " * 2_000) for n in range(450, 900)),
    ]
    path = write_feed(installation.folder / "feed.xml", *feed)
    kill_load_at_second_request(installation, path)
    titles = [offer["title"] for offer in installation.offers().values()]
    assert 0 < titles.count("Neuf") < 450
    again = installation.load_file(path).json
    assert (again["same"] + again["changed"], again["known"]) == (900, 450)
    assert again["changed"] > 0
    assert {offer["title"] for number, offer in installation.offers().items() if int(number[3:]) >= 450} == {"Neuf"}
    assert counts(installation.load_file(path).json) == (0, 0, 900, 900, 0)


@pytest.mark.parametrize("damage", ["cut", "overwritten", "no database", "empty"])
def test_a_damaged_memory_costs_time_and_nothing_else(installation: Installation, damage: str) -> None:
    feed = list(actions(200, size=20))
    load(installation, *feed)
    (path,) = memory(installation).iterdir()
    data = path.read_bytes()
    half = len(data) // 2
    path.write_bytes(
        {"cut": data[:half], "overwritten": data[:half] + bytes(half), "no database": b"?" * 5_000, "empty": b""}[
            damage
        ]
    )
    report = load(installation, *feed, Action("A1"))
    assert (report["new"], report["changed"], report["same"], report["removed"]) == (1, 0, 200, 0)
    assert load(installation, *feed, Action("A1"))["known"] == 201


def test_the_memory_of_a_source_goes_with_it(installation: Installation) -> None:
    load(installation, Action("A1"))
    assert len(list(memory(installation).iterdir())) == 1
    assert installation.run("forget", "one").status == 0
    assert list(memory(installation).iterdir()) == []


def test_the_resumes_of_one_action_are_known_together(installation: Installation) -> None:
    resume = (
        '<resume-offre numero="{number}"><intitule-formation>Soudure</intitule-formation><nom-organisme>GRETA'
        "</nom-organisme><session><periode><debut>{start}</debut><fin>20270601</fin></periode></session></resume-offre>"
    )
    path = installation.folder / "index.xml"

    def load_resumes(**starts: str) -> tuple[int, ...]:
        resumes = "".join(resume.format(number=number, start=start) for number, start in starts.items())
        root = "<lheo-index xmlns='http://www.lheo.org/2.2'><resumes-offres>{}</resumes-offres></lheo-index>"
        path.write_text(root.format(resumes), encoding="utf-8")
        run = installation.load_file(path)
        assert run.status == 0, run.err
        return counts(run.json)

    march, may = "20270301", "20270501"
    assert load_resumes(A1_SE_1=march, A2_SE_1=march, A1_SE_2=march) == (2, 0, 0, 0, 0)
    assert load_resumes(A1_SE_1=march, A2_SE_1=march, A1_SE_2=march) == (0, 0, 2, 2, 0)
    assert load_resumes(A1_SE_1=march, A2_SE_1=march, A1_SE_2=may) == (0, 1, 1, 1, 0)
    assert load_resumes(A2_SE_1=march, A1_SE_2=may) == (0, 1, 1, 1, 0)
    assert [session["start"] for session in installation.offers()["A1"]["sessions"]] == ["2027-05-01"]


def random_feed(draw: random.Random) -> list[Action | str]:
    """Return a feed whose records come and go, change, move, repeat numbers and sessions, and break."""
    feed: list[Action | str] = []
    for _ in range(draw.randint(15, 25)):
        number = f"A{draw.randint(0, 22)}"
        sessions = tuple(dict.fromkeys(f"S{draw.randint(0, 60)}" for _ in range(draw.choice((0, 1, 1, 2)))))
        action = Action(number, draw.choice(("Soudure", "Soudure", "Cuisine", "")), sessions)
        text = action.to_xml()
        kind = draw.random()
        if kind < 0.1:
            feed.append(text.replace("20270301", "20270231"))
        elif kind < 0.15:
            feed.append(text.replace("</action>", "</action"))
        elif kind < 0.3:
            feed.append(text.replace(f'numero="F_{number}"', ""))
        elif kind < 0.4:
            feed.append(text.replace("</action>", f'</action><action numero="A{draw.randint(0, 30)}"></action>'))
        else:
            feed.append(text)
    return feed


@pytest.mark.parametrize("seed", range(4))
def test_with_and_without_memory_the_same_is_live_and_the_same_is_told(installation: Installation, seed: int) -> None:
    draw = random.Random(seed)
    plain = Installation(installation.engine_url, f"{installation.prefix}plain-", installation.folder / "plain")
    plain.folder.mkdir()
    feed = random_feed(draw)
    known = 0
    for _ in range(7):
        runs: list[Run] = []
        for each in (installation, plain):
            shutil.rmtree(memory(plain), ignore_errors=True)
            runs.append(each.load(*feed, options=FORCE))
        with_memory, without = (run.json for run in runs)
        assert told(with_memory) == told(without)
        assert without["known"] == 0
        for file in ("rejects_file", "repairs_file"):
            assert lines(with_memory[file]) == lines(without[file])
        assert without_times(installation.offers()) == without_times(plain.offers())
        names = [
            each.call("GET", f"{each.names.reference}/_doc/providers:one")["_source"] for each in (installation, plain)
        ]
        assert unpack_table(names[0]) == unpack_table(names[1])
        known += with_memory["known"]
        fresh = random_feed(draw)
        feed = [draw.choice(fresh) if draw.random() < 0.15 else record for record in feed]
        if draw.random() < 0.5:
            draw.shuffle(feed)
    assert known > 20
