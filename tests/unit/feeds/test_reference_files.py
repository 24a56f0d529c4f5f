"""Code tables and places from files in the layouts in which they are published."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from indexer.reference.files import READERS, read_tables
from indexer.reference.rows import ReferenceFileError

ROME_OFFICIAL = (
    '"code_ogr","libelle_appellation_long","libelle_appellation_court","code_rome","code_rome_parent"\n'
    '"1","Facteur long","Facteur / Factrice","M1618","M1603"\n"2","Trieur","Trieur","M1603","M1603"\n'
)
THESAURUS = (
    '{"code": "11001", "libelle": "théorie graphes", "domaine": "110 MATHEMATIQUES", "synonymes": ["graphe"]}\n'
    '{"code": "22254", "libelle": "chantier BTP", "domaine": "222 BTP CONCEPTION"}\n'
    '{"code": "11054", "libelle": "mathématiques", "domaine": ""}\n'
)
GAZETTEER = (
    "code,nom,type,codes_postaux,population,departement,departement_nom,region,region_nom,lat,lon,coord_source\n"
    "81004,Albi,commune-actuelle,81000,51290,81,Tarn,76,Occitanie,43.92903,2.1323,laposte2024\n"
    "98412,Kerguelen,commune-actuelle,,,984,TAAF,984,TAAF,,,\n"
)
POSTAL = (
    "Code_commune_INSEE;Nom_commune;Code_postal;Libelle_acheminement;Ligne_5;coordonnees_gps\n"
    "81004;ALBI;81000;ALBI;;43.9, 2.1\n81004;ALBI;81990;ALBI;;43.9, 2.1\n99138;MONACO;98000;MONACO;;43.7, 7.4\n"
)
FORMER = (
    "code,nom,type,code_commune_actuelle,nom_commune_actuelle\n"
    "01015,Arbignieu,commune-deleguee,01015,Arboys\n01039,Béon,commune-deleguee,01138,Culoz-Béon\n"
    "01138,Culoz-Béon,commune-deleguee,01138,Culoz-Béon\n"
)
LAYOUTS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "rome",
        "rome;appellation\nL1503;Accessoiriste\nL1503;Costumier\n",
        {"rome_titles": {"L1503": ["Accessoiriste", "Costumier"]}},
    ),
    (
        "rome",
        ROME_OFFICIAL,
        {"rome_titles": {"M1618": ["Facteur / Factrice"], "M1603": ["Facteur / Factrice", "Trieur"]}},
    ),
    (
        "rome",
        '{"A1101": {"label": "Conduite"}, "A1102": {"label": ""}}',
        {"rome": {"A1101": "Conduite"}},
    ),
    (
        "rome_sheets",
        '{"A1101": {"label": "Conduite", "skills": ["x", {"y": "z"}], "conditions": ["w"]}}',
        {
            "rome": {"A1101": "Conduite"},
            "rome_texts": {"A1101": "x z w"},
            "rome_sheets": {"A1101": {"conditions": ["w"]}},
        },
    ),
    (
        "formacode",
        "code;libelle\n110;Mathématiques\n11001;Théorie des graphes\n",
        {"formacode": {"110": "Mathématiques", "11001": "Théorie des graphes"}},
    ),
    (
        "formacode",
        THESAURUS,
        {
            "formacode": {
                "11001": "Théorie graphes",
                "22254": "Chantier BTP",
                "11054": "Mathématiques",
                "110": "Mathématiques",
                "222": "BTP conception",
            },
            "formacode_synonyms": {"11001": ["graphe"]},
        },
    ),
    ("audiences", "code;libelle\n80001;Public sans emploi\n", {"audience": {"80001": "Public sans emploi"}}),
    ("nsf", "code;libelle\n100;Formations generales\n", {"nsf": {"100": "Formations generales"}}),
    (
        "communes",
        GAZETTEER,
        {
            "communes": [
                ["81004", "Albi", ["81000"], 51290, "81", "76", 43.92903, 2.1323],
                ["98412", "Kerguelen", [], 0, "984", "984", None, None],
            ]
        },
    ),
    ("communes", POSTAL, {"communes": [["81004", "ALBI", ["81000", "81990"], 0, "81", "76", 43.9, 2.1]]}),
    ("former_communes", FORMER, {"former_communes": {"01015": ["01015", "Arbignieu"], "01039": ["01138", "Béon"]}}),
    ("cedex", "cedex;libelle;insee\n65201;X;65059\n65201;Y;65440\n", {"cedex": {"65201": ["65059", "65440"]}}),
    (
        "employment_zones",
        '[{"code_commune": "01001", "code_zone_emploi": "8405"}]',
        {"employment_zones": {"01001": "8405"}},
    ),
]


@pytest.mark.parametrize(("kind", "text", "tables"), LAYOUTS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_layout_is_recognised_by_its_columns(
    tmp_path: Path, kind: str, text: str, tables: dict[str, Any], packed: bool
) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert read_tables(kind, [path]) == tables


def test_of_several_files_the_later_one_adds_and_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.write_text("code;libelle\n11001;Theorie Graphes\n11002;Programmation\n")
    second.write_text("\ufeffcode;libelle\n11001;Théorie des graphes\n", encoding="utf-8")
    assert read_tables("formacode", [first, second]) == {
        "formacode": {"11001": "Théorie des graphes", "11002": "Programmation"}
    }


@pytest.mark.parametrize(
    ("kind", "data", "line", "column", "expected"),
    [
        ("nsf", b"code;libelle\n100;A\n;B\n", 3, "code", "a value"),
        ("nsf", b"code;libelle\n100;A\n10-;B\n", 3, "code", "'10-'"),
        ("nsf", b"code;libelle\n100\n", 2, "2", "2 fields"),
        ("nsf", b"numero;nom\n100;A\n", 1, "'numero, nom'", "code, libelle"),
        ("nsf", b"", 1, "1", "no rows"),
        ("nsf", b"code;libelle\n100;caf\xe9\n", 2, "8", "UTF-8"),
        ("nsf", b"\x1f\x8bbroken", 1, "1", "cannot be read"),
        ("communes", GAZETTEER.replace("43.92903", "143").encode(), 2, "lat", "'143'"),
        ("communes", GAZETTEER.replace("43.92903", "nan").encode(), 2, "lat", "'nan'"),
        ("communes", GAZETTEER.replace("51290", "x").encode(), 2, "population", "'x'"),
        ("rome", b'{"A1101": {"label": "x"}\n', 2, "1", "JSON"),
        ("employment_zones", b'[{"code_commune": "01001", "code_zone_emploi": []}]', 1, "code_zone_emploi", "text"),
        ("formacode", b'{"code": "11001", "libelle": "x", "domaine": ""}\n{"code": \n', 2, "", "JSON"),
    ],
)
def test_a_bad_file_is_named_with_line_and_column(
    tmp_path: Path, kind: str, data: bytes, line: int, column: str, expected: str
) -> None:
    path = tmp_path / "bad"
    path.write_bytes(data)
    with pytest.raises(ReferenceFileError) as caught:
        read_tables(kind, [path])
    message = str(caught.value)
    assert message.startswith(f"{path}, line {line}, column {column}")
    assert expected in message


def test_every_option_has_a_layout_that_is_tested() -> None:
    assert {kind for kind, _, _ in LAYOUTS} == set(READERS)


def test_a_file_that_decompresses_to_more_than_is_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nsf.csv.gz"
    path.write_bytes(gzip.compress(b"code;libelle\n" + b"100;x\n" * 1_000_000))
    assert path.stat().st_size < 30_000
    with pytest.raises(ReferenceFileError, match=r"more than 50000 bytes.*BOUSSOLE_REFERENCE_MAX_MB"):
        read_tables("nsf", [path], 50_000)
    path.write_bytes(gzip.compress(b"code;libelle\n100;x\n"))
    assert read_tables("nsf", [path], 50) == {"nsf": {"100": "x"}}


@pytest.mark.parametrize("end", [b"", b"\xff\xff\xff", b"\0" * 8])
@pytest.mark.parametrize("cut", [3, 11, 20, -9, -4])
def test_a_damaged_gz_file_is_one_line(cut: int, end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "nsf.csv.gz"
    path.write_bytes(gzip.compress(b"code;libelle\n100;x\n")[:cut] + end)
    with pytest.raises(ReferenceFileError, match="cannot be read") as error:
        read_tables("nsf", [path])
    assert "\n" not in str(error.value)
