"""Documents beside an offer, a job, a territory, a scheme: by shared codes, the most specific first."""

import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from mappings.documents.document import Document, Provenance
from search_app.documents.related import WORTH, SharedCodes, build_related_body
from tests.documents.indexed import documents_beside, numbered_document
from tests.engine.loaded import TODAY, LoadedApp, serve

EXPIRED, LATER = date(2026, 11, 22), date(2026, 11, 24)  # the day before and after the fixtures' day


def about(number: int, title: str, **codes: Any) -> Document:
    """Return a document with these codes; without a territory unless one is given."""
    told: dict[str, Any] = {"kind": "sheet", "region": [], "published": date(2026, 1, 1), "deleted": False}
    return numbered_document(number, title=title, **(told | codes))


def documents() -> list[Document]:
    """Return documents that share different codes with an offer for masons in Occitanie."""
    mason = {"rome": ["F1703"]}
    scheme = Provenance(source="boussole-financements", identifier="prf")
    return [
        about(1, "By job", **mason),
        about(2, "By job, newer", **mason | {"published": date(2026, 6, 1)}),
        about(3, "By job, expired", **mason | {"valid_until": EXPIRED}),
        about(4, "By job, valid until today", **mason | {"valid_until": TODAY, "published": date(2025, 1, 1)}),
        about(5, "By job, not yet", **mason | {"valid_from": LATER}),
        about(6, "By job, of another region", **mason | {"region": ["53"]}),
        about(7, "By job, removed", **mason | {"deleted": True}),
        about(8, "By domain", domain=["223"]),
        about(9, "By Formacode", formacode=["22354"], domain=["223"]),
        about(10, "By funder", funder=["2"]),
        about(11, "By funder, about bakers", funder=["2"], rome=["D1102"], domain=["215"]),
        about(12, "Of the region alone", region=["76"], kind="news"),
        about(13, "Of the département alone", region=["76"], department=["81"], kind="news"),
        about(14, "By funder, a scheme", funder=["2"], provenances=[scheme], published=date(2026, 10, 1)),
        about(15, "Nothing in common"),
    ]


@pytest.fixture(scope="module")
def app(engine_url: str, loaded_prefix: str) -> Iterator[LoadedApp]:
    """The app over the fixtures and these documents."""
    own = f"test-{secrets.token_hex(4)}-"
    with documents_beside(engine_url, loaded_prefix, own, documents()), serve(engine_url, own) as app:
        yield app


def informed(app: LoadedApp, address: str) -> list[str]:
    """Return the titles in the block of a page, none without a block."""
    answer = app.get(address)
    assert answer.status == 200, answer.text
    _, found, rest = answer.text.partition('id="sinformer"')
    block = rest.partition("</section>")[0]
    assert bool(found) == bool(block)
    return re.findall(r'document-title"><a href="/documents/\w+">([^<]+)</a>', block)


def offer(app: LoadedApp, query: str) -> dict[str, Any]:
    found = app.get(f"/api/v1/offers?{query}&size=100").json()["results"]
    wanted: dict[str, Any] = found[0]
    return wanted


def codes_of(app: LoadedApp, key: str) -> dict[str, Any]:
    record: dict[str, Any] = app.get(f"/api/v1/offers/{key}").json()["record"]
    return record


def expected_for(record: dict[str, Any]) -> Sequence[str]:
    """Return the titles of an offer's block, from its codes alone."""
    fit = [each for each in documents() if not each.deleted and _is_valid(each) and _is_of(each, record)]
    ranked = sorted(fit, key=lambda each: (-_worth(each, record), -(each.published or date.min).toordinal(), each.key))
    return [each.title for each in ranked if _worth(each, record) >= 2][:4]


def _is_valid(document: Document) -> bool:
    first, last = document.valid_from or date.min, document.valid_until or date.max
    return first <= TODAY <= last


