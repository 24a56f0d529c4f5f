"""`python -m indexer providers`: editions, gates, faults, and the census that follows the offers."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineError
from indexer.census import refresh
from indexer.installation.locks import CENSUS, hold_lock
from tests.engine.installation import Installation, Run
from tests.engine.load.test_load import indices_of
from tests.register_files import ONE, SITES, THREE, TWO, UNCERTIFIED, UNITS, listed, official, siret_of, to_csv, write

FOUR = "040000044"


def record(number: str, siren: str, *, trainer: str = "", name: str = "GRETA", nda: str = "") -> str:
    """Return a formation of a responsible body, delivered by itself or by another one."""
    delivering = siret_of(trainer or siren)
    declared = f"<numero-activite>{nda}</numero-activite>" if nda else ""
    return (
        f'<formation numero="F_{number}"><intitule-formation>Soudure {number}</intitule-formation>'
        f'<action numero="{number}"><organisme-formateur><SIRET-formateur><SIRET>{delivering}</SIRET></SIRET-formateur>'
        f"<raison-sociale-formateur>{name}</raison-sociale-formateur></organisme-formateur></action>"
        f"<organisme-formation-responsable>{declared}<SIRET-organisme-formation><SIRET>{siret_of(siren)}</SIRET>"
        f"</SIRET-organisme-formation><nom-organisme>{name}</nom-organisme></organisme-formation-responsable>"
        "</formation>\n"
    )


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


def edition(installation: Installation, day: str, *rows: dict[str, str], options: tuple[str, ...] = ()) -> Run:
    path = write(installation.folder / f"list-{day}.csv", official(*rows))
    return installation.run("providers", "--list", str(path), "--edition", day, "--json", *options)


def census(installation: Installation) -> dict[str, dict[str, Any]]:
    found = installation.call("POST", f"{installation.names.providers}/_search", {"size": 1_000})
    return {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}


def gaps(installation: Installation) -> dict[str, set[str]]:
    return {siren: set(body["gap_codes"]) for siren, body in census(installation).items() if "gap_codes" in body}


def test_offers_alone_make_a_census_whose_facts_are_unknown(installation: Installation) -> None:
    installation.load(record("A1", ONE), record("A2", TWO, trainer=THREE, name="CFA"))
    bodies = census(installation)
    assert {siren: (body["responsible"], body["trainer"]) for siren, body in bodies.items()} == {
        ONE: (True, True),
        TWO: (True, False),
        THREE: (False, True),
    }
    assert {tuple(body["state_rows"]) for body in bodies.values()} == {("unknown",)}
    assert gaps(installation) == {THREE: {"delivers-only"}}


def test_edition_makes_facts_and_gaps_and_the_same_again_writes_nothing(installation: Installation) -> None:
    installation.load(record("A1", ONE, nda=f"76{ONE}"), record("A2", TWO, trainer=THREE, name="CFA"))
    rows = (listed(ONE, trainees="12"), listed(THREE), listed(FOUR))
    told = edition(installation, "2026-11-01", *rows)
    assert (told.status, told.json["outcome"], told.json["written"], told.json["new"]) == (0, "done", 4, 3)
    assert gaps(installation) == {TWO: {"not-listed"}, THREE: {"delivers-only"}, FOUR: {"no-offer"}}
    assert census(installation)[ONE]["trainees"] == 12
    before = census(installation)
    again = edition(installation, "2026-11-02", *rows)
    assert (again.status, again.json["outcome"], again.json["edition"], again.json["written"]) == (
        *(0, "same"),
        *("2026-11-01", 0),
    )
    assert census(installation) == before
    status = installation.run("status", "--json").json["census"]
    assert (status["edition"]["date"], status["bodies"], status["listed"], status["is_current"]) == (
        *("2026-11-01", 4),
        *(3, True),
    )
    assert status["gaps"]["no-offer"] == 1
    assert "census: 4 bodies, register of 2026-11-01, 3 rows" in installation.run("status").out


def test_later_edition_tells_who_left_and_who_lost_a_certification(installation: Installation) -> None:
    installation.load(record("A1", ONE), record("A2", TWO, name="CFA"))
    assert edition(installation, "2026-11-01", listed(ONE), listed(TWO), listed(THREE), listed(FOUR)).status == 0
    told = edition(installation, "2026-12-01", listed(ONE, **UNCERTIFIED), listed(THREE), listed(FOUR))
    assert (told.json["left"], told.json["lost"], told.json["edition_before"]) == (1, 1, "2026-11-01")
    bodies = census(installation)
    assert (bodies[ONE]["qualiopi_lost_at"], bodies[TWO]["left_list_at"]) == ("2026-12-01", "2026-12-01")
    assert gaps(installation)[ONE] == {"not-certified", "certification-lost"}
    assert gaps(installation)[TWO] == {"not-listed", "left-list"}
    third = edition(installation, "2027-01-01", *map(listed, (ONE, TWO, THREE, FOUR)))
    assert third.status == 0
    assert ONE not in gaps(installation)
    assert TWO not in gaps(installation)
    editions = installation.call("POST", f"{installation.names.editions}/_search")["hits"]["hits"]
    assert {hit["_source"]["edition"] for hit in editions} == {"2026-11-01", "2026-12-01", "2027-01-01"}


def test_sirene_tells_what_ceased_and_stays_if_it_is_not_named_again(installation: Installation) -> None:
    installation.load(record("A1", ONE), record("A2", TWO, name="CFA"))
    folder = installation.folder
    unit = {"siren": ONE, "etatAdministratifUniteLegale": "C", "denominationUniteLegale": "GRETA"}
    units = write(folder / "units.csv", to_csv(UNITS, [unit], ","))
    site = {"siret": siret_of(TWO), "etatAdministratifEtablissement": "F"}
    sites = write(folder / "sites.csv", to_csv(SITES, [site], ","))
    named = ("--sirene-units", str(units), "--sirene-sites", str(sites))
    told = edition(installation, "2026-11-01", listed(ONE), listed(TWO), options=named)
    assert (told.json["units"], told.json["sites"]) == (1, 1)
    assert gaps(installation) == {ONE: {"ceased"}, TWO: {"site-closed"}}
    assert edition(installation, "2026-11-01", listed(ONE), listed(TWO)).json["outcome"] == "same"
    edition(installation, "2026-12-01", listed(ONE, trainees="1"), listed(TWO))
    assert gaps(installation) == {ONE: {"ceased"}, TWO: {"site-closed"}}
    assert census(installation)[ONE]["state_at"] == "2026-11-01"


def test_census_follows_loads_and_removed_sources(installation: Installation) -> None:
    installation.load(record("A1", ONE))
    edition(installation, "2026-11-01", listed(ONE), listed(TWO))
    assert gaps(installation) == {TWO: {"no-offer"}}
    installation.load(record("B1", TWO, name="CFA"), record("B2", THREE, name="CFA"), source="two")
    assert gaps(installation) == {TWO: {"shared-name"}, THREE: {"not-listed", "shared-name"}}
    assert installation.run("forget", "two").status == 0
    assert gaps(installation) == {TWO: {"no-offer"}}
    assert set(census(installation)) == {ONE, TWO}


def test_rebuild_and_rollback_leave_a_current_census(installation: Installation) -> None:
    installation.load(record("A1", ONE))
    assert installation.run("rebuild").status == 0
    installation.load(record("A1", TWO), options=("--max-fewer", "1"))
    assert set(census(installation)) == {TWO}
    assert installation.run("rollback").status == 0
    assert set(census(installation)) == {ONE}
    assert installation.run("status", "--json").json["census"]["is_current"] is True


def test_census_is_made_anew_for_other_tables_with_its_facts(installation: Installation) -> None:
    installation.load(record("A1", ONE))
    edition(installation, "2026-11-01", listed(ONE, postal_code="81000", town="ALBI", vae="true"))
    before = census(installation)[ONE]
    assert "location" not in before
    communes = [{"code": "81004", "nom": "Albi", "codes_postaux": "81000", "population": "48970", "departement": "81"}]
    table = [{**communes[0], "region": "76", "lat": "43.9258", "lon": "2.147"}]
    path = write(installation.folder / "communes.csv", to_csv([*table[0]], table))
    assert installation.run("reference", "--communes", str(path)).status == 0
    installation.load(record("A1", ONE))
    after = census(installation)[ONE]
    assert (after["location"], after["qualiopi"]) == ([{"lat": 43.9258, "lon": 2.147}], before["qualiopi"])


@pytest.mark.parametrize(
    ("rows", "status", "told"),
    [
        ([listed(ONE)], 1, "too-many-fewer"),
        ([], 1, "too-few"),
        ([listed(ONE), listed(TWO, nda=f"76{ONE}")], 2, f"line 3, field numeroDeclarationActivite: 76{ONE} is"),
    ],
)
def test_bad_edition_leaves_the_one_before(
    rows: list[dict[str, str]], status: int, told: str, installation: Installation
) -> None:
    edition(installation, "2026-11-01", *map(listed, (ONE, TWO, THREE)))
    before = census(installation)
    refused = edition(installation, "2026-12-01", *rows)
    assert refused.status == status
    assert told in (refused.trouble[0] if status == 2 else refused.json["refused_by"][0])
    assert len(refused.trouble) == (status == 2)
    assert census(installation) == before
    assert installation.run("status", "--json").json["census"]["edition"]["date"] == "2026-11-01"
    forced = edition(installation, "2026-12-01", listed(ONE), options=("--force", "too-many-fewer"))
    assert (forced.status, forced.json["left"]) == (0, 2)


def test_older_edition_is_refused_unless_forced(installation: Installation) -> None:
    edition(installation, "2026-11-02", listed(ONE))
    refused = edition(installation, "2026-11-01", listed(ONE), listed(TWO))
    assert (refused.status, refused.json["refused_by"][0].split(":")[0]) == (1, "older-edition")
    assert edition(installation, "2026-11-01", listed(TWO), options=("--force", "older-edition")).status == 0


def test_day_of_loading_is_no_date_of_an_edition_until_it_is_given(installation: Installation) -> None:
    installation.load(record("A1", THREE))
    edition(installation, "2026-11-01", listed(ONE), listed(TWO))
    path = write(installation.folder / "list.csv", official(listed(ONE), listed(FOUR)))
    command = ("providers", "--list", str(path), "--json")
    told = installation.run(*command)
    today = told.json["edition"]
    assert (told.status, "--edition" in told.json["problems"][0]) == (0, True)
    bodies = census(installation)
    assert (bodies[ONE]["untold_dates"], bodies[TWO]["left_list_at"]) == ([today], today)
    assert "its date is not known (--edition)" in installation.run("status").out
    assert "--edition" in installation.run(*command).json["problems"][0]
    dated = installation.run(*command, "--edition", "2026-11-20")
    assert (dated.status, dated.json["outcome"], dated.json["problems"]) == (0, "done", [])
    bodies = census(installation)
    assert (bodies[ONE]["listed_at"], bodies[TWO]["left_list_at"]) == ("2026-11-20", "2026-11-20")
    assert [siren for siren, body in bodies.items() if "untold_dates" in body] == []
    assert bodies[THREE]["gaps"][0]["date"] == "2026-11-20"
    assert "register of 2026-11-20" in installation.run("status").out


def test_missing_file_and_bad_options_are_told(installation: Installation) -> None:
    told = installation.run("providers", "--list", str(installation.folder / "none.csv"))
    assert (told.status, "none.csv" in told.trouble[0]) == (2, True)
    with pytest.raises(SystemExit):
        installation.run("providers", "--list", "x", "--edition", "1/2/2026")
    with pytest.raises(SystemExit):
        installation.run("providers", "--list", "x", "--force", "nothing")


@pytest.mark.parametrize("stage", ["new census written", "census live"])
def test_edition_that_was_killed_is_complete_after_the_next_try(stage: str, installation: Installation) -> None:
    installation.load(record("A1", ONE))
    edition(installation, "2026-11-01", listed(ONE))
    path = write(installation.folder / "new.csv", official(listed(ONE), listed(TWO)))
    arguments = ["providers", "--list", str(path), "--edition", "2026-12-01", "--json"]
    command = [sys.executable, "-m", "bench.kills.stages", stage, *arguments]
    killed = subprocess.run(command, env=os.environ | installation.environment, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert set(census(installation)) == ({ONE} if stage == "new census written" else {ONE, TWO})
    again = installation.run(*arguments)
    assert (again.status, json.loads(again.out)["outcome"]) == (0, "done" if stage == "new census written" else "same")
    assert set(census(installation)) == {ONE, TWO}
    editions = installation.call("POST", f"{installation.names.editions}/_count")["count"]
    indices = installation.call("GET", f"_cat/indices/{installation.names.providers}-*?format=json")
    assert (editions, len(indices)) == (2, 1)


def test_load_killed_while_it_writes_the_census_is_healed_by_any_other(installation: Installation) -> None:
    installation.load(record("A1", ONE))
    feed = installation.folder / "two.xml"
    installation.load(record("B1", TWO), source="two")
    text = feed.read_text("utf-8").replace(siret_of(TWO), siret_of(THREE))
    feed.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "bench.kills.stages", "census written", "load", "--source", "two", str(feed)]
    killed = subprocess.run(command, env=os.environ | installation.environment, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    older = installation.run("status", "--json").json["older_than_offers"]
    assert [row["name"] for row in older] == ["census of providers"]
    installation.load(record("A1", ONE))
    assert set(census(installation)) == {ONE, THREE}
    assert installation.run("status", "--json").json["older_than_offers"] == []


def test_census_that_cannot_be_written_fails_no_load(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.load(record("A1", ONE))

    def refuse(*_: object) -> None:
        raise EngineError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(refresh, "write_bodies", refuse)
        told = installation.load(record("A1", ONE), record("A2", TWO))
    assert (told.status, told.json["outcome"], told.json["live"]) == (0, "done", 2)
    assert "the census of providers was not brought up to date (the disk is full)" in told.json["problems"][0]
    assert set(census(installation)) == {ONE}
    installation.load(record("A1", ONE), record("A2", TWO))
    assert set(census(installation)) == {ONE, TWO}


def test_census_waits_for_another_writer_and_then_gives_up(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.load(record("A1", ONE))
    monkeypatch.setattr(refresh, "PATIENCE", 0.3)
    with hold_lock(indices_of(installation), CENSUS):
        told = installation.load(record("A1", ONE), record("A2", TWO))
    assert (told.status, "census" in told.json["problems"][0]) == (0, True)
    assert installation.run("status", "--json").json["census"]["is_current"] is False
