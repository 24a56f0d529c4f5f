"""What feeds say in ways of their own is found by a search: one feed with each of them, and the training account's."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.installation import HEAD, TAIL, Action, Installation, Run, statement
from tests.engine.loaded import LoadedApp, serve
from tests.oracle.fixture_truth import DATA

SAMPLE = Path(__file__).parents[2] / "samples" / "training-account.xml"
REFERENCE = DATA.parent / "reference"
MARKET = '<extras info="specificites"><extra info="ref-action-marche-financeur">{}</extra></extras>'
BOUGHT = "<organisme-financeur><code-financeur>2</code-financeur><nb-places-financees>{}</nb-places-financees>{}"
DECOMPOSED = unicodedata.normalize("NFD", "Métiers de l’été à Béziers")


def placed(number: str, postal_code: str, town: str, rest: str = "") -> str:
    """Return the record of an action at a place without INSEE code."""
    place = (
        f"<lieu-de-formation><coordonnees><adresse><codepostal>{postal_code}</codepostal><ville>{town}</ville></adresse>"
        "</coordonnees></lieu-de-formation>"
    )
    return Action(number).to_xml().replace(f'<action numero="{number}">', f'<action numero="{number}">{place}{rest}')


RECORDS = (
    placed("PARIS", "75000", "PARIS"),
    placed("ABBREVIATED", "30200", "BAGNOLS S/CEZE"),
    placed("FORMER", "01200", "BELLEGARDE S/ VALSERINE"),
    placed("NOWHERE", "81999", "Lieu-dit Sans-Nom"),
    placed("MARKETS", "81000", "ALBI", "".join(
        f"{BOUGHT.format(seats, MARKET.format(market))}</organisme-financeur>"
        for seats, market in ((8, "Lot 1"), (12, "Lot 2"))
    )),
    Action("DECOMPOSED", DECOMPOSED, sessions=(unicodedata.normalize("NFD", "SÉ1"),), funders=("2",)).to_xml(),
    Action("AMPERSAND", "Hygiène & sécurité", content="Niveau < 3, R&D.").to_xml(),
    Action("ISO", sessions=("S_ISO",)).to_xml().replace("20270301", "2027-03-01"),
)  # fmt: skip


@pytest.fixture(scope="module")
def installation(engine_url: str, module_index_prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = Installation(engine_url, module_index_prefix, tmp_path_factory.mktemp("installation"))
    files = {name: str(REFERENCE / f"{name}.csv") for name in ("communes", "former-communes", "cedex")}
    assert (
        installation.run("reference", *(part for name, file in files.items() for part in (f"--{name}", file))).status
        == 0
    )
    return installation


@pytest.fixture(scope="module")
def loaded(installation: Installation) -> Run:
    path = installation.folder / "newer.xml"
    path.write_text(HEAD.replace("/2.3", "/2.4") + "".join(RECORDS) + TAIL, encoding="utf-8")
    run = installation.load_file(path)
    assert installation.load_file(SAMPLE, "account").status == 0
    assert installation.seats(statement(unicodedata.normalize("NFD", "SÉ1"), 7)).status == 0
    installation.call("POST", f"{installation.names.offers}/_refresh")
    return run


@pytest.fixture(scope="module")
def app(installation: Installation, loaded: Run) -> Iterator[LoadedApp]:
    with serve(installation.engine_url, installation.prefix) as app:
        yield app


def found(app: LoadedApp, **parameters: str) -> set[str]:
    answer = app.search({name: [value] for name, value in parameters.items()})
    assert answer.status == 200, answer.text
    return {result["id"] for result in answer.json()["results"]}


def record(app: LoadedApp, number: str) -> dict[str, Any]:
    answer = app.get(f"/api/v1/offers/{number}")
    assert answer.status == 200, answer.text
    stored: dict[str, Any] = answer.json()["record"]
    return stored


def kinds(app: LoadedApp, number: str) -> list[str]:
    return [fault["kind"] for fault in record(app, number).get("faults", [])]


def test_a_newer_version_is_read_and_the_report_says_so(loaded: Run) -> None:
    assert (loaded.status, loaded.json["rejected"]) == (0, {})
    assert [problem.partition(": ")[2] for problem in loaded.json["problems"]] == ["LHEO 2.4 is not known, read as 2.3"]


def test_places_without_a_code_are_inside_a_radius_or_told(app: LoadedApp) -> None:
    assert found(app, place="Paris", radius="10", remote="exclude") == {"PARIS"}
    assert found(app, place="Bagnols-sur-Cèze", radius="10", remote="exclude") == {"ABBREVIATED"}
    assert found(app, place="Valserhône", radius="10", remote="exclude") == {"FORMER"}
    assert found(app, place=unicodedata.normalize("NFD", "Valserhône"), radius="10", remote="exclude") == {"FORMER"}
    assert (kinds(app, "PARIS"), kinds(app, "FORMER"), kinds(app, "NOWHERE")) == ([], [], ["place-not-found"])
    assert kinds(app, "ABBREVIATED") == []
    assert "lieu introuvable" in app.get("/offres/NOWHERE").text


def test_two_markets_of_one_funder_are_two_purchases(app: LoadedApp) -> None:
    assert "MARKETS" in found(app, funder="2")
    assert record(app, "MARKETS")["funding"] == [
        {"funder": "2", "seats_bought": 8, "market": "Lot 1"},
        {"funder": "2", "seats_bought": 12, "market": "Lot 2"},
    ]
    assert kinds(app, "MARKETS") == []
    page = app.get("/offres/MARKETS").text
    assert "marché Lot 1" in page
    assert "marché Lot 2" in page


def test_decomposed_letters_are_found_typed_and_stated(app: LoadedApp) -> None:
    for words in ("métiers été", unicodedata.normalize("NFD", "métiers été")):
        assert "DECOMPOSED" in found(app, q=words)
    stored = record(app, "DECOMPOSED")
    assert stored["title"] == "Métiers de l’été à Béziers"
    assert [(session["id"], session["left"]) for session in stored["sessions"]] == [("SÉ1", {"2": 7, "any": 7})]
    assert found(app, seats="5") == {"DECOMPOSED"}


def test_certain_repairs_are_made_and_told(app: LoadedApp) -> None:
    assert "AMPERSAND" in found(app, q="hygiène sécurité")
    assert record(app, "AMPERSAND")["title"] == "Hygiène & sécurité"
    assert kinds(app, "AMPERSAND") == ["bare-less-than", "bare-ampersand"]
    assert "ISO" in found(app, start_from="2027-03-01", start_to="2027-03-01")
    assert kinds(app, "ISO") == ["iso-date"]


def test_the_training_account_is_searched_as_any_other(app: LoadedApp) -> None:
    account = {"TA_A1", "TA_A2"}
    assert found(app, price_max="1800") == account
    assert found(app, hours_max="175") == account
    assert found(app, price_max="1500") == found(app, hours_max="160") == {"TA_A2"}
    assert account & found(app, start_from="2027-03-01", start_to="2027-03-31") == account
    assert account & found(app, start_from="2028-01-01", start_to="2028-01-31") == {"TA_A2"}
    assert account & found(app, upcoming="true") == account
    assert "TA_A1" in found(app, place="Albi", radius="5", remote="exclude")
    page = app.get("/offres/TA_A1").text
    for shown in ("inscription@causses.example", "information@causses.example", "175\u00a0h", "Carnet de stage"):
        assert shown in page, shown
    assert "Entrée toute l’année, dates non précisées" in app.get("/offres/TA_A2").text
    assert "TA_A2" in found(app, entry="permanent")
