"""Code tables and places in a real engine, and what a load makes of them."""

from pathlib import Path

import pytest

from engine.blocking import Engine
from indexer.lifecycle.indices import Indices
from indexer.settings import IndexerSettings
from mappings.reference import Reference
from tests.engine.installation import Action, Installation


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation(engine_url, index_prefix, tmp_path)


def write(installation: Installation, name: str, text: str) -> str:
    path = installation.folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def reference(installation: Installation) -> Reference:
    settings = IndexerSettings(opensearch_url=installation.engine_url, index_prefix=installation.prefix)
    engine = Engine.connect(settings.connection)
    try:
        return Indices(engine, settings).fetch_reference()
    finally:
        engine.close()


def test_each_table_is_stored_by_itself_and_replaces_its_former_rows(installation: Installation) -> None:
    nsf = write(installation, "nsf.csv", "code;libelle\n100;Formations générales\n")
    rome = write(installation, "rome.json", '{"A1101": {"label": "Conduite"}}')
    first = installation.run("reference", "--nsf", nsf, "--rome", rome)
    assert (first.status, first.out.split("\n")) == (0, ["rome: 1", "nsf: 1", ""])
    before = reference(installation)
    later = write(installation, "later.csv", "code;libelle\n200;Technologies industrielles\n")
    assert installation.run("reference", "--nsf", later).status == 0
    after = reference(installation)
    assert after.nsf == {"200": "Technologies industrielles"}
    assert after.rome == before.rome == {"A1101": "Conduite"}
    assert after.version != before.version


def test_a_bad_file_writes_nothing_not_even_of_the_good_ones(installation: Installation) -> None:
    good = write(installation, "nsf.csv", "code;libelle\n100;Formations générales\n")
    bad = write(installation, "cedex.csv", "cedex;libelle;insee\n65201;X;6\n")
    run = installation.run("reference", "--nsf", good, "--cedex", bad)
    assert (run.status, len(run.trouble)) == (2, 1)
    assert f"{bad}, line 2, column insee" in run.trouble[0]
    assert reference(installation) == Reference()


def test_no_file_at_all_is_told(installation: Installation) -> None:
    run = installation.run("reference")
    assert (run.status, len(run.trouble)) == (2, 1)


def test_a_load_after_a_table_changed_writes_its_offers_again(installation: Installation) -> None:
    installation.load(Action("A1"))
    assert installation.load(Action("A1")).json["same"] == 1
    nsf = write(installation, "nsf.csv", "code;libelle\n100;Formations générales\n")
    installation.run("reference", "--nsf", nsf)
    assert installation.load(Action("A1")).json["changed"] == 1


def test_names_of_providers_are_written_by_each_load_and_do_not_count_as_a_change(installation: Installation) -> None:
    installation.load(Action("A1"))
    assert reference(installation).providers == {"123456789": "GRETA"}
    assert reference(installation).version == "empty"
