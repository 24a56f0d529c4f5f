"""Hostile sources on a real server: no harvest is complete, none removes a document, each is reported in one line."""

import gzip
import resource
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from indexer.harvest.fetch.exchange import Bounds
from indexer.harvest.run.options import HarvestOptions
from tests.documents.web import Web, arguments_of, oai_identify, oai_list, oai_page, oai_record, running_web
from tests.engine.installation import Installation, Run

KEPT = 6  # records of the sound harvest that every hostile one follows
SECONDS, MEMORY = 30.0, 80_000_000  # of a hostile harvest, at most, on a busy machine; requests have the bounds below
QUICK = Bounds(body=2_000_000, connect=2, idle=2, whole=5, patience=1, least_rate=200)
SOUND = oai_list(*(oai_record(str(n)) for n in range(KEPT)))
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><x>&j;</x>"
)


@pytest.fixture
def web() -> Iterator[Web]:
    with running_web() as web:
        yield web


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setattr("indexer.harvest.command.HarvestOptions", partial(HarvestOptions, bounds=QUICK, quiet=True))
    return Installation(engine_url, index_prefix, tmp_path)


def harvest(installation: Installation, web: Web, kind: str = "oai", *options: str) -> Run:
    return installation.run("harvest", "--source", "x", "--kind", kind, "--url", f"{web.address}/source", *options)


def live(installation: Installation) -> set[str]:
    installation.call("POST", f"{installation.names.documents}/_refresh")
    hits = installation.call("POST", f"{installation.names.documents}/_search", {"size": 100})["hits"]["hits"]
    return {hit["_source"]["title"] for hit in hits if not hit["_source"].get("deleted")}


def state(installation: Installation) -> object:
    return installation.call("POST", f"{installation.names.harvests}/_search")["hits"]["hits"]


def sound(web: Web) -> None:
    web.answer("/source?verb=Identify", oai_identify())
    web.answer("/source?verb=ListRecords", SOUND)


def serve_pages(web: Web, first: str, rest: Callable[[str], str]) -> None:
    def answer(sock: socket.socket, target: str) -> None:
        token = arguments_of(target).get("resumptionToken")
        body = (first if token is None else rest(token)).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        sock.sendall(head.encode() + body)

    web.handle("/source?verb=ListRecords", answer)


def cut_body(web: Web) -> None:
    body = SOUND.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    web.handle("/source?verb=ListRecords", lambda sock, _: sock.sendall(head + body[:-200]))


def cut_xml(web: Web) -> None:
    web.answer("/source?verb=ListRecords", SOUND[: SOUND.index("Texte 3")])


def cut_second_page(web: Web) -> None:
    serve_pages(web, oai_list(oai_record("0"), token="next"), lambda _: SOUND[:-40])


def cut_gzip(web: Web) -> None:
    web.answer("/source?verb=ListRecords", gzip.compress(SOUND.encode())[:-30], extra="Content-Encoding: gzip\r\n")


def looping_token(web: Web) -> None:
    page = oai_list(oai_record("0"), oai_record("1"), token="again")
    serve_pages(web, page, lambda _: page)


def endless_tokens(web: Web) -> None:
    page = oai_list(oai_record("0"), token="t0")
    serve_pages(web, page, lambda token: oai_list(oai_record("0"), token=f"t{int(token[1:]) + 1}"))


def fewer_than_announced(web: Web) -> None:
    first = oai_list(oai_record("0"), token="next", attributes=' completeListSize="250"')
    serve_pages(web, first, lambda _: oai_list(oai_record("1"), token=""))


def html_with_200(web: Web) -> None:
    web.answer("/source?verb=ListRecords", "<html><body><h1>Maintenance</h1></body></html>", "text/html")


def page_of_maintenance(web: Web) -> None:
    web.rules.clear()
    web.answer("/source", "<!doctype html><html><body><p>Maintenance<br></body></html>", "text/html")


def far_retry_after(web: Web) -> None:
    late = "Retry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\n"
    web.answer("/source?verb=ListRecords", "", status="503 Service Unavailable", extra=late)


def expired_token(web: Web) -> None:
    fault = oai_page('<error code="badResumptionToken">The token\nhas \x1b[31mexpired</error>'.replace("\x1b", ""))
    serve_pages(web, oai_list(oai_record("0"), token="old"), lambda _: fault)


def entity_bomb(web: Web) -> None:
    web.answer("/source?verb=ListRecords", BOMB)


def entity_bomb_in_utf_16(web: Web) -> None:
    web.answer("/source?verb=ListRecords", BOMB.replace('<?xml version="1.0"?>', "").encode("utf-16"))


