"""The search of documents on the engine: totals, facets and filters against a plain evaluation of the same texts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest

from mappings.documents.document import Document
from mappings.keys import key_of
from tests.documents.indexed import create_documents, numbered_documents, write_documents
from tests.documents.stored import stored_documents
from tests.engine.loaded import LoadedApp, load_fixtures, serve

FACETS = ("kind", "publisher", "region", "department", "domain", "rome", "rncp", "funder")


def varied() -> list[Document]:
    """Return documents with several values in each field, tombstones among them."""
    made = []
    for number, each in enumerate(numbered_documents(120)):
        changes: dict[str, Any] = {
            "publisher": None if number % 7 == 0 else f"Éditeur {number % 5}",
            "rome": [["F1703"], ["H2913", "F1703"], []][number % 3],
            "formacode": [["23026"], [], ["22454", "23054"], ["15254"]][number % 4],
            "rncp": ["38565"] if number % 6 == 0 else [],
            "funder": [["2"], ["2", "4"], ["10"], []][number % 4],
            "department": [["81"], [], ["31", "81"], ["31"]][number // 3 % 4] if each.region else [],
            "region": each.region or (["11"] if number % 5 == 0 else []),
        }
        changes["domain"] = sorted({code[:3] for code in changes["formacode"]})
        made.append(each if each.deleted else each.model_copy(update=changes))
    return made


DOCUMENTS = [*stored_documents(), *varied()]
THERE = [each for each in DOCUMENTS if not each.deleted]


@pytest.fixture(scope="module")
def app(engine_url: str, module_index_prefix: str) -> Iterator[LoadedApp]:
    """The app over the fixtures, for jobs and places, and over the documents."""
    load_fixtures(engine_url, module_index_prefix, shards=1)
    create_documents(engine_url, module_index_prefix)
    write_documents(engine_url, module_index_prefix, DOCUMENTS)
    with serve(engine_url, module_index_prefix) as app:
        yield app


def ask(app: LoadedApp, query: str) -> Any:
    """Return the answer of the API."""
    answer = app.get(f"/api/v1/documents?{query}")
    assert answer.status == 200, answer.text
    return answer.json()


def values_of(document: Document, name: str) -> list[str]:
    """Return the values of a facet, as a filter compares them."""
    value = getattr(document, name)
    found = [value] if isinstance(value, str) else list(value or ())
    return [*found, *document.formacode] if name == "domain" else found


def matching(filters: dict[str, tuple[str, ...]]) -> list[Document]:
    """Return the documents that have any of the values of each filter."""
    return [each for each in THERE if all(set(values) & set(values_of(each, name)) for name, values in filters.items())]


def to_query(filters: dict[str, tuple[str, ...]]) -> str:
    return urlencode(filters, doseq=True)


CHOICES: list[dict[str, tuple[str, ...]]] = [
    {},
    {"kind": ("text",)},
    {"kind": ("sheet", "guide"), "region": ("76",)},
    {"publisher": ("Éditeur 1", "Éditeur 2"), "rome": ("H2913",)},
    {"department": ("81",), "funder": ("2", "10")},
    {"domain": ("230",)},
    {"domain": ("23026", "152")},
    {"rncp": ("38565",), "region": ("76", "11"), "kind": ("sheet", "text", "guide")},
    {"domain": ("23026",), "rome": ("F1703",), "funder": ("2",)},
    {"rome": ("A1101",)},
]


@pytest.mark.parametrize("filters", CHOICES, ids=lambda filters: to_query(filters) or "none")
def test_totals_and_counts_are_those_of_a_plain_evaluation(app: LoadedApp, filters: dict[str, tuple[str, ...]]) -> None:
    answer = ask(app, f"{to_query(filters)}&size=100")
    assert answer["total"] == len(matching(filters))
    found = {each["key"] for each in answer["results"]}
    assert found <= {each.key for each in matching(filters)}
    assert len(found) == min(100, answer["total"])
    assert tuple(answer["facets"]) == FACETS
    for name in FACETS:
        others = {other: values for other, values in filters.items() if other != name}
        rows = {row["value"]: row["count"] for row in answer["facets"][name]}
        counts = Counter(value for each in matching(others) for value in set(values_of(each, name)))
        chosen = filters.get(name, ())
        expected = {v: n for v, n in counts.items() if name != "domain" or len(v) == 3 or v in chosen}
        assert rows == dict.fromkeys(chosen, 0) | expected, name
        assert [row["value"] for row in answer["facets"][name] if row["selected"]] == sorted(
            chosen, key=lambda value: (-counts[value], value)
        )


def test_removed_documents_are_nowhere(app: LoadedApp) -> None:
    tombstones = [each for each in DOCUMENTS if each.deleted]
    assert len(tombstones) == 13
    assert ask(app, "size=1")["total"] == len(DOCUMENTS) - 13
    key = tombstones[0].key
    for end in ("", ".atom", ".json"):
        assert f"/documents/{key}" not in app.get(f"/api/v1/documents{end}?q={key}").text
    assert app.get(f"/api/v1/documents/{key}").status == 404


def test_place_finds_what_is_of_its_departement_or_of_its_whole_region(app: LoadedApp) -> None:
    def of_tarn(each: Document) -> bool:
        return "81" in each.department or ("76" in each.region and not each.department)

    for place in ("Albi", "81000", "Tarn", "81"):
        assert ask(app, f"place={place}&size=1")["total"] == sum(map(of_tarn, THERE)), place
    assert ask(app, "place=Occitanie&size=1")["total"] == sum("76" in each.region for each in THERE)
    assert 0 < sum(map(of_tarn, THERE)) < sum("76" in each.region for each in THERE)
    assert ask(app, "place=Albi")["place"]["label"].startswith("Albi")


WORDS = [
    ("compte personnel de formation", "Compte personnel de formation"),
    ("COMPTE  PERSONEL", "Compte personnel de formation"),  # corrected
    ("guides reprendre occitanie", "Reprendre une formation"),
    ("soudeuse", "Soudeur, soudeuse"),
    ("soudage", "Soudeur, soudeuse"),  # by the job
    ("H2913", "Soudeur, soudeuse"),
    ("rncp 38565", "Soudeur, soudeuse"),
    ("NOR ABCD2600001D", "Décret n° 2026-1"),
    ("eli:decret/2026/1/5/ABCD2600001D", "Décret n° 2026-1"),
    ("978-2-07-036002-4", "Reprendre une formation"),
    ("participation forfaitaire", "Compte personnel de formation"),  # in the text alone
    ("bonnafous", "Reprendre une formation"),  # the author
]


@pytest.mark.parametrize(("words", "title"), WORDS)
def test_words_find_the_document_first(app: LoadedApp, words: str, title: str) -> None:
    answer = ask(app, f"q={quote_plus(words)}&publisher=&size=5")
    assert answer["results"], answer["understood"]
    shown = [each["title"] for each in answer["results"] if not each["title"].startswith("Fiche numéro")]
    assert shown[0].startswith(title)


def test_word_that_nothing_knows_finds_nothing(app: LoadedApp) -> None:
    answer = ask(app, "q=zzzqqqxxx")
    assert (answer["total"], answer["understood"]["approximate"]) == (0, True)
    assert all(rows == [] for rows in answer["facets"].values())


def test_words_that_no_document_has_together_are_searched_loosely_and_it_is_said(app: LoadedApp) -> None:
    answer = ask(app, "q=forum zzzqqqxxx")
    assert answer["results"][0]["title"].startswith("Forum des métiers")
    assert answer["understood"]["approximate"] is True


def test_filter_that_leaves_nothing_does_not_loosen_the_words(app: LoadedApp) -> None:
    answer = ask(app, "q=forum&kind=text")
    assert (answer["total"], answer["understood"]["approximate"]) == (0, False)
    assert [row["value"] for row in answer["facets"]["kind"]] == ["news", "text"]


def test_expired_document_says_so(app: LoadedApp) -> None:
    (text,) = (each for each in DOCUMENTS if each.valid_from)
    told = app.get(f"/api/v1/documents/{text.key.upper()}").json()
    assert (told["validity"], told["valid_until"]) == ("expired", "2026-06-30")
    assert told["page"] == f"/documents/{text.key}"


def test_every_fault_is_told_at_once(app: LoadedApp) -> None:
    answer = app.get("/api/v1/documents?kind=novel&size=101&place=Nowhereville&rome=9&colour=red&page=0&q=a&q=b")
    assert answer.status == 400
    faults = {fault["parameter"] for fault in answer.json()["error"]["faults"]}
    assert faults == {"kind", "size", "place", "rome", "colour", "page", "q"}
    assert app.get("/api/v1/documents?page=101&size=100").status == 400
    assert app.get("/api/v1/documents.atom?page=1").status == 400
    assert app.get("/api/v1/documents/x?colour=red").status == 400
    assert app.get(f"/api/v1/documents/{key_of('none')}").status == 404


def test_pages_are_disjoint_and_whole(app: LoadedApp) -> None:
    pages = [ask(app, f"size=17&page={page}") for page in range(1, 9)]
    keys = [each["key"] for page in pages for each in page["results"]]
    assert len(keys) == len(set(keys)) == pages[0]["total"] == len(THERE)
    assert pages[0]["pages"] == -(-len(THERE) // 17)
    dates = [each["published"] or "" for page in pages for each in page["results"]]
    assert dates == sorted(dates, reverse=True)


def test_before_the_first_harvest_there_are_no_documents(engine_url: str, index_prefix: str) -> None:
    with serve(engine_url, index_prefix, date(2026, 11, 23)) as empty:
        answer = ask(empty, "q=x")
        assert (answer["total"], answer["results"]) == (0, [])
        assert empty.get("/api/v1/documents.atom").status == 200
