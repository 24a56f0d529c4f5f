"""The committed feeds are what they claim: four formats, sound where no trap forbids it, each fault in its place."""

import csv
import datetime as dt
import gzip
import itertools
import json
import pathlib
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lxml import etree

from fixtures.forms import lheo_2_3
from fixtures.forms.xml_text import Writer
from fixtures.funding.cases import CASES
from fixtures.generate import homes, plan
from fixtures.model import Action, Formation
from fixtures.traps import hostile
from fixtures.traps.all import TRAPS

DATA = pathlib.Path(__file__).parents[2] / "fixtures" / "data"
LIMITS = {"intitule-formation": 255, "nom": 50, "ville": 50, "ligne": 50, "prix-total-TTC": 10, "nom-organisme": 250}
ORDER = {  # children in the order of the standard, as far as our feeds use them; "?" may be missing
    "formation": (
        "domaine-formation intitule-formation objectif-formation resultats-attendus contenu-formation certifiante "
        "contact-formation parcours-de-formation code-niveau-entree objectif-general-formation? certification? "
        "code-niveau-sortie? action organisme-formation-responsable extras?"
    ),
    "action": (
        "rythme-formation code-public-vise niveau-entree-obligatoire modalites-alternance modalites-enseignement "
        "conditions-specifiques prise-en-charge-frais-possible lieu-de-formation? modalites-entrees-sorties "
        "url-action? session adresse-information? date-information? acces-handicapes? langue-formation? "
        "modalites-recrutement? frais-restants? prix-horaire-TTC? prix-total-TTC? nombre-heures-entreprise? "
        "nombre-heures-total? "
        "detail-conditions-prise-en-charge? conventionnement? organisme-formateur? organisme-financeur? extras?"
    ),
    "session": (
        "periode adresse-inscription periode-inscription? etat-recrutement? recrutement? url-session? "
        "blocs-competences? cycle? extras?"
    ),
    "blocs-competences": "validation-blocs reference-certification bloc-competences",
    "cycle": "type-cycle annee-cycle? alternance?",
    "recrutement": (
        "modalite-recrutement a-distance? adresse? nb-places? periode? heure-debut? heure-fin? commentaire?"
    ),
    "coordonnees": "nom? adresse? telfixe? portable? courriel? web?",
    "adresse": "ligne codepostal ville departement? code-INSEE-commune? region? pays? geolocalisation?",
}


def read(name: str) -> bytes:
    path = DATA / name
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            (member,) = archive.namelist()
            return archive.read(member)
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def local(element: Any) -> str:
    return str(etree.QName(element).localname)


def faults_of_order(root: Any) -> Iterator[str]:
    """What breaks the order, the mandatory elements or the lengths of LHEO 2.3, as far as our feeds use it."""
    for element in root.iter():
        name = local(element)
        if name in ORDER:
            expected = ORDER[name].replace("?", "").split()
            found = [local(child) for child in element]
            if not set(found) <= set(expected):
                yield f"{name}: {set(found) - set(expected)}"
            elif found != sorted(found, key=expected.index):
                yield f"{name}: {found}"
            if missing := set(ORDER[name].split()) - {f"{child}?" for child in expected} - set(found):
                yield f"{name}: without {missing}"
        if len(element.text or "") > LIMITS.get(name, 3000):
            yield f"{name}: {len(element.text)} characters"
        if name == "SIRET" and not re.fullmatch(r"\d{14}", element.text or ""):
            yield f"SIRET: {element.text}"
        if name in ("debut", "fin", "date") and not re.fullmatch(r"\d{8}", element.text or ""):
            yield f"{name}: {element.text}"
        if name == "code-financeur" and element.text not in map(str, range(21)):
            yield f"{name}: {element.text}"


def traps_of(formation: Formation) -> set[str]:
    return {name for action in formation.actions for name in action.traps}


@pytest.fixture(scope="module")
def records() -> list[tuple[Formation, str]]:
    """Each formation of the source in LHEO 2.3 with its record as a document of its own."""
    world, sources, _ = plan(dt.date(2026, 11, 23), 1)
    home = homes(world)
    opening = f'<lheo xmlns="{lheo_2_3.NAMESPACE}"><offres>'
    return [
        (row, f"{opening}{lheo_2_3.formation(Writer(), row, home[row.site.siret], '20261123')}</offres></lheo>")
        for row in sources[0].formations()
    ]


