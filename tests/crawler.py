"""Walks a site as a crawler does: from the home page, along links without ``nofollow``, breadth first.

``python -m tests.crawler URL`` walks a running app and prints what it finds; ``--each N`` opens one in N of the pages
at three clicks or more and compares as many counts.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html

MOST_CLICKS: Final = 4
OFFER: Final = re.compile(r"/offres/[a-z2-7]{12}")
LIST: Final = re.compile(r"/(metiers|domaines|territoires|formations)/")
COUNT: Final = re.compile(r"\d[\d\u202f]*")
SITE: Final = "http://crawled.example"


@dataclass(frozen=True)
class Answer:
    """What the site answers to a path."""

    status: int
    media_type: str
    text: str


Get = Callable[[str], Answer]


@dataclass
class Crawl:
    """Clicks by path, the number of offers that each list states with the search it leads to, counts beside links by
    the page that states them, and what is wrong.
    """

    clicks: dict[str, int] = field(default_factory=dict)
    counts: dict[str, tuple[int, str]] = field(default_factory=dict)
    stated: dict[tuple[str, str], int] = field(default_factory=dict)
    indexed: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def offers(self) -> dict[str, int]:
        """Return the clicks of each offer that is reached, by its key."""
        return {path.removeprefix("/offres/"): clicks for path, clicks in self.clicks.items() if OFFER.fullmatch(path)}


def crawl(get: Get, is_opened: Callable[[str, int], bool]) -> Crawl:
    """Return what is found from the home page on; ``is_opened`` tells whether a page at so many clicks is read."""
    found = Crawl({"/": 0})
    waiting = deque(["/"])
    while waiting:
        path = waiting.popleft()
        clicks = found.clicks[path]
        if not is_opened(path, clicks):
            continue
        answer = get(path)
        if answer.status != 200:
            found.problems.append(f"{path} answers {answer.status}")
        elif answer.media_type.startswith("text/html"):
            for link in _read(path, html.fromstring(answer.text), found):
                if link not in found.clicks:
                    found.clicks[link] = clicks + 1
                    waiting.append(link)
    return found


def _read(path: str, page: html.HtmlElement, found: Crawl) -> Iterator[str]:
    """Note what a page states, and yield the paths that a crawler follows."""
    canonical = [urlsplit(each).path for each in page.xpath('//link[@rel="canonical"]/@href')]
    noindex = page.xpath('//meta[@name="robots"][contains(@content, "noindex")]')
    if bool(canonical) == bool(noindex):
        found.problems.append(f"{path}: canonical {canonical}, noindex {bool(noindex)}")
    elif canonical and canonical != [path]:
        found.problems.append(f"{path} calls {canonical} canonical")
    elif canonical:
        found.indexed.add(path)
    for link in page.xpath('//*[contains(@class, "portal-count")]/a'):
        found.counts[path] = (_number(link), link.get("href"))
    for tally in page.xpath('//a//*[contains(concat(" ", @class, " "), " tally ") or contains(@class, "tile-count")]'):
        (link,) = tally.xpath("ancestor::a")
        found.stated[path, link.get("href")] = _number(tally)
    for link in page.iterfind(".//a[@href]"):
        whole = urlsplit(urljoin(SITE + path, link.get("href")))
        if "nofollow" in (link.get("rel") or "") or f"{whole.scheme}://{whole.netloc}" != SITE:
            continue
        if whole.query:
            found.problems.append(f"{path} leads to {link.get('href')}")
        yield whole.path


def _number(element: html.HtmlElement) -> int:
    match = COUNT.search(element.text_content())
    assert match is not None
    return int(match[0].replace("\u202f", ""))


def wrong_counts(found: Crawl, total_of: Callable[[str], int], each: int = 1) -> list[str]:
    """Return the counts that differ from the total of their search, which ``total_of`` asks the API for."""
    wrong = []
    for path, (count, search) in sorted(found.counts.items())[::each]:
        if total_of(search) != count:
            wrong.append(f"{path} states {count} of {total_of(search)}")
    for (path, href), count in sorted(found.stated.items())[::each]:
        if href.startswith("/offres?"):
            total = total_of(href)
        elif href in found.counts:
            total = found.counts[href][0]
        else:
            continue
        if total != count:
            wrong.append(f"{path} states {count} beside {href}, of {total}")
    return wrong


def to_api(search: str) -> str:
    """Return the address of the same search at the API."""
    return f"{search.replace('/offres?', '/api/v1/offers?')}&size=1"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--each", type=int, default=20)
    options = parser.parse_args()
    client = httpx.Client(base_url=options.url, timeout=30)
    seen: Counter[str] = Counter()

    def get(path: str) -> Answer:
        answer = client.get(path)
        return Answer(answer.status_code, answer.headers.get("content-type", ""), answer.text)

    def is_opened(path: str, clicks: int) -> bool:
        kind = "offer" if OFFER.match(path) else "list" if re.search(r"/page/\d+$", path) else path.split("/")[1]
        seen[kind] += 1
        if kind == "offer":
            return seen[kind] % 500 == 1
        one_in: int = options.each
        return clicks < 3 or kind == "list" or seen[kind] % one_in == 1

    def total_of(address: str) -> int:
        total: int = client.get(to_api(address)).raise_for_status().json()["total"]
        return total

    found = crawl(get, is_opened)
    offers = found.offers()
    wanted = _keys(client)
    missing = wanted - offers.keys()
    far = {key for key in wanted & offers.keys() if offers[key] > MOST_CLICKS}
    wrong = wrong_counts(found, total_of, options.each)
    print(f"pages known: {len(found.clicks):,}; indexed among those opened: {len(found.indexed):,}")
    print(f"by clicks: {dict(sorted(Counter(found.clicks.values()).items()))}; kinds: {dict(seen)}")
    print(f"offers to come: {len(wanted):,}; not reached: {len(missing)}; beyond {MOST_CLICKS} clicks: {len(far)}")
    print(f"counts compared: {len(found.counts) + len(found.stated):,} / {options.each}; wrong: {len(wrong)}")
    for text in [*found.problems[:20], *wrong[:20]]:
        print(f"- {text}")
    return 1 if missing or far or found.problems or wrong else 0


def _keys(client: httpx.Client) -> set[str]:
    lines = client.get("/api/v1/offers.ndjson?upcoming=true", timeout=120).raise_for_status().text.splitlines()
    return {_key_of(line) for line in lines}


def _key_of(line: str) -> str:
    found: Any = re.search(r'"key":"([a-z2-7]{12})"', line)
    return str(found[1])


if __name__ == "__main__":
    sys.exit(main())
