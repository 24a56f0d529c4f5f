"""One text of several sources is one document, and texts that only look alike stay apart."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.harvest.merge.clusters import MOST_RECORDS, Clusters
from indexer.harvest.merge.table import DocumentRow, MergeTable, RecordRow
from indexer.harvest.record.make import Setting, to_record
from indexer.harvest.told import Told
from mappings.documents.record import DocumentRecord

TEXTS = 200
KINDS = 12
SOURCES = ("carif", "ministere", "mediatheque")
Three = tuple[Told, Told, Told]


def isbn13(number: int) -> str:
    twelve = f"97820{number:07d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def isbn10(number: int) -> str:
    nine = f"20{number:07d}"
    check = -sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
    return f"{nine}{'X' if check == 10 else check}"


def three_forms(n: int) -> Three:
    """The same invented text as three sources tell it; ``n % KINDS`` says how they differ."""
    title, day = f"Guide inventé n° {n} : l’accès aux métiers d’été", f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}"
    plain = Told(f"t{n}", "here", titles=[title], publishers=["Édition inventée"], dates=[day])
    other = replace(plain, titles=[f"{title} (mise en ligne)"], dates=[])
    third = replace(plain, titles=[f"Notice {n} de la médiathèque"], publishers=["Médiathèque"], dates=[])
    address, nor = f"https://docs.example/guides/{n}", f"TEST26{n:05}D"
    eli = f"https://loi.example/eli/decret/2026/3/{n % 28 + 1}/{nor}"

    def at(told: Told, *urls: str) -> Told:
        return replace(told, urls=list(urls), identifiers=list(urls))

    def with_ids(told: Told, *identifiers: str) -> Told:
        return replace(told, identifiers=list(identifiers))

    upper = replace(plain, titles=[title.upper().replace("’", "'")], publishers=["EDITION INVENTEE"])
    decomposed = replace(
        plain, titles=[title.replace("é", "e\u0301").replace(" : ", " – ")], publishers=["Edition  inventée."]
    )
    entities = replace(plain, titles=[title.replace("é", "&eacute;").replace("’", "&rsquo;")])
    marked_up = replace(plain, titles=["<b>" + title.replace(" : ", "\u00a0: ") + "</b>  "])
    with_time = replace(plain, dates=[f"{day}T08:00:00+01:00"])
    french = replace(plain, dates=["/".join(reversed(day.split("-")))])
    hyphens = f"urn:isbn:978-2-0{isbn13(n)[5:]}"
    capitals = f"HTTPS://DOCS.example:443/guides/{n}?b=2&a=1"
    short = f"eli:decret/2026/03/{n % 28 + 1:02}/{nor}"
    named = replace(other, titles=[f"Décret {n} (NOR : {nor})"])
    www = address.replace("docs", "www.docs")
    oai = f"oai:docs.example:{n}"
    link = replace(at(other, address), identifiers=[address, isbn13(n)])
    forms: tuple[Three, ...] = (
        (at(plain, address), at(other, f"{address}?utm_source=flux&fbclid=x"), at(third, f"{address}#haut")),
        (at(plain, address), at(other, address.replace("https", "http")), at(third, www)),
        (at(plain, address), at(other, f"{address}/"), at(third, f"{address}/index.html")),
        (at(plain, f"{address}?a=1&b=2"), at(other, f"{address}?b=2&a=1"), at(third, capitals)),
        (with_ids(plain, oai), with_ids(other, oai), with_ids(third, oai.replace("oai:", "OAI:"))),
        (at(plain, f"{eli}/jo/texte"), with_ids(other, short), at(third, eli)),
        (with_ids(plain, f"NOR : {nor}"), named, with_ids(third, f"nor:{nor.lower()}")),
        (with_ids(plain, f"ISBN {isbn10(n)}"), with_ids(other, isbn13(n)), with_ids(third, hyphens)),
        (plain, upper, decomposed),
        (plain, entities, marked_up),
        (plain, with_time, french),
        (at(plain, address), link, with_ids(third, f"ISBN {isbn10(n)}")),
    )
    assert len(forms) == KINDS
    return forms[n % KINDS]


def near_misses() -> Iterator[tuple[Told, Told]]:
    """Fifty pairs of texts that look alike and are two."""
    for n in range(5):
        title = f"Guide proche {n} des aides à la formation"
        one = Told(f"n{n}", "here", titles=[title], publishers=["Carif inventé"], dates=["2026-02-03"])
        at = f"https://site.example/proche/{n}"
        yield one, replace(one, dates=["2026-02-04"])
        yield replace(one, identifiers=[isbn13(9000 + n)]), replace(one, identifiers=[isbn13(9500 + n)])
        yield replace(one, titles=[f"{title} niveau 5"]), replace(one, titles=[f"{title} niveau 6"])
        yield replace(one, publishers=["Onisep inventé"]), replace(one, publishers=["Apec inventée"])
        yield replace(one, coverages=["Occitanie"]), replace(one, coverages=["Bretagne"])
        yield replace(one, languages=["fr"]), replace(one, languages=["en"])
        yield replace(one, urls=[f"{at}?id=1"], dates=[]), replace(one, urls=[f"{at}?id=2"], dates=[])
        yield replace(one, titles=[f"Développeur C {n}"]), replace(one, titles=[f"Développeur C++ {n}"])
        decree, notice = (replace(one, urls=[at], identifiers=[f"NOR : PROC26{n:05}{last}"]) for last in "DA")
        yield decree, notice
        home = replace(one, urls=["https://site.example/"])
        yield replace(home, titles=[f"{title} A"]), replace(home, titles=[f"{title} B"])


def record_of(source: str, told: Told, identifier: str) -> DocumentRecord:
    record = to_record(replace(told, identifier=identifier), Setting(source))
    assert isinstance(record, DocumentRecord)
    return record


def partition(folder: Path, records: list[DocumentRecord]) -> set[frozenset[str]]:
    """The documents of some records: sets of their keys."""
    table = MergeTable(folder / "merge.sqlite")
    size = table.add_records((RecordRow(each.key, each.source, each.hash, each.evidence) for each in records), 0)
    table.index()
    clusters = Clusters(table, size)
    clusters.join_all()
    table.set_roots(clusters.roots())
    table.assign_keys()
    found = list(table.clusters())
    table.close()
    (folder / "merge.sqlite").unlink()
    assert len({cluster.key for cluster in found}) == len(found)
    return {frozenset(key for key, _ in cluster.records) for cluster in found}


@pytest.fixture(scope="module")
def same() -> list[list[DocumentRecord]]:
    return [
        [record_of(source, told, f"{source}-{n}") for source, told in zip(SOURCES, three_forms(n), strict=True)]
        for n in range(TEXTS)
    ]


@pytest.fixture(scope="module")
def apart() -> list[DocumentRecord]:
    pairs = list(near_misses())
    assert len(pairs) == 50
    return [
        record_of(SOURCES[place], replace(told, titles=[f"{told.titles[0]} {n}"]), f"near-{n}-{place}")
        for n, pair in enumerate(pairs)
        for place, told in enumerate(pair)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_same_texts_are_one_document_and_near_misses_stay_apart(
    same: list[list[DocumentRecord]], apart: list[DocumentRecord], tmp_path: Path, seed: int
) -> None:
    records = [*(record for three in same for record in three), *apart]
    random.Random(seed).shuffle(records)
    together = {frozenset(record.key for record in three) for three in same}
    alone = {frozenset([record.key]) for record in apart}
    found = partition(tmp_path, records)
    assert found - together - alone == set()
    assert together - found == set()
    assert alone - found == set()


def test_records_of_a_text_differ_in_what_sources_tell() -> None:
    for n in range(KINDS):
        tellings = {
            str((told.titles, told.publishers, told.urls, told.identifiers, told.dates)) for told in three_forms(n)
        }
        assert len(tellings) == 3


def alone_in(folder: Path, *tellings: tuple[str, Told]) -> int:
    """How many documents the records of some sources are."""
    return len(partition(folder, [record_of(source, told, f"{n}") for n, (source, told) in enumerate(tellings)]))


BARE = Told("x", "here", titles=["Titre inventé"], publishers=["Éditeur"], dates=["2026-02-03"])
UNDATED = replace(BARE, dates=[])


def test_value_that_one_source_gives_to_different_texts_joins_nothing(tmp_path: Path) -> None:
    page, isbn = "https://x.example/page", isbn13(4)
    same_page = [replace(UNDATED, titles=[f"Chapitre {n}"], urls=[page]) for n in range(3)]
    same_isbn = [replace(UNDATED, titles=[f"Volume {n}"], identifiers=[isbn]) for n in range(2)]
    assert alone_in(tmp_path, *(("a", told) for told in same_page), ("b", same_page[0])) == 4
    assert alone_in(tmp_path, *(("a", told) for told in same_isbn), ("b", same_isbn[0])) == 3
    assert alone_in(tmp_path, ("a", same_page[0]), ("b", same_page[1])) == 1


def test_title_of_two_records_of_one_source_joins_nothing(tmp_path: Path) -> None:
    assert alone_in(tmp_path, ("a", BARE), ("b", BARE)) == 1
    assert alone_in(tmp_path, ("a", BARE), ("a", BARE)) == 2
    assert alone_in(tmp_path, ("a", BARE), ("a", BARE), ("b", BARE)) == 3


def test_two_records_of_one_source_at_one_address_are_one_text(tmp_path: Path) -> None:
    secure = replace(UNDATED, urls=["https://x.example/page"])
    assert alone_in(tmp_path, ("a", secure), ("a", replace(secure, urls=["http://x.example/page/"]))) == 1


def test_weaker_evidence_does_not_join_through_a_third_record(tmp_path: Path) -> None:
    """Two editions with different ISBN at one address, which a third record has without an ISBN."""
    page = "https://x.example/page"
    first, second = (replace(UNDATED, urls=[page], identifiers=[isbn13(n)]) for n in (1, 2))
    assert alone_in(tmp_path, ("a", first), ("b", second), ("c", replace(UNDATED, urls=[page]))) == 2


def test_eli_by_nor_and_by_number_do_not_part_a_text(tmp_path: Path) -> None:
    by_nor = replace(BARE, identifiers=["eli:decret/2026/1/5/ABCD2600001D"])
    by_number = replace(BARE, identifiers=["eli:decret/2026/1/5/2026-101"])
    assert alone_in(tmp_path, ("a", by_nor), ("b", by_number)) == 1
    other = replace(BARE, identifiers=["eli:decret/2026/1/5/2026-102"])
    assert alone_in(tmp_path, ("a", other), ("b", by_number)) == 2


def test_document_keeps_its_key_when_it_is_split_and_joined_again(tmp_path: Path) -> None:
    def keys(records: list[DocumentRecord], documents: list[DocumentRow]) -> dict[str, frozenset[str]]:
        table = MergeTable(tmp_path / "merge.sqlite")
        size = table.add_records((RecordRow(each.key, each.source, each.hash, each.evidence) for each in records), 0)
        table.add_documents(documents)
        table.index()
        clusters = Clusters(table, size)
        clusters.join_all()
        table.set_roots(clusters.roots())
        table.assign_keys()
        found = {cluster.key: frozenset(key for key, _ in cluster.records) for cluster in table.clusters()}
        table.close()
        (tmp_path / "merge.sqlite").unlink()
        return found

    one, two, three = sorted((record_of(source, BARE, "1") for source in SOURCES), key=lambda each: each.key)[::-1]
    whole = keys([one, two, three], [])
    (key,) = whole
    document = DocumentRow(key, "", False, sorted(whole[key]))
    apart = record_of(three.source, replace(BARE, titles=["Un tout autre titre"]), "1")
    assert key == apart.key  # the document goes to the two others, and the third needs a key that is made
    split = keys([one, two, apart], [document])
    assert split[key] == frozenset({one.key, two.key})
    (other,) = split.keys() - {key}
    rows = [DocumentRow(name, "", False, sorted(members)) for name, members in split.items()]
    assert keys([one, two, three], rows) == {key: whole[key]}
    buried = [DocumentRow(key, "", True, sorted(whole[key]))]
    assert set(keys([one], buried)) == {key}
    assert other != key


def test_first_page_of_a_site_joins_nothing(tmp_path: Path) -> None:
    first = replace(UNDATED, urls=["https://x.example/"])
    assert alone_in(tmp_path, ("a", first), ("b", replace(first, titles=["Autre chose"]))) == 2


def test_title_does_not_join_what_has_a_record_of_the_same_source_already(tmp_path: Path) -> None:
    at = replace(BARE, urls=["https://x.example/page"])
    assert alone_in(tmp_path, ("a", at), ("b", replace(at, titles=["Une tout autre notice"])), ("b", BARE)) == 2


@pytest.mark.parametrize("seed", range(6))
def test_identifier_of_any_record_of_a_text_keeps_others_away(tmp_path: Path, seed: int) -> None:
    page, oai = "https://x.example/page", "oai:x.example:1"
    one = replace(UNDATED, identifiers=[oai])
    two = replace(UNDATED, identifiers=[oai, isbn13(1)], urls=[page])
    three = replace(UNDATED, urls=[page])
    four = replace(UNDATED, identifiers=[isbn13(2)], urls=[page])
    tellings = [("a", one), ("b", two), ("c", three), ("d", four)]
    records = [record_of(source, told, f"{seed}-{n}") for n, (source, told) in enumerate(tellings)]
    by_isbn = {record.key: record for record in records if record.source in "bd"}
    for cluster in partition(tmp_path, records):
        assert len(cluster & by_isbn.keys()) < 2


def test_time_of_joining_grows_with_the_records_and_not_with_their_square(tmp_path: Path) -> None:
    def seconds(size: int) -> float:
        table = MergeTable(tmp_path / f"{size}.sqlite")
        rows = (
            RecordRow(f"{source}{n}", source, "", [f"oai:{n}", f"address:{n}", f"title:{n}", f"name:{n}"])
            for source in "ab"
            for n in range(size)
        )
        table.add_records(rows, 0)
        table.index()
        began = time.process_time()
        Clusters(table, 2 * size).join_all()
        taken = time.process_time() - began
        table.close()
        return taken

    assert seconds(4_000) < 16 * 0.6 * max(seconds(1_000), 0.02)


def test_record_that_claims_identifiers_of_others_does_not_make_one_text_of_them(tmp_path: Path) -> None:
    texts = [replace(UNDATED, titles=[f"Guide {n}"], identifiers=[f"oai:x.example:{n}", isbn13(n)]) for n in range(20)]
    for most in (3, 20):
        claims = replace(UNDATED, titles=["Ma liste"], identifiers=[each.identifiers[0] for each in texts[:most]])
        books = replace(UNDATED, titles=["Mes livres"], identifiers=[each.identifiers[1] for each in texts[:most]])
        for liar in (claims, books):
            found = partition(
                tmp_path, [*(record_of("a", told, f"{n}") for n, told in enumerate(texts)), record_of("b", liar, "1")]
            )
            assert len(found) == (20 if most == 3 else 21)
            assert max(map(len, found)) == (2 if most == 3 else 1)


def test_chain_of_shared_identifiers_ends(tmp_path: Path) -> None:
    links = [replace(UNDATED, identifiers=[isbn13(n), isbn13(n + 1)]) for n in range(1_000)]
    records = [record_of("a", told, f"{n}") for n, told in enumerate(links)]
    began = time.monotonic()
    assert max(map(len, partition(tmp_path, records))) <= MOST_RECORDS
    assert time.monotonic() - began < 20


def test_same_identifier_of_a_source_in_two_sets_is_one_text_under_two_titles(tmp_path: Path) -> None:
    one = replace(UNDATED, identifiers=["oai:x.example:1"])
    assert alone_in(tmp_path, ("a", one), ("a", replace(one, titles=["Le titre de demain"]))) == 1
