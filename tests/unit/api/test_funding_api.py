"""Who pays, over the API: verdicts for a posted person, and schemes on a day."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from openapi_spec_validator import validate
from opensearchpy.exceptions import TransportError
from starlette.testclient import TestClient

from funding import OWN_FUNDING, PROJECT, pack_funding, read_texts
from search_app.api.openapi import STRUCTURES, build_openapi
from search_app.api.openapi_funding import EXAMPLE, funding_schemas
from tests.away_engine import away_app
from tests.fake_engine import FakeTransport
from tests.funded import funded_browser, own_rules
from tests.stored_offers import named, whole_offer

DOCUMENT = build_openapi()
TEMPLATE = "#/components/schemas/{name}"
OFFER = whole_offer() | {"funder": ["2", "16"]}
OTHER = named(OFFER, "other")
PATH = f"/api/v1/offers/{OFFER['key']}/funding"
SCHEMES = "/api/v1/funding/schemes"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient]:
    with funded_browser([OFFER, OTHER]) as client:
        yield client


def checked(answer: Any, schema: str) -> Any:
    """Return the JSON of an answer that is as the OpenAPI document says."""
    assert answer.status_code == 200, answer.text
    told = answer.json()
    components = {"components": DOCUMENT["components"]}
    Draft202012Validator(components | {"$ref": TEMPLATE.format(name=schema)}).validate(told)
    return told


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(fault["parameter"], fault["value"]) for fault in answer.json()["error"]["faults"]]


def test_document_is_valid_and_no_schema_replaces_another() -> None:
    validate(DOCUMENT)
    funding = funding_schemas(TEMPLATE)
    others = msgspec.json.schema_components(STRUCTURES, ref_template=TEMPLATE)[1]
    assert not funding.keys() & others.keys()
    assert {name: DOCUMENT["components"]["schemas"][name] for name in funding} == funding


def test_offer_is_judged_for_a_person(browser: TestClient) -> None:
    answer = browser.post(PATH, json={"person": {"status": "job_seeker", "age": "26-29"}})
    told = checked(answer, "FundingAnswer")
    verdicts = {each["scheme"]: each for each in told["verdicts"]}
    assert verdicts["prf"]["verdict"] == "yes"
    assert verdicts["prf"]["remaining"] == {"min": 0, "max": 0}
    assert verdicts["ptp"]["verdict"] == "no"
    assert "cpf_euros" in verdicts["cpf"]["missing"]
    assert {each["scheme"] for each in told["income"]} == {"rff", "rfft", "are", "age", "regional_pay"}
    assert verdicts["csp"]["pays"] == verdicts["demissionnaire"]["pays"] == ["income"]
    assert told["questions"]
    assert told["rules_version"] == own_rules()["version"]
    assert told["session"] == {"id": OFFER["sessions"][0]["id"], "key": OFFER["sessions"][0]["key"]}
    assert told["on"] == "2026-11-30"


def test_example_of_the_document_is_a_good_question(browser: TestClient) -> None:
    components = {"components": DOCUMENT["components"]}
    Draft202012Validator(components | {"$ref": TEMPLATE.format(name="FundingQuestion")}).validate(EXAMPLE)
    checked(browser.post(PATH, json=EXAMPLE), "FundingAnswer")


@pytest.mark.parametrize("body", [{}, {"person": None}, {"person": {}}, {"session": None, "person": {}, "on": None}])
def test_nothing_need_be_told(browser: TestClient, body: dict[str, Any]) -> None:
    told = checked(browser.post(PATH, json=body), "FundingAnswer")
    assert {each["scheme"] for each in told["verdicts"] if each["verdict"] == "yes"} <= {"vae"}


def test_facts_that_cannot_go_together_are_answered(browser: TestClient) -> None:
    person = {"status": "employee", "allowance": "are", "age": "15", "csp_since": "2026-03-02"}
    assert checked(browser.post(PATH, json={"person": person}), "FundingAnswer")["contradictions"]


def test_day_of_the_question_is_the_one_posted(browser: TestClient) -> None:
    told = checked(browser.post(PATH, json={"on": "2027-04-02", "person": {"status": "job_seeker"}}), "FundingAnswer")
    assert told["on"] == "2027-04-02"
    (prf,) = (each for each in told["verdicts"] if each["scheme"] == "prf")
    assert (prf["verdict"], prf["too_late"]) == ("unknown", False)  # past verify_by


def test_session_of_the_offer_is_judged_and_no_other(browser: TestClient) -> None:
    own = OFFER["sessions"][1]
    for name in (own["id"], own["key"]):
        told = checked(browser.post(PATH, json={"session": name}), "FundingAnswer")
        assert told["session"] == {"id": own["id"], "key": own["key"]}
    for name in (OTHER["sessions"][0]["id"], OTHER["sessions"][0]["key"], "14_SE_gone"):
        answer = browser.post(PATH, json={"session": name})
        assert answer.status_code == 404
        assert "session" in answer.json()["error"]["message"]
        assert name not in answer.text


@pytest.mark.parametrize("identifier", [OFFER["key"].upper(), "14_AF_a/b:c|d", "14_AF_x/funding"])
def test_offer_is_found_by_any_number(identifier: str) -> None:
    offer = OFFER | {"id": identifier} if identifier.startswith("14") else OFFER
    offer = offer | {"key": named(offer, identifier)["key"]} if offer is not OFFER else offer
    with funded_browser([offer]) as client:
        for spelled in (identifier, identifier.replace("/", "%2F").replace(":", "%3A")):
            checked(client.post(f"/api/v1/offers/{spelled}/funding", json={}), "FundingAnswer")


def test_unknown_offer_is_not_found(browser: TestClient) -> None:
    answer = browser.post("/api/v1/offers/14_AF_nowhere/funding", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_every_fault_is_told_at_once_with_its_place(browser: TestClient) -> None:
    body = {"person": {"status": "x", "age": 3, "nope": 1}, "session": 7, "on": "2026-02-30", "nope": 1}
    told = [("body", ""), ("session", ""), ("person", ""), ("status", ""), ("age", ""), ("on", "")]
    assert faults(browser.post(PATH, json=body)) == told
    assert faults(browser.post(PATH, json={"person": "x"})) == [("person", "")]


def test_faults_come_before_the_offer_is_looked_for(browser: TestClient) -> None:
    assert browser.post("/api/v1/offers/14_AF_nowhere/funding", json={"on": 1}).status_code == 400


def test_address_takes_no_parameter(browser: TestClient) -> None:
    assert faults(browser.post(f"{PATH}?level=zq9canary", json={})) == [("address", "")]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [("{", "application/json", 400), ("[]", "application/json", 400), ("{}", "text/plain", 415),
     ("status=employee", "application/x-www-form-urlencoded", 415), (" " * 40_000, "application/json", 413)],
)  # fmt: skip
def test_other_bodies_are_refused(browser: TestClient, content: str, kind: str, status: int) -> None:
    assert browser.post(PATH, content=content, headers={"Content-Type": kind}).status_code == status


def test_other_methods_are_refused(browser: TestClient) -> None:
    for method in ("GET", "HEAD"):
        answer = browser.request(method, PATH)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert browser.options(PATH).headers["allow"] == "OPTIONS, POST"


def test_answer_is_kept_nowhere(browser: TestClient) -> None:
    answer = browser.post(PATH, json={"person": {"status": "job_seeker"}}, headers={"If-None-Match": "*"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert not {"etag", "set-cookie", "last-modified"} & answer.headers.keys()


def test_schemes_are_told_on_a_day(browser: TestClient) -> None:
    told = checked(browser.get(SCHEMES), "SchemesView")
    rows = {each["id"]: each for each in told["schemes"]}
    assert (len(rows), told["on"], told["rules_version"]) == (32, "2026-11-30", own_rules()["version"])
    assert rows["ptp"]["state"] == "in_force"
    assert rows["ladom"]["state"] == "sheet"
    later = {each["id"]: each for each in checked(browser.get(f"{SCHEMES}?on=2027-02-01"), "SchemesView")["schemes"]}
    states = {name: later[name]["state"] for name in ("ptp", "csp", "cpf", "ladom")}
    assert states == {"ptp": "unread", "csp": "ended", "cpf": "in_force", "ladom": "sheet"}
    much_later = checked(browser.get(f"{SCHEMES}?on=2027-04-01"), "SchemesView")["schemes"]
    assert {each["state"] for each in much_later if each["id"] == "cpf"} == {"to_verify"}
    before = checked(browser.get(f"{SCHEMES}/cpf?on=2020-01-01"), "OneSchemeView")
    assert before["scheme"]["state"] == "not_yet"


def test_scheme_tells_its_rule_sources_figures_and_what_is_due(browser: TestClient) -> None:
    cpf = checked(browser.get(f"{SCHEMES}/cpf"), "OneSchemeView")["scheme"]
    (version,) = cpf["versions"]
    assert (version["from"], version["to"], version["verify_by"]) == ("2026-02-26", None, "2027-03-31")
    rights, kinds = version["conditions"]
    assert (rights["text"], rights["about"], rights["join"]) == ("des droits sur le compte CPF", "person", None)
    assert (kinds["about"], kinds["join"], len(kinds["parts"])) == ("both", "any", 4)
    assert rights["remedy"]
    share = next(each for each in version["figures"] if each["id"] == "cpf_share")
    assert (share["euros"], share["role"], share["to"]) == (103.2, "share", "2026-12-31")
    assert share["source"]["verified"] is False
    article = version["sources"][0]
    assert article["url"] == f"https://www.legifrance.gouv.fr/codes/article_lc/{article['id']}"
    assert [(each["figure"], each["by"], each["overdue"]) for each in cpf["due"]] == [
        ("cpf_share", "2026-12-31", False)
    ]
    ptp = checked(browser.get(f"{SCHEMES}/ptp"), "OneSchemeView")["scheme"]
    deadline = {"what": "Demande de congé à l’employeur", "days": 60, "long_absence_days": 120, "opens_days": None}
    assert [each["state"] for each in ptp["versions"]] == ["in_force", "not_yet", "not_yet"]
    assert ptp["versions"][0]["deadlines"] == [deadline]


def test_unknown_scheme_and_wrong_day_are_refused(browser: TestClient) -> None:
    assert browser.get(f"{SCHEMES}/nope").status_code == 404
    assert browser.get(f"{SCHEMES}/nope.csv").status_code == 404
    for path in (SCHEMES, f"{SCHEMES}/cpf", f"{SCHEMES}.csv", f"{SCHEMES}/cpf.csv"):
        assert faults(browser.get(f"{path}?on=2026-02-30")) == [("on", "2026-02-30")]
        assert faults(browser.get(f"{path}?x=1")) == [("x", "1")]
    assert faults(browser.get(f"{SCHEMES}.atom?x=1")) == [("x", "1")]


def test_schemes_are_sent_again_only_if_they_changed(browser: TestClient) -> None:
    for path in (SCHEMES, f"{SCHEMES}/cpf", f"{SCHEMES}.csv", f"{SCHEMES}.atom"):
        tag = browser.get(path).headers["etag"]
        assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304


def table(answer: Any) -> list[dict[str, str]]:
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "financements.csv" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_table_has_a_line_for_each_scheme(browser: TestClient) -> None:
    rows = {row["identifiant"]: row for row in table(browser.get(f"{SCHEMES}.csv"))}
    assert len(rows) == 32
    assert rows["ptp"]["delais"].startswith("Demande de congé à l’employeur\xa0: au moins 60\xa0jours avant le début")
    assert rows["ptp"]["valable_au"] == "2026-12-31"
    assert rows["ladom"]["etat"] == "fiche sans règle"
    assert rows["ladom"]["conditions"] == ""
    assert rows["rff"]["sources_non_lues"].startswith("Rémunération de fin de formation")
    assert table(browser.get(f"{SCHEMES}/cpf.csv")) == [rows["cpf"]]
    (later,) = table(browser.get(f"{SCHEMES}/ptp.csv?on=2027-02-01"))
    assert (later["etat"], later["valable_du"]) == ("texte à lire", "2027-01-01")


def test_cells_are_never_formulas() -> None:
    texts = dict(read_texts(OWN_FUNDING))
    texts["rules/cpf.toml"] = texts["rules/cpf.toml"].replace('decides = "Vous-même"', 'decides = "=1+1"')
    with funded_browser([], pack_funding(texts, PROJECT, "")) as client:
        assert table(client.get(f"{SCHEMES}/cpf.csv"))[0]["decide"] == "'=1+1"


def test_changes_are_a_feed_dated_by_the_rules(browser: TestClient) -> None:
    answer = browser.get(f"{SCHEMES}.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    names = [each.findtext(f"{ATOM}id") for each in entries]
    days = [each.findtext(f"{ATOM}updated") or "" for each in entries]
    assert len(names) == len(set(names))
    assert days == sorted(days, reverse=True)
    assert days[0] == feed.findtext(f"{ATOM}updated") == "2026-11-29T00:00:00Z"
    assert "tag:testserver,2026:financements/cpf/begins/2026-02-26/2026-02-26" in names
    assert not [name for name in names if name and "/begins/2027" in name]
    links = {each.find(f"{ATOM}link").get("href") for each in entries}  # type: ignore[union-attr]
    assert "http://testserver/financements/cpf" in links


def test_without_rules_everything_says_so() -> None:
    with funded_browser([OFFER], with_rules=False) as client:
        told = checked(client.post(PATH, json={}), "FundingAnswer")
        assert (told["verdicts"], told["income"], told["rules_version"]) == ([], [], "none")
        assert checked(client.get(SCHEMES), "SchemesView")["schemes"] == []
        assert client.get(f"{SCHEMES}/cpf").status_code == 404
        assert table(client.get(f"{SCHEMES}.csv")) == []
        assert etree.fromstring(client.get(f"{SCHEMES}.atom").content).findtext(f"{ATOM}updated")


@pytest.mark.parametrize("path", [SCHEMES, f"{SCHEMES}/cpf", f"{SCHEMES}.csv", f"{SCHEMES}.atom", PATH])
def test_engine_that_never_answered_is_a_503(path: str) -> None:
    with TestClient(away_app()) as client:
        answer = client.post(path, json={}) if path == PATH else client.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_engine_that_fails_later_fails_verdicts_only(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with funded_browser([OFFER]) as client:

        async def fail(*_: Any, **__: Any) -> bytes:
            raise TransportError(status, "failed", {})

        monkeypatch.setattr(FakeTransport, "perform_request", fail)
        answer = client.post(PATH, json={})
        assert client.get(SCHEMES).status_code == 200
    assert answer.status_code == 503
    assert answer.json()["error"]["code"].startswith("engine_")