def test_lheo_2_3_records_are_valid_except_for_their_traps(records: list[tuple[Formation, str]]) -> None:
    invalid = {trap.name for trap in TRAPS if not trap.valid}
    seen = set()
    for formation, text in records:
        traps = traps_of(formation) & invalid
        try:
            faults = list(faults_of_order(etree.fromstring(text.encode())[0]))
        except etree.XMLSyntaxError as error:
            faults = [str(error)]
        assert bool(faults) == bool(traps), (traps_of(formation), faults)
        seen |= traps
    assert seen == {trap.name for trap in TRAPS if not trap.valid and trap.counts[0]}


def test_each_file_has_root_of_its_form_and_all_records() -> None:
    _, sources, _ = plan(dt.date(2026, 11, 23), 1)
    roots = {
        "occitanie-1.xml.gz": (b'<lheo xmlns="http://lheo.gouv.fr/2.3">', b"<formation "),
        "occitanie-2.xml.gz": (b'<lheo:lheo xmlns:lheo="http://lheo.gouv.fr/2.3">', b"<lheo:formation "),
        "idf.xml.gz": (b'<lheo xmlns="http://www.lheo.org/2.2">', b"<formation "),
        "aura.zip": (b'<lheo xmlns="http://www.lheo.org/1.3.0">', b"<offre-formation>"),
    }
    for source in sources:
        for name, formations in source.files.items():
            if name in roots:
                root, opening = roots[name]
                quoted = sum(formation.cdata for formation in formations)  # each has one more in its CDATA section
                assert read(name).split(b"\n")[1].startswith(root)
                assert read(name).count(opening) == len(formations) + quoted * (opening == b"<formation ")
    assert read("index.xml").split(b"\n")[1] == b'<lheo-index xmlns="http://www.lheo.org/2.2">'


def test_prefixed_file_and_index_form_are_well_formed() -> None:
    assert len(etree.fromstring(read("occitanie-2.xml.gz"))[0]) == 270 + len(CASES)
    assert len(etree.fromstring(read("index.xml"))[0]) > 90


@pytest.mark.parametrize("name", ["occitanie-1.xml.gz", "idf.xml.gz", "aura.zip"])
def test_other_files_stop_a_strict_parser(name: str) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(read(name), etree.XMLParser(huge_tree=True))


def test_resumes_of_one_action_are_not_adjacent() -> None:
    resumes = etree.fromstring(read("index.xml"))[0].iter("{*}resume-offre")
    numbers = [str(row.get("numero")).split("_SE_")[0] for row in resumes]
    beside = sum(first == second for first, second in itertools.pairwise(numbers))
    assert len(numbers) - len(set(numbers)) > 25
    assert beside < 5


WAYS = {
    "occitanie-1.xml.gz": '&#x1; \x0b <![CDATA[ &lt;p&gt; <bloc-maison> </contenu-formaton> 20270231 ref="V13"',
    "idf.xml.gz": (
        '<coordonneFs> session-perimee <code-INSEE-commune>93100< <latitude>48< tag="principal" eligibilite-cpf '
        '<date>00000000</date> programme-financeur flux-intercarif ref="V12"'
    ),
    "aura.zip": "<codes-FORMACODE> <FOAD>1</FOAD> <region>82</region> <code-ROME>42212</code-ROME> <urlweb></urlweb>",
    "index.xml": 'info="geolocalisation" "code-niveau-sortie" "conventionnement" _SE_ FLUX-CARIF',
}


@pytest.mark.parametrize("name", WAYS)
def test_each_form_has_peculiarities_of_real_systems(name: str) -> None:
    text = read(name).decode()
    assert [mark for mark in WAYS[name].split(" ") if mark not in text] == []


def test_lheo_1_3_has_no_numbers_and_one_action_per_record() -> None:
    text = read("aura.zip").decode()
    assert "numero=" not in text
    assert text.count("<offre-formation>") == text.count("<action-formation>") == 250


def test_codes_have_labels_except_deliberate_ones() -> None:
    folder = DATA / json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["reference"]["formacode"]
    with folder.open(encoding="utf-8", newline="") as file:
        formacode = {row["code"]: row["libelle"] for row in csv.DictReader(file, delimiter=";")}
    rome = json.loads((folder.parent / "rome-sheets.json").read_text(encoding="utf-8"))
    with (folder.parent / "rome-appellations.csv").open(encoding="utf-8", newline="") as file:
        appellations = {row["rome"] for row in csv.DictReader(file, delimiter=";")}
    truth = [json.loads(line) for line in read("truth.jsonl.gz").decode().splitlines()]
    domains = {code for row in truth for code in row["formacode"]}
    jobs = {code for row in truth for code in row["rome"]}
    assert domains - formacode.keys() == {"23016", "24254"}
    assert {code[:3] for code in domains} - formacode.keys() == {"218", "455"}
    assert jobs - rome.keys() == {"N1105"}
    assert jobs - appellations == {"N1105"}
    assert 60 < len([code for code in formacode if len(code) == 5]) < 150
    assert all(sheet["label"] and sheet["definition"] and sheet["skills"] for sheet in rome.values())


