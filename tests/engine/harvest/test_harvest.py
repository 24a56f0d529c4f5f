"""`python -m indexer harvest`: what is new, changed, gone and kept; where the next harvest begins; several sources."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from indexer.harvest.merge import run as merging
from indexer.harvest.run.options import HarvestOptions
from tests.documents.web import DELETED, Web, arguments_of, oai_identify, oai_list, oai_page, oai_record, running_web
from tests.engine.installation import Action, Installation, Run

SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


@pytest.fixture
def web() -> Iterator[Web]:
    with running_web() as web:
        web.answer("/oai?verb=Identify", oai_identify())
        yield web


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setattr("indexer.harvest.command.HarvestOptions", partial(HarvestOptions, quiet=True))
    return Installation(engine_url, index_prefix, tmp_path)


def harvest(
    installation: Installation, web: Web, *options: str, source: str = "x", kind: str = "oai", status: int = 0
) -> Run:
    url = f"{web.address}/{kind}"
    run = installation.run("harvest", "--source", source, "--kind", kind, "--url", url, "--json", *options)
    assert run.status == status, run.err + run.out
    return run


def counts(run: Run) -> dict[str, int]:
    return {name: run.json[name] for name in ("new", "changed", "same", "removed", "kept") if run.json[name]}


def documents(installation: Installation, *, deleted: bool = False) -> dict[str, dict[str, Any]]:
    """The documents by the title of their text, or the tombstones by key."""
    installation.call("POST", f"{installation.names.documents}/_refresh")
    body = {"size": 1_000, "query": {"term": {"deleted": deleted}}}
    hits = installation.call("POST", f"{installation.names.documents}/_search", body)["hits"]["hits"]
    return {hit["_source"]["key" if deleted else "title"]: hit["_source"] for hit in hits}


def records(*keys: int, token: str | None = None, **changes: str) -> str:
    return oai_list(*(oai_record(str(key), inner=changes.get(f"r{key}", "")) for key in keys), token=token)


def test_next_harvest_asks_from_one_granule_before_the_first_page(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords", records(1, 2))
    assert counts(harvest(installation, web)) == {"new": 2}
    stamps = {title: each["stamp"] for title, each in documents(installation).items()}
    changed = oai_list(oai_record("2", "Texte 2 changé"), oai_record("1", status=DELETED))
    web.answer("/oai?verb=ListRecords", changed)
    run = harvest(installation, web, "--max-fewer", "0.5")
    assert arguments_of(web.asked[-1])["from"] == "2026-11-20T09:59:59Z"
    assert counts(run) == {"changed": 1, "removed": 1}
    now, buried = documents(installation), documents(installation, deleted=True)
    assert (set(now), [each["kind"] for each in buried.values()]) == ({"Texte 2 changé"}, ["guide"])
    assert now["Texte 2 changé"]["stamp"] >= stamps["Texte 2"]
    web.answer("/oai?verb=ListRecords", oai_page('<error code="noRecordsMatch"/>', "2026-11-21T00:00:00Z"))
    assert counts(harvest(installation, web)) == {}
    assert set(documents(installation)) == {"Texte 2 changé"}
    harvest(installation, web, "--full", status=1)  # an empty list of everything is no list: gate too-few
    assert set(documents(installation)) == {"Texte 2 changé"}


def test_unchanged_harvest_writes_no_document(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords", records(1, 2))
    harvest(installation, web)
    before = documents(installation)
    run = harvest(installation, web, "--full")
    assert (counts(run), run.json["documents_written"]) == ({"same": 2}, 0)
    assert documents(installation) == before


def test_day_granularity_goes_back_one_day(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=Identify", oai_identify(granularity="YYYY-MM-DD"))
    web.answer("/oai?verb=ListRecords", records(1))
    harvest(installation, web)
    harvest(installation, web)
    assert arguments_of(web.asked[-1])["from"] == "2026-11-19"


def test_provider_that_tells_no_removals_is_read_whole(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=Identify", oai_identify(removals="no"))
    web.answer("/oai?verb=ListRecords", records(*range(10)))
    harvest(installation, web)
    web.answer("/oai?verb=ListRecords", records(*range(9)))
    assert counts(harvest(installation, web)) == {"same": 9, "removed": 1}
    assert "from" not in arguments_of(web.asked[-1])


def test_sets_are_harvested_apart(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords&metadataPrefix=oai_dc&set=a", records(1, 2))
    web.answer("/oai?verb=ListRecords&metadataPrefix=oai_dc&set=b", records(2, 3))
    harvest(installation, web, "--set", "a")
    harvest(installation, web, "--set", "b")
    found = documents(installation)
    assert set(found) == {"Texte 1", "Texte 2", "Texte 3"}
    assert len(found["Texte 2"]["provenances"]) == 1
    web.answer("/oai?verb=ListRecords&metadataPrefix=oai_dc&set=a", records(1))
    harvest(installation, web, "--set", "a", "--full", "--force", "too-many-fewer")
    assert set(documents(installation)) == {"Texte 1", "Texte 2", "Texte 3"}


def test_gates_refuse_and_change_nothing(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords", records(*range(10)))
    harvest(installation, web)
    web.answer("/oai?verb=ListRecords", records(*range(6)))
    run = harvest(installation, web, "--full", status=1)
    assert run.json["refused_by"] == [
        "too-many-fewer: 6 records would be live instead of 10: 40% fewer, at most 30% is allowed"
    ]
    assert len(documents(installation)) == 10
    harvest(installation, web, "--full", "--force", "too-many-fewer")
    assert len(documents(installation)) == 6


def test_reject_is_told_and_keeps_what_is_stored(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords", records(*range(20)))
    harvest(installation, web)
    bad = oai_record("19").replace("<dc:title>Texte 19</dc:title>", "<dc:title> </dc:title>")
    web.answer("/oai?verb=ListRecords", oai_list(*(oai_record(str(n)) for n in range(19)), bad))
    run = harvest(installation, web, "--full")
    assert counts(run) == {"same": 19, "kept": 1}
    (row,) = [json.loads(line) for line in Path(run.json["rejects_file"]).read_text("utf-8").splitlines()]
    told = (row["source"], row["place"], row["identifier"], row["reason"])
    assert told == ("x", "page 1, record 20", "oai:x.example:19", "no-title")
    assert len(documents(installation)) == 20


def test_document_of_two_sources_survives_one_and_keeps_its_key(installation: Installation, web: Web) -> None:
    address = f"{web.address}/guide"
    same = f"<dc:identifier>{address}?utm_source=x</dc:identifier>"
    web.answer("/oai?verb=ListRecords", records(1, 2, r1=same))
    harvest(installation, web)
    key = documents(installation)["Texte 1"]["key"]
    web.answer("/sitemap", SITEMAP.format(f"<url><loc>{address}</loc></url>"))
    web.answer("/guide", "<html><head><title>Le guide</title></head></html>", "text/html")
    harvest(installation, web, source="y", kind="sitemap")
    (joined,) = [each for each in documents(installation).values() if len(each["provenances"]) == 2]
    assert (joined["key"], {each["source"] for each in joined["provenances"]}) == (key, {"x", "y"})
    web.answer("/oai?verb=ListRecords", oai_list(oai_record("1", status=DELETED)))
    harvest(installation, web, "--force", "too-many-fewer")
    left = documents(installation)
    assert left["Le guide"]["key"] == key
    assert [each["source"] for each in left["Le guide"]["provenances"]] == ["y"]
    assert installation.run("forget", "y").status == 0
    assert (set(documents(installation)), set(documents(installation, deleted=True))) == ({"Texte 2"}, {key})
    assert installation.run("forget", "y").status == 1


def test_feed_keeps_what_left_its_window_and_removes_what_was_taken_out(installation: Installation, web: Web) -> None:
    item = "<item><title>Titre {0}</title><guid>{0}</guid><pubDate>{0} Nov 2026 08:00:00 GMT</pubDate></item>"

    def feed(*days: int) -> None:
        items = "".join(item.format(f"{day:02}") for day in days)
        web.answer("/feed", f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>', "text/xml")

    feed(2, 3, 4, 5)
    harvest(installation, web, kind="feed")
    feed(3, 5, 6)
    assert counts(harvest(installation, web, kind="feed")) == {"new": 1, "same": 2, "removed": 1}
    assert set(documents(installation)) == {"Titre 02", "Titre 03", "Titre 05", "Titre 06"}


def test_relative_address_of_an_entry_is_one_of_the_site(installation: Installation, web: Web) -> None:
    links = ("/guide", "../guide2", "http://[::1", "javascript:alert(1)")
    items = "".join(f"<item><title>Titre {link}</title><link>{link}</link></item>" for link in links)
    web.answer("/feed", f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>', "text/xml")
    harvest(installation, web, kind="feed")
    found = {title: each.get("url") for title, each in documents(installation).items()}
    assert list(found.values()).count(None) == 2
    assert (found["Titre /guide"], found["Titre ../guide2"]) == (f"{web.address}/guide", f"{web.address}/guide2")


def test_feed_with_an_old_entry_on_top_removes_nothing(installation: Installation, web: Web) -> None:
    entry = (
        "<entry><id>urn:{0}</id><title>Titre {0}</title><published>{0}T08:00:00Z</published>"
        "<updated>{1}T08:00:00Z</updated></entry>"
    )

    def feed(*days: tuple[str, str]) -> None:
        entries = "".join(entry.format(*each) for each in days)
        web.answer("/feed", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>', "text/xml")

    days = [f"2026-11-{day:02}" for day in range(9, 1, -1)]
    feed(*((day, day) for day in days))
    harvest(installation, web, kind="feed")
    pinned, changed = ("2019-01-01", "2019-01-01"), ("2020-01-01", "2026-11-20")
    feed(pinned, *((day, day) for day in days[:-1]))
    run = harvest(installation, web, kind="feed")
    assert counts(run) == {"new": 1, "same": 7}
    assert "no order of days" in run.json["notes"][0]
    feed(changed, *((day, day) for day in days[:-1]))
    assert counts(harvest(installation, web, kind="feed")) == {"new": 1, "same": 7}
    assert len(documents(installation)) == 10
    feed(changed, *((day, day) for day in days[:-1] if day != "2026-11-05"))
    assert counts(harvest(installation, web, kind="feed")) == {"same": 7, "removed": 1}


def test_told_removal_counts_beside_a_reject_without_identifier(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords", records(1, 2, 3, 4))
    harvest(installation, web)
    nameless = "<record><header><datestamp>2026-11-01</datestamp></header><metadata/></record>"
    web.answer("/oai?verb=ListRecords", oai_list(oai_record("1", status=DELETED), nameless))
    run = harvest(installation, web, "--max-bad", "1")
    assert counts(run) == {"removed": 1}
    assert run.json["removals_withheld"] == "a reject has no identifier (page 1, record 2)"
    web.answer("/oai?verb=ListRecords", oai_list(oai_record("2"), nameless))
    assert counts(harvest(installation, web, "--max-bad", "1", "--full")) == {"same": 1}
    assert set(documents(installation)) == {"Texte 2", "Texte 3", "Texte 4"}


def test_record_that_is_not_about_the_words_any_more_goes(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords", records(1, 2, 3, 4))
    harvest(installation, web, "--about", "texte")
    web.answer("/oai?verb=ListRecords", oai_list(oai_record("1", "Cuisine 1"), oai_record("9", "Cuisine 9")))
    assert counts(harvest(installation, web, "--about", "texte")) == {"removed": 1}
    assert set(documents(installation)) == {"Texte 2", "Texte 3", "Texte 4"}


def test_page_that_refuses_to_be_indexed_or_is_gone_for_good_goes(installation: Installation, web: Web) -> None:
    page = "<html><head>{1}<title>Page {0}</title></head></html>"
    urls = "".join(f"<url><loc>{web.address}/p{n}</loc></url>" for n in range(10))
    web.answer("/sitemap", SITEMAP.format(urls))
    for n in range(10):
        web.answer(f"/p{n}", page.format(n, ""), "text/html")
    harvest(installation, web, kind="sitemap")
    web.answer("/p1", page.format(1, '<meta name="robots" content="noindex">'), "text/html")
    web.answer("/p2", "", status="410 Gone")
    web.answer("/p3", "", status="404 Not Found")
    assert counts(harvest(installation, web, "--max-bad", "1", kind="sitemap")) == {"same": 7, "removed": 2, "kept": 1}
    assert set(documents(installation)) == {f"Page {n}" for n in (0, *range(3, 10))}


def test_page_with_the_same_lastmod_is_not_asked_again(installation: Installation, web: Web) -> None:
    rows = [f"<url><loc>{web.address}/p{n}</loc><lastmod>2026-11-0{n}</lastmod></url>" for n in (1, 2)]
    web.answer("/sitemap", SITEMAP.format("".join(rows)))
    for n in (1, 2):
        web.answer(f"/p{n}", f"<html><head><title>Page {n}</title></head></html>", "text/html")
    harvest(installation, web, kind="sitemap")
    web.asked.clear()
    web.answer("/sitemap", SITEMAP.format("".join(rows).replace("2026-11-02", "2026-11-12")))
    run = harvest(installation, web, kind="sitemap")
    assert (web.asked, run.json["unchanged"], run.json["same"]) == (["/sitemap", "/p2"], 1, 1)
    web.asked.clear()
    harvest(installation, web, kind="sitemap")
    assert web.asked == ["/sitemap"]
    assert set(documents(installation)) == {"Page 1", "Page 2"}


def test_merge_that_was_killed_is_finished_by_the_next_harvest(
    installation: Installation, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.answer("/oai?verb=ListRecords", records(1, 2))
    with monkeypatch.context() as patched:
        patched.setattr(merging, "merge", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        harvest(installation, web, status=2)
    assert documents(installation) == {}
    assert "x: 2 records, never harvested to the end" in installation.run("status").out
    web.answer("/other?verb=Identify", oai_identify())
    web.answer("/other?verb=ListRecords", oai_list(oai_record("9")))
    url = f"{web.address}/other"
    assert installation.run("harvest", "--source", "other", "--kind", "oai", "--url", url).status == 0
    assert set(documents(installation)) == {"Texte 1", "Texte 2", "Texte 9"}


def test_source_of_another_kind_needs_another_name(installation: Installation, web: Web) -> None:
    web.answer("/oai?verb=ListRecords", records(1))
    harvest(installation, web)
    run = harvest(installation, web, kind="feed", status=2)
    assert run.trouble[0].endswith("choose another name, or forget it")


def test_source_that_shares_its_name_with_a_catalogue_is_told(installation: Installation, web: Web) -> None:
    assert installation.load(Action("A1"), source="x").status == 0
    web.answer("/oai?verb=ListRecords", records(1))
    assert harvest(installation, web).json["notes"] == [
        "a catalogue is called x, too: forget removes its offers as well"
    ]
    assert harvest(installation, web, source="y").json["notes"] == []
    assert installation.run("forget", "y").out == "y: 1 records of documents removed\n"
    assert (
        installation.run("forget", "x").out
        == "x: 1 offers removed, 1 records of documents; its seat statements are kept\n"
    )


def test_status_tells_each_source_its_age_and_its_records(installation: Installation, web: Web) -> None:
    assert installation.run("funding").status == 0
    web.answer("/oai?verb=ListRecords", records(1, 2))
    harvest(installation, web, "--set", "a")
    told = json.loads(installation.run("status", "--json").out)["documents"]
    assert (told["documents"], told["records"]) == (34, 34)
    rows = {row["name"]: (row["records"], row["set"], row["age_days"]) for row in told["sources"]}
    assert rows == {"boussole-financements": (32, None, 0), "x": (2, "a", 0)}
    assert "  documents of x (set a): 2 records, harvested " in installation.run("status").out
    sheets = {each.get("url"): (each["funder"], each["kind"]) for each in documents(installation).values()}
    assert sheets["/financements/ptp"] == (["17"], "sheet")


def test_key_in_the_address_of_a_source_is_told_nowhere(installation: Installation, web: Web) -> None:
    web.answer("/oai?apikey=abc123&verb=Identify", oai_identify())
    web.answer("/oai?apikey=abc123&verb=ListRecords", oai_list(oai_record("1")))
    asked = ("harvest", "--source", "x", "--kind", "oai", "--url", f"{web.address}/oai?apikey=abc123", "--json")
    runs = [installation.run(*asked), installation.run("status", "--json")]
    web.answer("/oai?apikey=abc123&verb=ListRecords", "<html/>")
    runs += [installation.run(*asked), installation.run("harvest", "--source", "x", "--kind", "feed", *asked[5:])]
    assert [run.status for run in runs] == [0, 0, 2, 2]
    assert "apikey=…&verb=ListRecords" in runs[2].err
    assert "abc123" not in "".join(run.out + run.err for run in runs)
    assert "apikey=abc123" in web.asked[-1]