def _is_of(document: Document, record: dict[str, Any]) -> bool:
    pairs = ((document.region, record.get("region", ())), (document.department, record.get("department", ())))
    if not record.get("region"):
        return not document.region
    return all(not own or set(own) & set(theirs) for own, theirs in pairs)


def _worth(document: Document, record: dict[str, Any]) -> float:
    shared = [name for name in WORTH if set(getattr(document, name)) & set(record.get(name) or ())]
    if "funder" in shared and (document.rncp or document.rome or document.domain):
        shared.remove("funder")
    return sum(WORTH[name] for name in shared)


QUERIES = ("rome=F1703&region=76", "rome=F1703&funder=2", "domain=223", "rome=D1102", "funder=2", "remote=only")


@pytest.mark.parametrize("query", QUERIES)
def test_block_of_an_offer_is_ordered_by_the_most_specific_shared_code(app: LoadedApp, query: str) -> None:
    found = offer(app, query)
    record = codes_of(app, found["key"])
    assert informed(app, found["url"]) == list(expected_for(record))


def test_offer_without_shared_codes_has_no_block(app: LoadedApp) -> None:
    for found in app.get("/api/v1/offers?size=100").json()["results"]:
        record = codes_of(app, found["key"])
        if not expected_for(record):
            assert informed(app, found["url"]) == []
            return
    raise AssertionError("every offer shares a code")


def test_block_of_a_job_has_documents_of_every_territory(app: LoadedApp) -> None:
    titles = informed(app, "/metiers/F1703-maconnerie")
    assert titles[0] == "By job, newer"
    assert set(titles) <= {"By job, newer", "By job", "By job, of another region", "By job, valid until today"}


def test_block_of_a_territory_has_its_own_documents(app: LoadedApp) -> None:
    assert set(informed(app, "/territoires/region-76-occitanie")) == {"Of the region alone", "Of the département alone"}
    assert informed(app, "/territoires/departement-81-tarn") == ["Of the département alone", "Of the region alone"]
    assert informed(app, "/territoires/commune-81004-albi") == ["Of the département alone", "Of the region alone"]


def test_block_of_a_domain_and_of_a_scheme(app: LoadedApp) -> None:
    titles = informed(app, "/domaines/223-maconnerie-charpente-couverture")
    assert set(titles) == {"By Formacode", "By domain"}
    assert informed(app, "/financements/prf") == ["By funder"]


def test_further_pages_of_a_list_have_no_block(app: LoadedApp) -> None:
    assert informed(app, "/territoires/departement-81-tarn/page/2") == []


def test_page_of_a_document_is_at_one_address(app: LoadedApp) -> None:
    key = documents()[0].key
    assert app.get(f"/documents/{key}").status == 200
    for address, status in ((f"/documents/{key.upper()}", 301), ("/documents/?q=x", 301), ("/documents/nothing", 404)):
        assert app.get(address).status == status
    removed = documents()[6].key
    answer = app.get(f"/documents/{removed}")
    assert (answer.status, "Ce document a été retiré" in answer.text) == (410, True)


def test_sitemap_lists_documents_that_are_there(app: LoadedApp) -> None:
    assert "/sitemap-documents-1-1.xml" in app.get("/sitemap.xml").text
    listed = re.findall(r"/documents/(\w+)</loc><lastmod>([^<]+)<", app.get("/sitemap-documents-1-1.xml").text)
    assert dict(listed).keys() == {each.key for each in documents() if not each.deleted}
    assert dict(listed)[documents()[0].key] == "2026-11-01T00:01:00Z"


def test_nothing_is_asked_without_a_code_that_is_a_reason() -> None:
    assert build_related_body(SharedCodes(region=("76",)), TODAY, 1) is None
    assert build_related_body(SharedCodes(region=("76",), of_territory=True), TODAY, 1) is not None


def test_each_kind_of_code_is_worth_more_than_all_less_specific_ones() -> None:
    worth = list(WORTH.values())
    assert all(each > sum(worth[at + 1 :]) + 1.5 for at, each in enumerate(worth))