def test_communes_of_truth_have_a_centre_in_reference() -> None:
    with (DATA.parent / "reference" / "communes.csv").open(encoding="utf-8", newline="") as file:
        communes = {row["code"]: row for row in csv.DictReader(file)}
    truth = [json.loads(line) for line in read("truth.jsonl.gz").decode().splitlines()]
    assert {place["insee"] for row in truth for place in row["places"] if place["insee"]} <= communes.keys()
    assert sum(row["nom"] == "Saint-Denis" for row in communes.values()) >= 4
    missing = [row for row in truth if "coordinates-missing" in row["traps"]]
    assert missing
    for row in missing:
        centre = communes[row["places"][0]["insee"]]
        assert (row["places"][0]["lat"], row["places"][0]["lon"]) == (float(centre["lat"]), float(centre["lon"]))


def actions_with(records: list[tuple[Formation, str]], trap: str) -> list[tuple[Action, str]]:
    return [(row.actions[0], text) for row, text in records if trap in row.actions[0].traps]


def test_repaired_place_is_written_wrong_and_expected_right(records: list[tuple[Formation, str]]) -> None:
    for action, _ in actions_with(records, "coordinates-swapped"):
        place = action.places[0]
        assert (float(place.latitude or 0), float(place.longitude or 0)) == (place.meant_lon, place.meant_lat)
    for action, text in actions_with(records, "former-commune"):
        assert f"<code-INSEE-commune>{action.places[0].insee}<" in text
        assert action.places[0].insee != action.places[0].meant_insee
    for action, text in actions_with(records, "region-old"):
        assert f"<region>{action.places[0].region}</region>" in text
        assert action.places[0].region != action.places[0].meant_region
    assert all(actions_with(records, trap) for trap in ("coordinates-swapped", "former-commune", "region-old"))


PARSER = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
Write = Callable[[pathlib.Path], tuple[str, ...]]


@pytest.mark.parametrize(
    "write",
    [
        hostile.write_sound,
        hostile.write_utf16,
        hostile.write_impossible_day,
        hostile.write_long_identifier,
        hostile.write_huge_record,
    ],
)
def test_valid_records_of_hostile_files_are_those_returned(write: Write, tmp_path: pathlib.Path) -> None:
    sound = write(tmp_path / "feed")
    assert sound
    found = [row.get("numero") for row in etree.fromstring((tmp_path / "feed").read_bytes(), PARSER).iter("{*}action")]
    assert [number for number in found if number != "H_huge"] == list(sound)


@pytest.mark.parametrize(
    "write",
    [
        hostile.write_not_xml,
        hostile.write_binary,
        hostile.write_empty,
        hostile.write_lying_encoding,
        hostile.write_cut_file,
        hostile.write_zip_in_zip,
        hostile.write_corrupt_gzip,
        hostile.write_truncated_gzip,
    ],
)
def test_other_hostile_files_are_no_xml(write: Write, tmp_path: pathlib.Path) -> None:
    write(tmp_path / "feed")
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring((tmp_path / "feed").read_bytes(), PARSER)


def test_bombs_are_small_when_compressed(tmp_path: pathlib.Path) -> None:
    assert hostile.write_gzip_bomb(tmp_path / "gz", megabytes=20) == ()
    assert hostile.write_zip_bomb(tmp_path / "zip", megabytes=20) == ()
    assert max((tmp_path / name).stat().st_size for name in ("gz", "zip")) < 200_000
    assert len(gzip.decompress((tmp_path / "gz").read_bytes())) > 20_000_000
    with zipfile.ZipFile(tmp_path / "zip") as archive:
        assert archive.getinfo("feed.xml").file_size > 20_000_000


def test_damaged_archives_cannot_be_read_completely(tmp_path: pathlib.Path) -> None:
    hostile.write_truncated_gzip(tmp_path / "cut")
    with pytest.raises(EOFError):
        gzip.decompress((tmp_path / "cut").read_bytes())
    hostile.write_corrupt_gzip(tmp_path / "corrupt")
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress((tmp_path / "corrupt").read_bytes())


def test_file_declared_as_utf_8_is_latin_1(tmp_path: pathlib.Path) -> None:
    hostile.write_lying_encoding(tmp_path / "feed")
    data = (tmp_path / "feed").read_bytes()
    assert b'encoding="UTF-8"' in data
    assert "Métiers de l'été à Nîmes" in data.decode("latin-1")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