def external_entity(web: Web) -> None:
    body = f'<!-- <a> --><!DOCTYPE x [<!ENTITY e SYSTEM "{web.address}/secret">]><x>&e;</x>'
    web.answer("/source?verb=ListRecords", body)


def redirect_to(place: str, web: Web) -> None:
    web.answer("/source?verb=ListRecords", "", status="302 Found", extra=f"Location: {place}\r\n")


def redirect_loop(web: Web) -> None:
    redirect_to("/source?verb=ListRecords&again=1", web)


def five_gigabytes(web: Web) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n"

    def send(sock: socket.socket, _: str) -> None:
        sock.sendall(head)
        for _number in range(5_000):
            sock.sendall(b"<record>" * 125_000)

    web.handle("/source?verb=ListRecords", send)


def endless_without_length(web: Web) -> None:
    def send(sock: socket.socket, _: str) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n<x>")
        for _number in range(5_000):
            sock.sendall(b"<record>" * 125_000)

    web.handle("/source?verb=ListRecords", send)


def gzip_bomb(web: Web) -> None:
    body = gzip.compress(b"<x>" + b"a" * 300_000_000)
    web.answer("/source?verb=ListRecords", body, extra="Content-Encoding: gzip\r\n")


def a_byte_a_second(web: Web) -> None:
    def send(sock: socket.socket, _: str) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
        for letter in SOUND:
            time.sleep(0.5)
            sock.sendall(letter.encode())

    web.handle("/source?verb=ListRecords", send)


def a_byte_a_second_of_the_head(web: Web) -> None:
    def send(sock: socket.socket, _: str) -> None:
        for letter in "HTTP/1.1 200 OK\r\nX-Long: " + "a" * 10_000:
            time.sleep(0.5)
            sock.sendall(letter.encode())

    web.handle("/source?verb=ListRecords", send)


def silence(web: Web) -> None:
    web.handle("/source?verb=ListRecords", lambda sock, _: time.sleep(8))


