"""Sitemaps as values: parts that hold every key once, limits, one address for each training with its latest news."""

from itertools import pairwise
from typing import Any

import orjson
import pytest
from msgspec import Raw

from mappings.reference import Reference
from search_app.pages.crawlers.counted import counted, job_urls, territory_urls
from search_app.pages.crawlers.routes import sitemap_paths
from search_app.pages.crawlers.urlset import (
    END,
    HEAD,
    MOST_ADDRESSES,
    STARTS,
    build_range,
    key_range,
    offers_body,
    to_urlset,
    trainings_body,
)
from search_app.pages.subjects.overview import Overview
from search_app.search.reference_data import Snapshot

SNAPSHOT = Snapshot(Reference(rome={"F1703": "Maçonnerie"}))


def record(**fields: Any) -> Raw:
    return Raw(orjson.dumps(fields))


def row(code: str, news: str | None, **inside: Any) -> dict[str, Any]:
    return {"key": code, "newest": {"value_as_string": news} if news else {"value": None}, **inside}


@pytest.mark.parametrize("parts", [1, 2, 3, 80, 1_024])
def test_every_key_is_in_one_part(parts: int) -> None:
    ranges = [key_range(part, parts) for part in range(1, parts + 1)]
    assert (ranges[0][0], ranges[-1][1]) == (None, None)
    assert all(before[1] == after[0] for before, after in pairwise(ranges))
    starts = [first for first, _ in ranges if first]
    assert starts == sorted(set(starts))
    assert set(starts) <= set(STARTS)


def test_the_range_of_a_part_leaves_out_the_key_after_it() -> None:
    assert build_range("key", 1, 1) == []
    assert build_range("key", 1, 2) == [{"range": {"key": {"lt": "k2"}}}]
    assert build_range("training_key", 2, 2) == [{"range": {"training_key": {"gte": "k2"}}}]


def test_a_training_is_listed_once_with_the_news_of_its_first_offer() -> None:
    body = trainings_body("https://a.example")
    offers = [
        record(training_key="aaaaaaaaaaaa", title="CAP maçon", news_at="2026-11-23"),
        record(training_key="aaaaaaaaaaaa", title="CAP Maçon", news_at="2026-11-20"),
        record(training_key="bbbbbbbbbbbb", title="CAP coiffure"),
    ]
    assert [part.decode() for offer in offers for part in body.to_parts(offer)] == [
        "<url><loc>https://a.example/formations/aaaaaaaaaaaa-cap-macon</loc><lastmod>2026-11-23</lastmod></url>",
        "<url><loc>https://a.example/formations/bbbbbbbbbbbb-cap-coiffure</loc></url>",
    ]
    assert (body.head, body.tail) == (HEAD, END)


def test_an_offer_is_dated_by_its_news_not_by_when_it_was_written() -> None:
    (url,) = offers_body("").to_parts(record(key="aaaaaaaaaaaa", news_at="2026-11-20", written_at="2026-11-23"))
    assert url == b"<url><loc>/offres/aaaaaaaaaaaa</loc><lastmod>2026-11-20</lastmod></url>"


@pytest.mark.parametrize("stated", ["2026-11-29T19:32:16.511+00:00", "2026-11-29T19:32:16.511Z"])
def test_a_time_is_written_in_one_way_in_every_sitemap(stated: str) -> None:
    expected = b"<lastmod>2026-11-29T19:32:16.511Z</lastmod>"
    assert expected in b"".join(offers_body("").to_parts(record(key="aaaaaaaaaaaa", news_at=stated)))
    assert expected in to_urlset([("/metiers", stated)])


def test_a_sitemap_never_has_more_addresses_than_the_protocol_allows() -> None:
    made = to_urlset((f"/{number}", None) for number in range(MOST_ADDRESSES + 1))
    assert made.count(b"<loc>") == MOST_ADDRESSES


def test_the_index_lists_as_many_parts_as_the_offers_need() -> None:
    overview = Overview(30_000, {"rome": {"F1703": 9, "M1203": 3, "A1201": 2}})
    assert sitemap_paths(75_000, overview) == [
        "/sitemap-pages.xml", "/sitemap-domaines.xml", "/sitemap-territoires.xml", "/sitemap-metiers-f.xml",
        "/sitemap-metiers-m.xml", "/sitemap-formations-1-2.xml", "/sitemap-formations-2-2.xml",
        *(f"/sitemap-offres-{part}-3.xml" for part in (1, 2, 3)),
    ]  # fmt: skip
    assert sitemap_paths(0, Overview(0, {}))[3:] == []


def test_only_codes_with_a_page_are_counted_each_with_its_latest_news() -> None:
    body = counted("rome", {"department": counted("department")}, include="F[0-9]{4}")
    assert (body["terms"]["min_doc_count"], body["terms"]["include"]) == (3, "F[0-9]{4}")
    assert body["aggs"]["newest"] == body["aggs"]["department"]["aggs"]["newest"] == {"max": {"field": "news_at"}}


def test_jobs_and_territories_are_listed_under_their_canonical_addresses() -> None:
    inside = {"buckets": [row("81", "2026-11-21"), row("zz", "2026-11-21")]}
    assert list(job_urls([row("F1703", "2026-11-23", department=inside)], SNAPSHOT)) == [
        ("/metiers/F1703-maconnerie", "2026-11-23"), ("/metiers/F1703-maconnerie/81-tarn", "2026-11-21"),
    ]  # fmt: skip
    found = {"region": {"buckets": [row("76", "2026-11-23")]}, "department": {"buckets": [row("81", None)]},
             "commune": {"buckets": [row("81004", "2026-11-23")]}}  # fmt: skip
    assert list(territory_urls(found, SNAPSHOT)) == [
        ("/territoires/region-76-occitanie", "2026-11-23"), ("/territoires/departement-81-tarn", None),
    ], "a commune of which nothing is known has no page"  # fmt: skip
