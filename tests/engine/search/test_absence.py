"""Records that say next to nothing, through the real commands, the real engine and every route of the real app."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.fake.source import Cut
from search_app.search.query.body import CARD_FIELDS, NOT_ON_CARDS
from tests.asking import ask_gone, ask_live, browser_of
from tests.engine.installation import Action, Installation, statement
from tests.engine.loaded import LoadedApp, serve
from tests.stored_offers import absences, least_offer, lone_fields, named, whole_offer

FORCE = ("--force", "too-few,too-many-fewer")
NAMELESS = (
    "<organisme-formation-responsable><SIRET-organisme-formation><SIRET>00000000000000</SIRET>"
    "</SIRET-organisme-formation><nom-organisme>-</nom-organisme><raison-sociale>-</raison-sociale>{}"
    "</organisme-formation-responsable>"
)
TELEPHONE = (
    "<coordonnees-organisme><coordonnees><telfixe><numtel>0563000000</numtel></telfixe></coordonnees>"
    "</coordonnees-organisme>"
)
SESSION = '<session numero="{}"><periode><debut>{}</debut><fin>{}</fin></periode></session>'
PLACE = "<lieu-de-formation><coordonnees>{}</coordonnees></lieu-de-formation>"


def record(number: str, provider: str = "", action: str = "", training: str = "") -> str:
    return (
        f'<formation numero="F_{number}"><intitule-formation>Soudure {number}</intitule-formation>{training}'
        f'<action numero="{number}">{action}</action>{provider}</formation>\n'
    )


# The record of the report first; each of the others lacks something else, or says it with a filler.
RECORDS = {
    "nameless": record("nameless", NAMELESS.format(TELEPHONE), SESSION.format("S1", "20270301", "20270601")),
    "nothing": record("nothing"),
    "fillers": record(
        "fillers", NAMELESS.format("<numero-activite>-</numero-activite>"),
        PLACE.format("<nom>-</nom><adresse><ligne>aucune</ligne><codepostal>-</codepostal><ville>-</ville></adresse>")
        + SESSION.format("S2", "00000000", "99999999"),
        "<contenu-formation>Non renseigné</contenu-formation><objectif-formation>-</objectif-formation>",
    ),
    "declared": record("declared", NAMELESS.format("<numero-activite>76810000081</numero-activite>")),
    "siren": record("siren", NAMELESS.format("").replace("00000000000000", "04142786500017")),
    "street": record(
        "street", "",
        PLACE.format("<adresse><ligne>Rue de la Soif</ligne></adresse>")
        + PLACE.format("<adresse><ligne>Ici</ligne><codepostal>81000</codepostal><ville>ALBI</ville></adresse>")
        + SESSION.format("S3", "20270300", "99999999"),
    ),
    "dot": record(
        "dot", "",
        PLACE.format("<geolocalisation><latitude>43.9</latitude><longitude>2.1</longitude></geolocalisation>"),
    ),
    "undated": record("undated", "", "<session></session><session><etat-recrutement>1</etat-recrutement></session>"),
}  # fmt: skip


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


def ask(app: LoadedApp, how: Callable[[httpx.AsyncClient], Awaitable[list[str]]]) -> list[str]:
    """Ask the app in its own event loop."""

    async def call() -> list[str]:
        async with browser_of(app.app) as browser:
            return await how(browser)

    assert app.client.portal is not None
    return app.client.portal.call(call)


def test_records_that_say_next_to_nothing_are_loaded_and_shown_everywhere(installation: Installation) -> None:
    run = installation.load(*RECORDS.values())
    assert (run.status, run.json["live"], run.json["rejected"]) == (0, len(RECORDS), {})
    installation.seats(statement("S1", 0), statement("S3", None))
    offers = installation.offers()
    assert "provider" not in offers["nothing"]
    assert set(offers["nameless"]["provider"]) == {"contacts"}
    with serve(installation.engine_url, installation.prefix) as app:
        assert ask(app, lambda browser: ask_live(browser, list(offers.values()), all_match=False)) == []


def test_records_that_say_next_to_nothing_leave_a_page_when_they_are_gone(installation: Installation) -> None:
    stays = Action("A1")
    assert installation.load(stays, *RECORDS.values()).status == 0
    gone = [offer for number, offer in installation.offers().items() if number in RECORDS]
    assert installation.load(stays, options=FORCE).status == 0
    installation.call("POST", f"{installation.prefix}*/_refresh")
    with serve(installation.engine_url, installation.prefix) as app:
        assert ask(app, lambda browser: ask_gone(browser, gone)) == []


def test_documents_are_cut_in_memory_as_the_engine_cuts_them(installation: Installation) -> None:
    whole = whole_offer()
    documents = [least_offer(), *lone_fields(), *(named(each.of(whole), each.name) for each in absences())]
    wanted: list[Any] = [
        {"includes": CARD_FIELDS, "excludes": NOT_ON_CARDS},
        {"includes": ["id", "places.town", "provider.contacts.phones"]},
        ["id", "sessions.seats", "detail.contacts.email"],
    ]
    index = f"{installation.prefix}documents"
    installation.call("PUT", index, {"mappings": {"dynamic": False}})
    lines = "".join(f'{{"index":{{"_id":{number}}}}}\n{json.dumps(each)}\n' for number, each in enumerate(documents))
    httpx.post(
        f"{installation.engine_url}/{index}/_bulk?refresh=true", content=lines.encode(),
        headers={"Content-Type": "application/x-ndjson"}, timeout=60,
    ).raise_for_status()  # fmt: skip
    for source in wanted:
        hits = installation.call("POST", f"{index}/_search", {"size": 1000, "_source": source})["hits"]["hits"]
        cut = Cut(source)
        assert {hit["_id"]: hit["_source"] for hit in hits} == {
            str(number): cut(each) for number, each in enumerate(documents)
        }