def cut_head(web: Web) -> None:
    web.handle("/source?verb=ListRecords", lambda sock, _: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Le"))


def deep_nesting(web: Web) -> None:
    web.answer("/source?verb=ListRecords", "<a>" * 200_000 + "</a>" * 200_000)


def millions_of_tags(web: Web) -> None:
    web.answer("/source?verb=ListRecords", "<x>" + "<a/>" * 400_000 + "</x>")


PRIVATE = (
    "http://127.0.0.1:9/", "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://[::1]/", "http://0/",
    "http://[::ffff:10.0.0.1]/", "http://2130706433/", "http://localhost:9/", "file:///etc/passwd", "gopher://x/",
)  # fmt: skip
HOSTILE: dict[str, tuple[Callable[[Web], None], str]] = {
    "cut body": (cut_body, "cut"),
    "cut XML": (cut_xml, "not whole, well-formed XML"),
    "cut second page": (cut_second_page, "not whole, well-formed XML"),
    "cut gzip": (cut_gzip, "cut"),
    "looping token": (looping_token, "'again' repeats"),
    "endless tokens": (endless_tokens, "the list turns in a circle"),
    "fewer than announced": (fewer_than_announced, "2 records came, 250 were announced"),
    "HTML with status 200": (html_with_200, "not OAI-PMH, but <html>"),
    "page of maintenance": (page_of_maintenance, "DOCTYPE refused"),
    "Retry-After in a year": (far_retry_after, "come back later"),
    "expired token": (expired_token, "badResumptionToken: The token has"),
    "entity bomb": (entity_bomb, "DOCTYPE refused"),
    "entity bomb in UTF-16": (entity_bomb_in_utf_16, "DOCTYPE refused"),
    "external entity": (external_entity, "DOCTYPE refused"),
    "redirect loop": (redirect_loop, "private address"),
    "five gigabytes": (five_gigabytes, "5000000000 bytes, at most"),
    "endless without length": (endless_without_length, "more than 2000000 bytes"),
    "gzip bomb": (gzip_bomb, "more than 2000000 bytes when decompressed"),
    "a byte a second": (a_byte_a_second, "too slow"),
    "a byte a second of the head": (a_byte_a_second_of_the_head, "not whole after 5 s"),
    "silence": (silence, "nothing came for 2 s"),
    "cut head": (cut_head, "not whole, well-formed XML"),
    "deep nesting": (deep_nesting, "not whole, well-formed XML"),
    "millions of tags": (millions_of_tags, "not OAI-PMH, but <x>"),
    **{f"redirect to {place}": (partial(redirect_to, place), "") for place in PRIVATE},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_source_removes_nothing_and_is_told_in_one_line(
    installation: Installation, web: Web, name: str
) -> None:
    sound(web)
    web.answer("/secret", "never")
    assert harvest(installation, web).status == 0
    before, titles = state(installation), live(installation)
    assert len(titles) == KEPT
    make_hostile, told = HOSTILE[name]
    make_hostile(web)
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    run = harvest(installation, web, "oai", "--full")
    assert time.monotonic() - began < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024 < MEMORY
    assert run.status in (2, 3)
    lines = run.trouble if run.status == 2 else [line for line in run.out.splitlines() if "  problem: " in line]
    assert len(lines) == 1
    assert told in lines[0]
    assert lines[0].isprintable()
    assert live(installation) == titles
    assert state(installation) == before
    assert "/secret" not in web.asked
    sound(web)
    assert harvest(installation, web).status == 0


FEEDS: dict[str, tuple[bytes, str]] = {
    "HTML": (b"<html><body>x</body></html>", "not a feed"),
    "DOCTYPE": (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>', "DOCTYPE refused"),
    "cut": (b'<rss version="2.0"><channel><title>x</title><item><title>Un</title><guid>1</guid></item>', "is cut"),
    "an address": (b"http://127.0.0.1:9/feed", "not a feed"),
    "a path": (b"/etc/passwd", "not a feed"),
    "JSON that is none": (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "well-formed JSON"),
    "JSON of another kind": (b'{"items": []}', "not a JSON Feed"),
    "empty": (b"", "not a feed"),
}
RSS = '<rss version="2.0"><channel><title>Flux</title>{}</channel></rss>'
ITEM = "<item><title>Titre {0}</title><guid>{0}</guid><pubDate>Mon, {0:02} Nov 2026 08:00:00 GMT</pubDate></item>"


@pytest.mark.parametrize("name", FEEDS)
def test_hostile_feed_removes_nothing(installation: Installation, web: Web, name: str) -> None:
    web.answer("/source", RSS.format(ITEM.format(2) + ITEM.format(9)), "application/rss+xml")
    assert harvest(installation, web, "feed").status == 0
    body, told = FEEDS[name]
    web.answer("/source", body, "application/rss+xml")
    run = harvest(installation, web, "feed")
    assert (run.status, len(run.trouble), told in run.err) == (2, 1, True), run.err
    assert live(installation) == {"Titre 2", "Titre 9"}


def test_source_that_never_ends_fills_no_disk(
    installation: Installation, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = replace(QUICK, stored=50_000)
    monkeypatch.setattr("indexer.harvest.command.HarvestOptions", partial(HarvestOptions, bounds=bounds, quiet=True))
    web.answer("/source?verb=Identify", oai_identify())
    nameless = oai_record("x").replace("<dc:title>Texte x</dc:title>", "")

    def page(token: str) -> str:
        number = int(token)
        return oai_list(oai_record(token), oai_record(f"{number}b"), nameless, token=f"{number + 1}")

    serve_pages(web, page("0"), page)
    run = harvest(installation, web, "oai", "--max-bad", "1")
    assert run.status == 3
    assert "more than 50000 bytes to store" in run.out
    assert len(web.asked) < 60


def test_sitemap_asks_no_page_of_another_site(installation: Installation, web: Web) -> None:
    places = ("/a", "/b")
    page = '<html><head><title>Page {}</title></head><body><script type="application/ld+json">{{</script></body></html>'
    for place in places:
        web.answer(place, page.format(place), "text/html")
    others = ("http://127.0.0.1:9/c", "http://169.254.169.254/d", "file:///etc/passwd")
    urls = "".join(f"<url><loc>{place}</loc></url>" for place in (*(web.address + each for each in places), *others))
    web.answer("/source", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')
    run = harvest(installation, web, "sitemap", "--max-bad", "1")
    assert run.status == 0, run.err
    assert "rejected 3: other-site" in run.out
    assert live(installation) == {"Page /a", "Page /b"}


def test_sitemap_whose_pages_do_not_come_is_given_up(installation: Installation, web: Web) -> None:
    urls = "".join(f"<url><loc>{web.address}/p{n}</loc></url>" for n in range(50))
    web.answer("/source", f"<urlset>{urls}</urlset>")
    web.handle("/p", lambda sock, _: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"))
    run = harvest(installation, web, "sitemap", "--max-bad", "1")
    assert run.status == 3
    assert "5 pages in a row did not come" in run.out
    assert len(web.asked) < 8


def test_zip_that_is_cut_or_hides_a_bomb_removes_nothing(installation: Installation, web: Web) -> None:
    web.answer("/source", b"PK\x03\x04" + b"x" * 500, "application/zip")
    run = harvest(installation, web, "dila")
    assert (run.status, "not a whole zip" in run.err) == (2, True)
