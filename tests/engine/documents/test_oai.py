"""``/oai`` answers as the checks of zimeon/oaipmh-validator demand, by GET and by POST, and beyond them."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from lxml import etree
from starlette.testclient import TestClient

from mappings.documents.document import Document
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.documents.indexed import create_documents, numbered_documents, write_documents
from tests.documents.stored import stored_documents

SITE = "https://formations.example.fr"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NUMBERED = 250
HOSTILE = "Fiche \x00\x01\x0b\ud83d\ufffe]]> & <script> « \x1f »"
Ask = Callable[..., etree._Element]


def settings_of(engine_url: str, prefix: str, **more: str) -> Settings:
    """Return the settings of an app over the documents of a prefix."""
    return Settings.model_validate({"opensearch_url": engine_url, "index_prefix": prefix, "public_url": SITE} | more)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """All that is indexed; one text has characters that XML forbids."""
    sheet, *others = stored_documents()
    hostile = HOSTILE.replace("\ud83d", "")  # lone surrogates are no JSON
    return [sheet.model_copy(update={"title": hostile, "description": hostile}), *others, *numbered_documents(NUMBERED)]


@pytest.fixture(scope="module")
def client(engine_url: str, module_index_prefix: str, documents: list[Document]) -> Iterator[TestClient]:
    """The app over the documents."""
    create_documents(engine_url, module_index_prefix)
    write_documents(engine_url, module_index_prefix, documents)
    with TestClient(create_app(settings_of(engine_url, module_index_prefix))) as client:
        yield client


@pytest.fixture(params=["GET", "POST"])
def ask(request: pytest.FixtureRequest, client: TestClient) -> Ask:
    """Ask by one of the two methods, arguments as pairs or as names; checks what holds for every answer."""

    def send(*pairs: tuple[str, str], **named: str) -> etree._Element:
        given = [*pairs, *((name.rstrip("_"), value) for name, value in named.items())]
        by_get = request.param == "GET"
        answer = client.get(f"/oai?{urlencode(given)}") if by_get else client.post("/oai", data=_form(given))
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        root = etree.fromstring(answer.content)
        check_envelope(root)
        return root

    return send


def _form(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def check_envelope(root: etree._Element) -> None:
    """Check root, schema, date and request of an answer."""
    assert root.tag == f"{OAI}OAI-PMH"
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert location == "http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
    assert [child.tag.removeprefix(OAI) for child in root][:2] == ["responseDate", "request"]
    told = root.findtext(f"{OAI}responseDate") or ""
    assert SECOND.fullmatch(told)
    # Before the moment of the question: what is being written has its stamp before it can be found.
    assert timedelta(seconds=29) < datetime.now(UTC) - datetime.fromisoformat(told) < timedelta(minutes=1)
    assert root.findtext(f"{OAI}request") == f"{SITE}/oai"


def codes(root: etree._Element) -> list[str]:
    """Return the codes of all errors, each of which has a sentence."""
    errors = root.findall(f"{OAI}error")
    assert all(error.text for error in errors)
    return [error.get("code", "") for error in errors]


def texts(root: etree._Element, name: str) -> list[str]:
    """Return the texts of all elements of the protocol with a name."""
    return [element.text or "" for element in root.iter(f"{OAI}{name}")]


def token_of(root: etree._Element) -> str | None:
    """Return the text of the resumption token, empty for an empty one, None without one."""
    found = list(root.iter(f"{OAI}resumptionToken"))
    assert len(found) < 2
    return (found[0].text or "") if found else None


def test_identify_tells_the_repository(ask: Ask) -> None:
    root = ask(verb="Identify")
    (told,) = root.findall(f"{OAI}Identify")
    values = [(child.tag.removeprefix(OAI), child.text) for child in told]
    assert values[:8] == [
        ("repositoryName", "Boussole"),
        ("baseURL", f"{SITE}/oai"),
        ("protocolVersion", "2.0"),
        ("adminEmail", "contact@formations.example.fr"),
        ("earliestDatestamp", "2026-11-01T00:00:00Z"),
        ("deletedRecord", "transient"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("compression", "gzip"),
    ]
    namespace = "{http://www.openarchives.org/OAI/2.0/oai-identifier}"
    assert root.findtext(f".//{namespace}repositoryIdentifier") == "formations.example.fr"


@pytest.mark.parametrize(
    ("contact", "email"),
    [
        ("aide@boussole.example", "aide@boussole.example"),
        ("Aide <mailto:aide@boussole.example>", "aide@boussole.example"),
        ("https://boussole.example/@aide", "contact@formations.example.fr"),
        ("0 800 00 00 00", "contact@formations.example.fr"),
    ],
)
def test_admin_email_is_the_contact(engine_url: str, module_index_prefix: str, contact: str, email: str) -> None:
    with TestClient(create_app(settings_of(engine_url, module_index_prefix, contact=contact))) as client:
        root = etree.fromstring(client.get("/oai?verb=Identify").content)
    assert texts(root, "adminEmail") == [email]


def test_list_sets_tells_kinds_and_regions_that_have_records(ask: Ask) -> None:
    kinds = ["guide", "job_sheet", "news", "sheet", "text"]
    root = ask(verb="ListSets")
    assert texts(root, "setSpec") == [*(f"kind:{kind}" for kind in kinds), "region:76"]
    assert texts(root, "setName")[-1] == "Occitanie"
    assert token_of(root) is None


def test_list_identifiers_and_list_records_page_through_everything(ask: Ask, documents: list[Document]) -> None:
    expected = sorted(f"oai:formations.example.fr:{each.key}" for each in documents)
    for verb in ("ListIdentifiers", "ListRecords"):
        root, found, sizes = ask(verb=verb, metadataPrefix="oai_dc"), list[str](), list[int]()
        while True:
            page = [each.findtext(f"{OAI}identifier") or "" for each in root.iter(f"{OAI}header")]
            (element,) = root.iter(f"{OAI}resumptionToken")
            assert element.get("cursor") == str(len(found))
            assert element.get("completeListSize") == str(len(expected))
            found, sizes = [*found, *page], [*sizes, len(page)]
            if not element.text:
                break
            root = ask(verb=verb, resumptionToken=element.text)
        assert found == expected
        assert sizes == [100, 100, 56]


def test_list_of_one_page_has_no_token(ask: Ask) -> None:
    root = ask(verb="ListRecords", metadataPrefix="oai_dc", from_="2026-11-20")
    assert len(texts(root, "identifier")) == 6
    assert token_of(root) is None


def test_list_of_exactly_one_page_has_no_token(ask: Ask) -> None:
    last = (datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=99)).strftime("%Y-%m-%dT%H:%M:%SZ")
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", until=last)
    assert (len(texts(root, "identifier")), token_of(root)) == (100, None)
    later = last.replace(":39:", ":40:")
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", until=later)
    assert len(texts(root, "identifier")) == 100
    assert token_of(root)


def test_record_is_in_the_list_of_its_own_datestamp_and_sets(ask: Ask, documents: list[Document]) -> None:
    guide = next(each for each in documents if each.kind == "guide")
    identifier = f"oai:formations.example.fr:{guide.key}"
    root = ask(verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc")
    assert texts(root, "identifier") == [identifier]
    (stamp,) = texts(root, "datestamp")
    assert SECOND.fullmatch(stamp)
    sets = texts(root, "setSpec")
    assert sets == ["kind:guide", "region:76"]
    for each in sets:
        listed = ask(verb="ListRecords", metadataPrefix="oai_dc", from_=stamp, until=stamp, set=each)
        assert identifier in texts(listed, "identifier")
    other = ask(verb="ListRecords", metadataPrefix="oai_dc", from_=stamp, until=stamp, set="kind:text")
    assert codes(other) == ["noRecordsMatch"]


def test_dublin_core_tells_the_document(ask: Ask, documents: list[Document]) -> None:
    guide = next(each for each in documents if each.kind == "guide")
    identifier = f"oai:formations.example.fr:{guide.key}"
    root = ask(verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc")
    told = [
        (each.tag.removeprefix(DC), each.text)
        for each in root.iter()
        if isinstance(each.tag, str) and each.tag.startswith(DC)
    ]
    assert told == [
        ("title", guide.title),
        ("creator", "Élise Bonnafous"),
        ("subject", "FUNDER 2 Région"),
        ("description", guide.description),
        ("publisher", "Carif inventé d’Occitanie"),
        ("date", "2026-01-15"),
        ("type", "Guide"),
        ("identifier", "https://carif.example/guides/reprendre"),
        ("identifier", "isbn:9782070360024"),
        ("identifier", "oai:carif.example:18"),
        ("source", f"{SITE}/documents/{guide.key}"),
        ("language", "fr"),
        ("relation", "https://media.example/doc/18"),
        ("coverage", "Occitanie"),
        ("coverage", "Tarn"),
        ("coverage", "Haute-Garonne"),
        ("coverage", "end=2026-12-31; scheme=W3C-DTF"),
    ]


def test_removed_document_is_a_header_that_says_so(ask: Ask, documents: list[Document]) -> None:
    tombstone = next(each for each in documents if each.deleted)
    identifier = f"oai:formations.example.fr:{tombstone.key}"
    root = ask(verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc")
    (header,) = root.iter(f"{OAI}header")
    assert header.get("status") == "deleted"
    assert not list(root.iter(f"{OAI}metadata"))


def test_metadata_formats_are_told_for_all_and_for_one(ask: Ask, documents: list[Document]) -> None:
    for given in ({}, {"identifier": f"oai:formations.example.fr:{documents[0].key}"}):
        assert texts(ask(verb="ListMetadataFormats", **given), "metadataPrefix") == ["oai_dc"]
    assert codes(ask(verb="ListMetadataFormats", identifier="oai:formations.example.fr:nothing")) == ["idDoesNotExist"]


def test_characters_that_xml_forbids_are_left_out(ask: Ask, documents: list[Document]) -> None:
    identifier = f"oai:formations.example.fr:{documents[0].key}"
    root = ask(verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc")
    assert root.findtext(f".//{DC}title") == "Fiche ]]> & <script> «  »"


WRONG = [
    ([("junk", "")], "badVerb"),
    ([], "badVerb"),
    ([("verb", "junk")], "badVerb"),
    ([("verb", "")], "badVerb"),
    ([("verb", "Identify"), ("verb", "Identify")], "badVerb"),
    ([("verb", "Identify"), ("from", "2026-01-01")], "badArgument"),
    ([("verb", "Identify"), ("résumé\x01", "x")], "badArgument"),
    ([("verb", "ListSets"), ("set", "kind:sheet")], "badArgument"),
    ([("verb", "ListSets"), ("resumptionToken", "junk")], "badResumptionToken"),
    ([("verb", "ListMetadataFormats"), ("resumptionToken", "junk")], "badArgument"),
    ([("verb", "GetRecord"), ("metadataPrefix", "oai_dc")], "badArgument"),
    ([("verb", "GetRecord"), ("identifier", "oai:x:y")], "badArgument"),
    ([("verb", "GetRecord"), ("identifier", 'invalid"id'), ("metadataPrefix", "oai_dc")], "idDoesNotExist"),
    ([("verb", "GetRecord"), ("identifier", "\x00\x1b<&>"), ("metadataPrefix", "oai_dc")], "idDoesNotExist"),
    ([("verb", "GetRecord"), ("identifier", "oai:formations.example.fr:"), ("metadataPrefix", "oai_dc")],
     "idDoesNotExist"),
    ([("verb", "GetRecord"), ("identifier", "oai:x:y"), ("metadataPrefix", "marc21")], "cannotDisseminateFormat"),
    ([("verb", "ListIdentifiers"), ("until", "junk")], "badArgument"),
    ([("verb", "ListIdentifiers"), ("from", "junk")], "badArgument"),
    ([("verb", "ListIdentifiers"), ("resumptionToken", "junk"), ("until", "2000-02-05")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "junk")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "")], "badArgument"),
    ([("verb", "ListRecords"), ("resumptionToken", "junk")], "badResumptionToken"),
    ([("verb", "ListRecords"), ("resumptionToken", "")], "badResumptionToken"),
    ([("verb", "ListRecords"), ("resumptionToken", "é.è")], "badResumptionToken"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("resumptionToken", "junk"), ("until", "1990-01-10")],
     "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("until", "junk")], "badArgument"),
    ([("verb", "ListRecords")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "marc21")], "cannotDisseminateFormat"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("metadataPrefix", "oai_dc")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026-02-30")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026-11-02"), ("until", "2026-11-01")],
     "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2002-02-05"),
      ("until", "2002-02-06T05:35:00Z")], "badArgument"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("until", "2025-11-01T00:00:00Z")], "noRecordsMatch"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2999-01-01")], "noRecordsMatch"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "kind:novel")], "noRecordsMatch"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "publisher:x")], "noRecordsMatch"),
    ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "kind:sheet:")], "badArgument"),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "code"), WRONG)
def test_wrong_request_is_answered_by_its_error(ask: Ask, pairs: list[tuple[str, str]], code: str) -> None:
    root = ask(*pairs)
    assert set(codes(root)) == {code}
    (told,) = root.findall(f"{OAI}request")
    if code in ("badVerb", "badArgument"):
        assert not told.attrib
    else:
        assert told.get("verb") == dict(pairs)["verb"]


def test_every_wrong_argument_is_told(ask: Ask) -> None:
    root = ask(("verb", "ListRecords"), ("from", "a"), ("from", "b"), ("colour", "red"))
    assert codes(root) == ["badArgument"] * 3


def test_token_is_of_its_verb_and_cannot_be_changed(ask: Ask) -> None:
    token = token_of(ask(verb="ListRecords", metadataPrefix="oai_dc")) or ""
    assert codes(ask(verb="ListRecords", resumptionToken=token)) == []
    assert codes(ask(verb="ListIdentifiers", resumptionToken=token)) == ["badResumptionToken"]
    for position in range(0, len(token), 7):
        changed = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
        assert codes(ask(verb="ListRecords", resumptionToken=changed)) == ["badResumptionToken"], position


def test_token_is_taken_by_every_app_with_the_same_key(
    engine_url: str, module_index_prefix: str, client: TestClient
) -> None:
    def next_page(token: str, **more: str) -> etree._Element:
        with TestClient(create_app(settings_of(engine_url, module_index_prefix, **more))) as other:
            answer = other.get("/oai", params={"verb": "ListRecords", "resumptionToken": token})
        return etree.fromstring(answer.content)

    first = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").content
    token = token_of(etree.fromstring(first)) or ""
    assert codes(next_page(token)) == []
    assert codes(next_page(token, oai_key="another-key-of-16")) == ["badResumptionToken"]


def test_answer_is_about_the_same_with_arguments_in_address_and_body(client: TestClient) -> None:
    answer = client.post("/oai?verb=ListRecords", data={"metadataPrefix": "oai_dc"})
    assert codes(etree.fromstring(answer.content)) == []
    answer = client.post("/oai?verb=ListRecords", data={"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    assert codes(etree.fromstring(answer.content)) == ["badVerb"]


def test_other_bodies_and_methods_are_refused_by_http(client: TestClient) -> None:
    assert client.post("/oai", json={"verb": "Identify"}).status_code == 415
    assert client.put("/oai").status_code == 405
    large = client.post("/oai", data={"verb": "Identify", "x": "y" * 40_000})
    assert large.status_code == 413


def test_without_documents_nothing_matches(engine_url: str, index_prefix: str) -> None:
    with TestClient(create_app(settings_of(engine_url, index_prefix))) as client:
        answers = [
            etree.fromstring(client.get(f"/oai?verb={verb}").content)
            for verb in ("Identify", "ListSets", "ListRecords&metadataPrefix=oai_dc")
        ]
    identify, sets, records = answers
    assert texts(identify, "earliestDatestamp") == ["1970-01-01T00:00:00Z"]
    assert len(texts(sets, "setSpec")) == 5
    assert codes(records) == ["noRecordsMatch"]


@pytest.mark.parametrize("host", ["[", "a b", 'x"><y', "évil", "[::1]:8000", "a.b:99999"])
def test_hostile_host_without_public_url_breaks_nothing(engine_url: str, module_index_prefix: str, host: str) -> None:
    with TestClient(create_app(settings_of(engine_url, module_index_prefix, public_url=""))) as client:
        answer = client.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc", headers={b"Host": host.encode()})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        etree.fromstring(answer.content)
