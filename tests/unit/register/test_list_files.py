"""Both shapes of the list become the same facts; what a whole file lacks is one line with file, line and field."""

import gzip
import json
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from indexer.census.facts import ListFacts
from indexer.progress import show_progress
from indexer.register.read import read_list
from indexer.register.report import RegisterReport
from indexer.register.spool import Spool
from indexer.register.table import UnusableRegister
from indexer.work_files.workspace import open_workspace
from tests.register_files import OFFICIAL, OLDER, ONE, THREE, TWO, listed, official, siret_of, to_csv, twin, write

FULL = listed(
    ONE,
    name="ATELIERS DU PASTEL",
    former="73810012345, 73810012346",
    postal_code="81000",
    town="ALBI",
    region="76",
    vae="true",
    declared="15/05/2026",
    year_end="31/12/2025",
    trainees="120",
    trainers="6",
)


@dataclass
class Read:
    """What reading a file gave."""

    bodies: dict[str, ListFacts]
    report: RegisterReport
    rejects: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    hash: str


def read(path: Path) -> Read:
    report = RegisterReport("2026-11-23", "--edition", "2026-11-23T10:00:00Z", [str(path)])
    results = path.parent / "results"
    with (
        open_workspace(path.parent, "register", "register", results) as space,
        closing(Spool(space.database)) as spool,
        show_progress("", quiet=True) as progress,
    ):
        content = read_list(path, spool, space, report, progress)
        bodies = {siren: facts for siren in spool.every_siren() if (facts := spool.listed(siren))}
    told = ((results / f"{name}.ndjson").read_text("utf-8").splitlines() for name in ("rejects", "repairs"))
    rejects, faults = ([json.loads(line) for line in lines] for lines in told)
    return Read(bodies, report, rejects, faults, content)


@pytest.mark.parametrize("name", ["list.csv", "list.csv.gz", "list.json", "lines.ndjson", "answer.json", "twin.csv"])
def test_official_list_and_its_twin_give_the_same_facts(name: str, tmp_path: Path) -> None:
    rows = json.loads(twin(FULL))
    texts = {
        "list.csv": "\ufeff" + official(FULL),
        "list.csv.gz": official(FULL),
        "list.json": twin(FULL),
        "lines.ndjson": "\n".join(map(json.dumps, rows)),
        "answer.json": json.dumps({"total_count": 1, "results": rows}, indent=1),
        "twin.csv": to_csv([*rows[0]], [{key: "" if value is None else str(value) for key, value in rows[0].items()}]),
    }
    facts = read(write(tmp_path / name, texts[name])).bodies[ONE]
    assert (facts.legal_name, facts.ndas, facts.former_ndas) == (
        "ATELIERS DU PASTEL",
        [f"76{ONE}"],
        ["73810012345", "73810012346"],
    )
    assert facts.qualiopi == ["action", "vae"]
    assert (facts.declared_at, facts.year_end, facts.trainees, facts.trainers) == ("2026-05-15", "2025-12-31", 120, 6)
    (site,) = facts.sites
    assert (site.siret, site.postal_code, site.town, site.region) == (siret_of(ONE), "81000", "ALBI", "76")


def test_list_in_an_archive_of_one_file_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr("list.csv", official(FULL))
    assert list(read(tmp_path / "list.zip").bodies) == [ONE]


def test_older_list_is_certified_without_category_and_ceased_if_all_its_sites_are_closed(tmp_path: Path) -> None:
    sites = [
        {"siren": ONE, "siret": siret_of(ONE), "nda": "", "certifie_qualite": "true", "ferme": "true"},
        {"siren": ONE, "siret": siret_of(ONE, 2), "certifie_qualite": "false", "ferme": "false", "enseigne": "CFA"},
        {"siren": TWO, "siret": siret_of(TWO), "certifie_qualite": "false", "ferme": "true"},
        {"siren": THREE, "siret": siret_of(THREE), "entreprise_raison_sociale": "Non applicable"},
    ]
    told = read(write(tmp_path / "list.csv.gz", to_csv(OLDER, sites))).bodies
    assert [(told[siren].qualiopi, told[siren].state) for siren in (ONE, TWO, THREE)] == [
        (["any"], "active"),
        ([], "ceased"),
        (None, None),
    ]
    assert [(site.siret, site.closed) for site in told[ONE].sites] == [(siret_of(ONE), True), (siret_of(ONE, 2), False)]
    assert told[ONE].names == [("sign", "CFA")]
    assert told[THREE].legal_name is None


def test_columns_without_any_certification_told_are_unknown_not_none(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("action", "bilan", "vae", "apprenticeship"), "")
    text = official(listed(ONE, **nothing), listed(TWO, **{**nothing, "vae": "false"}))
    told = read(write(tmp_path / "list.csv", text)).bodies
    assert (told[ONE].qualiopi, told[TWO].qualiopi) == (None, [])


def test_nic_of_five_digits_is_completed_to_the_siret(tmp_path: Path) -> None:
    nics = [siret_of(ONE)[9:], str(int(siret_of(TWO)[9:]))]
    text = official(listed(ONE, siret=nics[0]), listed(TWO, siret=nics[1]))
    told = read(write(tmp_path / "list.csv", text)).bodies
    assert [told[siren].sites[0].siret for siren in (ONE, TWO)] == [siret_of(ONE), siret_of(TWO)]


