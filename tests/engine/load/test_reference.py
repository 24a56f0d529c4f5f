"""Code tables and places in a real engine, and what a load makes of them."""

from pathlib import Path

import pytest

from engine.blocking import Engine
from indexer.installation.indices import Indices
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


CODED = (
    Action("A1")
    .to_xml()
    .replace(
        "<contenu-formation>",
        "<domaine-formation><code-FORMACODE>42752</code-FORMACODE></domaine-formation><contenu-formation>",
    )
)
# Tables that no offer is made of
OTHERS = {
    "nsf": "code;libelle\n100;Formations générales\n",
    "audiences": "code;libelle\n83056;Tout public\n",
    "rome": "rome;appellation\nH2913;Soudeur\n",
}


def test_load_after_an_unrelated_table_reads_no_record_and_writes_nothing(installation: Installation) -> None:
    feed = (CODED, Action("A2"))
    installation.load(*feed)
    writes = installation.writes()
    for name, text in OTHERS.items():
        assert installation.run("reference", f"--{name}", write(installation, f"{name}.csv", text)).status == 0
        report = installation.load(*feed).json
        assert (report["new"], report["changed"], report["same"], report["known"]) == (0, 0, 2, 2), name
    assert installation.writes() == writes


def test_load_after_a_table_that_offers_are_made_of_writes_those_that_it_changes(installation: Installation) -> None:
    feed = (CODED, Action("A2"))
    installation.load(*feed)
    labels = "code;libelle\n42752;Hôtellerie restauration\n"
    for text, changed in ((labels, 1), (f"{labels}22254;Soudage\n", 0), (labels.replace("Hô", "Ho"), 1)):
        assert installation.run("reference", "--formacode", write(installation, "codes.csv", text)).status == 0
        report = installation.load(*feed).json
        assert (report["changed"], report["same"], report["known"]) == (changed, 2 - changed, 0), text
    assert installation.offers()["A1"]["subjects"] == ["Hotellerie restauration"]
    assert installation.load(*feed).json["known"] == 2


def test_names_of_providers_are_written_by_each_load_and_do_not_count_as_a_change(installation: Installation) -> None:
    installation.load(Action("A1"))
    assert reference(installation).providers == {"123456789": "GRETA"}
    assert installation.load(Action("A1")).json["known"] == 1
