"""A crawler reaches every offer to come from the home page, and every number that it reads on its way is the API's."""

import json
import re
from zlib import crc32

import pytest

from tests.crawler import MOST_CLICKS, OFFER, Answer, Crawl, crawl, to_api, wrong_counts
from tests.engine.loaded import LoadedApp

FEW = 60  # offers that are opened: each is a page of its own kind, tested elsewhere
EACH = 3  # of the counts, every third is compared
SOME = 4  # of the pages that lead to offers which other lists have too, every fourth is opened
LAST = re.compile(r"/formations/[^/]+|/metiers/[^/]+/[^/]+")
LISTS = re.compile("/domaines/|/territoires/(region|departement)-")
TOTALS: dict[str, int] = {}


@pytest.fixture(name="found", scope="module")
def crawled_site(loaded_app: LoadedApp) -> Crawl:
    opened: list[str] = []

    def get(path: str) -> Answer:
        answer = loaded_app.client.get(path, follow_redirects=False)
        return Answer(answer.status_code, answer.headers.get("content-type", ""), answer.text)

    def is_opened(path: str, _: int) -> bool:
        if OFFER.match(path):
            opened.append(path)
            return len(opened) <= FEW
        return not LAST.fullmatch(path) or crc32(path.encode()) % SOME == 0

    return crawl(get, is_opened)


@pytest.fixture(name="to_come", scope="module")
def offers_to_come(loaded_app: LoadedApp) -> set[str]:
    lines = loaded_app.get("/api/v1/offers.ndjson?upcoming=true").content.splitlines()
    return {json.loads(line)["key"] for line in lines}


def test_every_offer_to_come_is_near_the_home_page(found: Crawl, to_come: set[str]) -> None:
    clicks = found.offers()
    assert len(to_come) > 1_000
    assert to_come - clicks.keys() == set()
    assert {key for key in to_come if clicks[key] > MOST_CLICKS} == set()


def test_no_page_redirects_has_parameters_or_says_two_things_of_itself(found: Crawl) -> None:
    assert found.problems == []
    assert len(found.indexed) > 100
    assert not any("?" in path for path in found.clicks)


def test_the_number_of_a_page_is_that_of_its_search(found: Crawl, loaded_app: LoadedApp) -> None:
    def total_of(search: str) -> int:
        if search not in TOTALS:
            TOTALS[search] = loaded_app.get(to_api(search)).json()["total"]
        return TOTALS[search]

    kinds = {path.split("/")[1] for path in found.counts}
    assert kinds == {"metiers", "domaines", "territoires", "formations"}
    assert {path for path, _ in found.stated} >= {"/", "/metiers", "/domaines", "/territoires"}
    assert wrong_counts(found, total_of, EACH) == []


def test_lists_go_on_at_paths_and_link_all_their_pages(loaded_app: LoadedApp, found: Crawl) -> None:
    later = [
        path for path in found.clicks if re.match(r"/(domaines/|territoires/(region|departement)-)[^/]+/page/", path)
    ]
    assert later
    assert all(found.clicks[path] <= MOST_CLICKS - 1 for path in later)
    first = later[0].partition("/page/")[0]
    for number in ("0", "1", "01", "x", "200", "201", "99999", "-1", "1.0"):
        answer = loaded_app.client.get(f"{first}/page/{number}", follow_redirects=False)
        expected = (301, first) if number == "1" else (404, None)
        assert (answer.status_code, answer.headers.get("location")) == expected, number