def test_rows_of_one_body_are_merged_and_the_newest_declaration_counts(tmp_path: Path) -> None:
    rows = (
        listed(ONE, siret=siret_of(ONE), declared="01/05/2025", trainees="900", action="false", vae="true"),
        listed(ONE, siret=siret_of(ONE, 2), declared="01/05/2026", trainees="10", nda="11910000001"),
    )
    told = read(write(tmp_path / "list.csv", official(*rows)))
    facts = told.bodies[ONE]
    assert (told.report.rows, len(told.bodies)) == (2, 1)
    assert (facts.trainees, facts.declared_at) == (10, "2026-05-01")
    assert (facts.ndas, facts.qualiopi) == ([f"76{ONE}", "11910000001"], ["action", "vae"])
    assert [site.siret for site in facts.sites] == [siret_of(ONE), siret_of(ONE, 2)]


def test_wrong_check_digit_is_a_fault_and_the_body_stays(tmp_path: Path) -> None:
    wrong = f"{ONE[:8]}5"
    told = read(write(tmp_path / "list.csv", official(listed(wrong), listed(TWO))))
    assert set(told.bodies) == {wrong, TWO}
    assert (told.report.rejected, told.report.faults["siren-check"]) == ({}, 1)
    fault = told.faults[0]
    assert (fault["line"], fault["field"], fault["value"]) == (2, "siren", wrong)
    assert told.report.first_faults[0].startswith(f"{tmp_path}/list.csv, line 2, field siren: '{wrong}'")


def test_values_that_a_column_does_not_allow_are_faults_and_not_known(tmp_path: Path) -> None:
    row = listed(
        ONE, siret=siret_of(TWO), vae="peut-être", declared="31/02/2026", trainees="beaucoup", former="123", nda="7681"
    )
    told = read(write(tmp_path / "list.csv", official(row)))
    facts = told.bodies[ONE]
    assert (facts.sites, facts.qualiopi, facts.declared_at, facts.trainees) == ([], ["action"], None, None)
    assert (facts.ndas, facts.former_ndas) == ([], [])
    assert set(told.report.faults) == {"siret-of-another", "bad-boolean", "bad-date", "bad-number", "bad-nda"}


@pytest.mark.parametrize("siren", ["", "12", "abcdefghi", "000000000"])
def test_row_without_siren_is_rejected_with_its_place(siren: str, tmp_path: Path) -> None:
    told = read(write(tmp_path / "list.csv", official(listed(TWO), {**listed(ONE), "siren": siren})))
    assert set(told.bodies) == {TWO}
    (reject,) = told.rejects
    assert (reject["source"], reject["line"], reject["reason"]) == ("register", 3, "no-siren")
    assert (told.report.read, told.report.rows, told.report.rejected["no-siren"]) == (2, 1, 1)


def test_row_with_other_fields_is_rejected_and_quoted_line_ends_are_counted(tmp_path: Path) -> None:
    text = official(listed(TWO, street="1 rue A\n2e étage"), listed(THREE)) + "a;b;c\n"
    told = read(write(tmp_path / "list.csv", text))
    assert set(told.bodies) == {TWO, THREE}
    assert [(reject["line"], reject["reason"]) for reject in told.rejects] == [(5, "fields")]


def test_siren_without_its_first_zeros_is_completed(tmp_path: Path) -> None:
    told = read(write(tmp_path / "list.csv", official({**listed(ONE), "siren": ONE[1:]})))
    assert set(told.bodies) == {ONE}


LATIN = official(listed(ONE, name="Été")).encode("latin-1")
TWICE = official(listed(ONE), listed(TWO, nda=f"76{ONE}"))
CUT = gzip.compress(official(*(listed(ONE, name=f"{n}" * 50) for n in range(200))).encode())[:-60]
WITHOUT = to_csv([name for name in OFFICIAL if name != "certifications.VAE"], [listed(ONE)])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1, field siren: the column is missing"),
        (b"a;b\n1;2\n", "line 1, field siren: the column is missing"),
        (WITHOUT.encode(), "line 1, field certifications.VAE: the column is missing"),
        (official(FULL).replace(";", ",").encode(), "line 1, field siren: the column is missing (separator ;"),
        (official(FULL).replace(";", "\t").encode(), "line 1, field siren: the column is missing (separator ;"),
        (LATIN, "line 2, field 3: the file is not UTF-8"),
        (official(FULL).encode("utf-16"), "line 1, field 1: the file is not UTF-8"),
        (
            TWICE.encode(),
            f"line 3, field numeroDeclarationActivite: 76{ONE} is the number of SIREN {TWO}, and in line 2",
        ),
        (official(FULL).encode() + b'"unfinished;', "line 3, field 1: the CSV cannot be read"),
        (CUT, "field -: unreadable from here on"),
        (b"PK\x03\x04 damaged", "line 1, field -: the archive cannot be read"),
        (b"[1, 2]", "line 1, field 1: a JSON object is expected"),
        (b"[{]", "line 1, field 3: the JSON cannot be read"),
        (official(FULL).encode() + b"\x00\n", "line 3, field 1: a text is expected"),
    ],
)
def test_unusable_list_is_told_in_one_line_with_its_place(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    with pytest.raises(UnusableRegister) as error:
        read(path)
    assert str(error.value).startswith(str(path))
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_hash_is_of_the_content_whatever_the_packing(tmp_path: Path) -> None:
    plain, packed = write(tmp_path / "a.csv", official(FULL)), write(tmp_path / "b.csv.gz", official(FULL))
    other = write(tmp_path / "c.csv", official({**FULL, "denomination": "X"}))
    assert read(plain).hash == read(packed).hash != read(other).hash
