"""What a source tells, in the forms of docs/documents.md, and the record that is made of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from indexer.harvest.read.dublin_core import read_elements
from indexer.harvest.read.pages import read_page
from indexer.harvest.record.codes import CodeTables
from indexer.harvest.record.make import Setting, to_record
from indexer.harvest.told import Rejected, Told
from mappings.documents.document import DocumentFacts
from mappings.documents.record import DocumentRecord

TABLES = CodeTables.of(
    {"31054": "Informatique", "310": "Informatique", "23026": "Soudage"}, {"H2913": "Soudage manuel"}
)
PLAIN = Told("id", "here", titles=["Un texte inventé"])


def facts_of(told: Told, **setting: Any) -> DocumentFacts:
    record = to_record(told, Setting("x", tables=TABLES, **setting))
    assert isinstance(record, DocumentRecord), record
    return record.facts


SUBJECTS = [
    ("Formacode : 31054", {"formacode": ["31054"], "domain": ["310"]}),
    ("Formacode V14 : 31054", {"formacode": ["31054"], "domain": ["310"]}),
    ("https://data.example/formacode/31054", {"formacode": ["31054"], "domain": ["310"]}),
    ("31054", {"formacode": ["31054"], "domain": ["310"]}),
    ("31054 Informatique", {"formacode": ["31054"], "domain": ["310"]}),
    ("31054 sorties de secours", {}),
    ("99999", {}),
    ("soudage", {"formacode": ["23026"], "domain": ["230"]}),
    ("Soudage manuel", {"rome": ["H2913"]}),
    ("H2913", {"rome": ["H2913"]}),
    ("ROME : h2913", {"rome": ["H2913"]}),
    ("H2913 - Soudage manuel", {"rome": ["H2913"]}),
    ("Z2913", {}),
    ("RNCP 38565", {"rncp": ["38565"]}),
    ("fiche RNCP n° 38565", {"rncp": ["38565"]}),
    ("https://www.example/recherche/rncp/38565/", {"rncp": ["38565"]}),
    ("Financeur : 2", {"funder": ["2"]}),
    ("financeur = Région", {"funder": ["2"]}),
    ("Financeur : 99", {}),
    ("Financeur : 1", {}),
    ("France Travail", {"funder": ["4"]}),
    ("Région", {}),
    ("Occitanie", {"region": ["76"]}),
    ("région 76", {"region": ["76"]}),
    ("76", {}),
    ("Nord", {}),
    ("Les étrangers en formation", {}),
]
COVERAGES = [
    ("Occitanie", {"region": ["76"]}),
    ("FR-OCC", {"region": ["76"]}),
    ("http://id.insee.fr/geo/region/76", {"region": ["76"]}),
    ("http://id.insee.fr/geo/departement/81", {"department": ["81"], "region": ["76"]}),
    ("Tarn", {"department": ["81"], "region": ["76"]}),
    ("Tarn (81)", {"department": ["81"], "region": ["76"]}),
    ("Département : 2a", {"department": ["2A"], "region": ["94"]}),
    ("Mayotte", {"department": ["976"], "region": ["06"]}),
    ("Nord", {"department": ["59"], "region": ["32"]}),
    ("81", {}),
    ("France entière", {}),
]
TITLES = [
    ("Les aides en Occitanie", {"region": ["76"]}),
    ("Travailler en Grande-Bretagne", {}),
    ("Le plus grand est le meilleur", {}),
    ("Le projet de Transitions Pro", {"funder": ["17"]}),
    ("Un opcode et des codes", {}),
    ("Tout sur RNCP38565", {"rncp": ["38565"]}),
    ("Provence-Alpes-Côte d’Azur : le guide", {"region": ["93"]}),
]
CODES = ("formacode", "domain", "rome", "rncp", "funder", "region", "department")


def codes_of(told: Told) -> dict[str, list[str]]:
    facts = facts_of(told)
    return {name: getattr(facts, name) for name in CODES if getattr(facts, name)}


@pytest.mark.parametrize(("text", "codes"), SUBJECTS, ids=[text for text, _ in SUBJECTS])
def test_codes_of_subjects(text: str, codes: dict[str, list[str]]) -> None:
    assert codes_of(replace(PLAIN, subjects=[text])) == codes


@pytest.mark.parametrize(("text", "codes"), COVERAGES, ids=[text for text, _ in COVERAGES])
def test_codes_of_coverages(text: str, codes: dict[str, list[str]]) -> None:
    assert codes_of(replace(PLAIN, coverages=[text])) == codes


@pytest.mark.parametrize(("text", "codes"), TITLES, ids=[text for text, _ in TITLES])
def test_codes_of_titles(text: str, codes: dict[str, list[str]]) -> None:
    assert codes_of(replace(PLAIN, titles=[text])) == codes


VALIDITY = [
    ("coverage", "start=2026-01-01; end=2026-12-31; scheme=W3C-DTF", (date(2026, 1, 1), date(2026, 12, 31))),
    ("coverage", "end=2026-12-31", (None, date(2026, 12, 31))),
    ("valid", "2026-01-01/2026-12-31", (date(2026, 1, 1), date(2026, 12, 31))),
    ("valid", "2026-12-31", (None, date(2026, 12, 31))),
    ("date", "Valable jusqu’au 31/12/2026", (None, date(2026, 12, 31))),
    ("date", "valid /2026-12-31", (None, date(2026, 12, 31))),
    ("date", "2026-12-31", (None, None)),
]


@pytest.mark.parametrize(("name", "text", "days"), VALIDITY)
def test_validity_of_dublin_core(name: str, text: str, days: tuple[date | None, date | None]) -> None:
    facts = facts_of(read_elements(PLAIN, [("title", "Titre"), (name, text)]))
    assert (facts.valid_from, facts.valid_until) == days


def test_date_of_change_is_no_day_of_publication() -> None:
    facts = facts_of(read_elements(PLAIN, [("title", "Titre"), ("date", "modified 2026-03-02")]))
    assert (facts.published, facts.modified and facts.modified.date()) == (None, date(2026, 3, 2))


def test_inverted_validity_is_rejected() -> None:
    told = replace(PLAIN, valid_from="2026-02-01", valid_until="2026-01-01")
    rejected = to_record(told, Setting("x"))
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.identifier) == ("validity-inverted", "id")


def test_markup_and_addresses_of_script_are_not_stored() -> None:
    facts = facts_of(
        replace(
            PLAIN,
            titles=["<script>alert(1)</script>Titre &amp; <b>suite</b>"],
            descriptions=["<p>Un</p><style>x</style><p>Deux</p>"],
            urls=["javascript:alert(1)", "https://me:secret@x.example/", "https://x.example/a#b"],
        )
    )
    assert (facts.title, facts.description, facts.url) == ("Titre & suite", "Un\nDeux", "https://x.example/a")


def test_operator_speaks_only_where_the_source_says_nothing() -> None:
    setting = {"publisher": "Édition", "licence": "Libre", "regions": ("76",), "kind": "guide"}
    silent = facts_of(PLAIN, **setting)
    assert (silent.publisher, silent.licence, silent.region, silent.kind) == ("Édition", "Libre", ["76"], "guide")
    told = replace(PLAIN, publishers=["Autre"], rights=["Tous droits"], coverages=["Bretagne"], types=["Actualité"])
    facts = facts_of(told, **setting)
    assert (facts.publisher, facts.licence, facts.region, facts.kind) == ("Autre", "Tous droits", ["53"], "news")


PAGE = """<html lang="fr"><head><title>x</title></head>
<body><script type="application/ld+json">{}</script></body></html>"""
NODE = """{"@graph": [{"@type": "WebPage", "name": "Page"},
 {"@type": "Occupation", "name": "Soudeuse", "expires": "2026-12-31",
 "occupationalCategory": [{"@type": "CategoryCode", "codeValue": "H2913", "inCodeSet": "ROME"}],
 "about": {"@type": "DefinedTerm", "termCode": "23026", "inDefinedTermSet": {"name": "Formacode"}},
 "spatialCoverage": {"name": "Tarn"}, "publisher": {"name": "Carif"}, "datePublished": "2026-01-02"}]}"""


def test_most_specific_object_of_a_page_speaks() -> None:
    told = read_page("https://x.example/a", PAGE.format(NODE).encode())
    assert isinstance(told, Told)
    facts = facts_of(told)
    assert (facts.kind, facts.title, facts.publisher) == ("job_sheet", "Soudeuse", "Carif")
    assert (facts.rome, facts.formacode, facts.department) == (["H2913"], ["23026"], ["81"])
    assert (facts.published, facts.valid_until, facts.language) == (date(2026, 1, 2), date(2026, 12, 31), "fr")


HOSTILE_PAGES = [
    "{",
    "[" * 5_000,
    '{"@type": 1, "name": {"a": []}}',
    "null",
    '{"@graph": {"@graph": {"@graph": []}}}',
    '"x"',
]


@pytest.mark.parametrize("node", HOSTILE_PAGES)
def test_page_with_unusable_objects_is_read_by_its_head(node: str) -> None:
    told = read_page("https://x.example/a", PAGE.format(node).encode())
    assert isinstance(told, Told)
    assert told.titles == ["x"]


def test_page_that_does_not_want_to_be_indexed_is_rejected() -> None:
    body = b'<html><head><meta name="Robots" content="NOINDEX, follow"><title>x</title></head></html>'
    rejected = read_page("https://x.example/a", body)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "noindex"


ACCENTS = "<html><head>{}<title>Été à Albi</title></head></html>"
META = '<meta charset="{}">'
PAGES = [
    ("utf-8", "", "utf-8"),
    ("utf-8", "", ""),
    ("utf-8", META.format("iso-8859-1"), "iso-8859-1"),
    ("latin-1", "", "ISO-8859-1"),
    ("latin-1", META.format("iso-8859-1"), ""),
    ("latin-1", "", "unheard-of"),
    ("utf-8-sig", "", ""),
    ("utf-16", "", "utf-16"),
]


@pytest.mark.parametrize(("encoding", "meta", "charset"), PAGES)
def test_page_is_read_in_its_encoding_whoever_tells_it(encoding: str, meta: str, charset: str) -> None:
    told = read_page("https://x.example/a", ACCENTS.format(meta).encode(encoding), charset)
    assert isinstance(told, Told)
    assert told.titles == ["Été à Albi"]


def test_control_characters_and_turns_of_direction_are_left_out() -> None:
    hidden = "\x00&amp;#x202e;\x1b[2J\u202egnp.\u2066exe\x9f"
    told = replace(
        PLAIN, titles=[f"Un titre{hidden}"], descriptions=[f"Un résumé\n{hidden}"], text=hidden, creators=[hidden]
    )
    facts = facts_of(told)
    assert (facts.title, facts.description) == ("Un titre[2Jgnp.exe", "Un résumé\n[2Jgnp.exe")
    assert (facts.text, facts.creators) == ("[2Jgnp.exe", ["[2Jgnp.exe"])
