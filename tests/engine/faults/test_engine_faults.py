"""Whatever the engine does: the right answer, or a 503 that names it, in time; and all is well as soon as it is."""

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import web
from anyio.from_thread import BlockingPortal, start_blocking_portal
from pydantic import SecretStr
from starlette.applications import Starlette

from indexer.normalize.texts import bare_words
from mappings.keys import key_of
from search_app.base.settings import Settings
from search_app.pages.shared.assets import STYLE, load_assets
from search_app.pages.widgets.loader import current_loader
from search_app.seats import changes as seats_feed
from search_app.seats.stream import PATH as STREAM
from search_app.web.app import create_app
from tests.documents.indexed import create_documents, numbered_document, numbered_documents, write_documents
from tests.engine.asgi_client import Told, ask, running
from tests.engine.faulty_engine import FAULTS, Asked, FaultyEngine, faulty_engine
from tests.engine.installation import Action, Installation, actions, statement
from tests.engine.loaded import TODAY

TIMEOUT: Final = 0.8
TOKEN: Final = "0123456789abcdef"
RECOVERY: Final = 1.0  # seconds after the fault until everything answers as before
AT_ONCE: Final = 16  # addresses asked together after a fault: all of them would be a load, not a question
SPARE: Final = 1.0  # beyond the time-out
TRAINING: Final = key_of(f"{bare_words('Soudure à l’arc')}|")
PORTAL: Final = ("/metiers/", "/domaines/", "/territoires/", "/formations/")  # two offers without codes have none
NOWHERE: Final = "130002850"  # a body that no offer names
KEY, GONE = key_of("AF_1"), key_of("AF_2")
DOCUMENT, REMOVED = (numbered_document(number).key for number in (1, 9))

ALWAYS: Final = {  # by route: what needs no engine
    "/api/v1/openapi.json": ["/api/v1/openapi.json"],
    "/api/v1/places": ["/api/v1/places?q=al"],
    "/api/v1/sources": ["/api/v1/sources"],
    "/api/v1/suggest": ["/api/v1/suggest?q=sou"],
    "/healthz": ["/healthz"],
    "/metrics": ["/metrics"],
    "/robots.txt": ["/robots.txt"],
    "/sitemap-pages.xml": ["/sitemap-pages.xml"],
    "/opensearch.xml": ["/opensearch.xml"],
    "/llms.txt": ["/llms.txt"],
    "/metiers/{job}/page/{page}": ["/metiers/F1703/page/0"],
    "/metiers/{job}/{department}/page/{page}": ["/metiers/F1703/81/page/0"],
    "/domaines/{domain}/page/{page}": ["/domaines/230/page/0"],
    "/territoires/{territory}/page/{page}": ["/territoires/departement-81/page/0"],
    "/formations/{training}/page/{page}": ["/formations/aaaaaaaaaaaa/page/0"],
    "/api/v1/suggest.opensearch": ["/api/v1/suggest.opensearch?q=sou"],
    "/offres/": ["/offres/?q=x"],
    "/organismes/": ["/organismes/?q=x"],
    "/documents/": ["/documents/?q=x"],
    "/style": ["/style"],
    "/aide": ["/aide"],
    "/accessibilite": ["/accessibilite"],
    "/mentions-legales": ["/mentions-legales"],
    "/confidentialite": ["/confidentialite"],
    "/plan-du-site": ["/plan-du-site"],
    "/static/{name}": [load_assets().get(STYLE).url],
    "/favicon.ico": ["/favicon.ico"],
    "/financements": ["/financements"],
    "/financements/": ["/financements/"],
    "/financements/{id}": ["/financements/cpf", "/financements/nowhere"],
    "/api/v1/funding/schemes": ["/api/v1/funding/schemes"],
    "/api/v1/funding/schemes.csv": ["/api/v1/funding/schemes.csv"],
    "/api/v1/funding/schemes.atom": ["/api/v1/funding/schemes.atom"],
    "/api/v1/funding/schemes/{id}": ["/api/v1/funding/schemes/cpf"],
    "/api/v1/funding/schemes/{id}.csv": ["/api/v1/funding/schemes/cpf.csv"],
    "/api/v1/offers/{id:path}/funding": ["/api/v1/offers/AF_1/funding"],  # GET: not the method
    "/api/v1/offers/search": ["/api/v1/offers/search"],  # nor here
    "/widgets": ["/widgets?kind=recherche"],
    "/widgets/1/recherche": ["/widgets/1/recherche"],
    "/widgets/1/theme.css": ["/widgets/1/theme.css?accent=c80"],
    "/widgets/1/boussole.js": ["/widgets/1/boussole.js"],
    "/widgets/1/boussole-{hash}.js": [current_loader().url],
}
ENGINE: Final = {  # by route: what does
    "/api/v1/offers": ["/api/v1/offers", "/api/v1/offers?q=soudure", "/api/v1/offers?group=training",
                       "/api/v1/offers?q=zzzzqqqq"],
    "/api/v1/offers.ndjson": ["/api/v1/offers.ndjson"],
    "/api/v1/offers.csv": ["/api/v1/offers.csv"],
    "/api/v1/offers.ics": ["/api/v1/offers.ics"],
    "/api/v1/offers.atom": ["/api/v1/offers.atom"],
    "/offres/{offer}/{session}.ics": ["/offres/AF_1/SE_1.ics"],
    "/api/v1/seats/contradictions": ["/api/v1/seats/contradictions"],
    "/api/v1/seats/{session:path}/history": ["/api/v1/seats/SE_1/history"],
    "/api/v1/map": ["/api/v1/map"],
    "/api/v1/offers/{id:path}": ["/api/v1/offers/AF_1", "/api/v1/offers/AF_nowhere"],
    "/readyz": ["/readyz"],
    "/sitemap.xml": ["/sitemap.xml"],
    "/sitemap-offres-{part:int}-{parts:int}.xml": ["/sitemap-offres-1-1.xml"],
    "/sitemap-formations-{part:int}-{parts:int}.xml": ["/sitemap-formations-1-1.xml"],
    "/sitemap-metiers-{letter}.xml": ["/sitemap-metiers-a.xml"],
    "/sitemap-domaines.xml": ["/sitemap-domaines.xml"],
    "/sitemap-territoires.xml": ["/sitemap-territoires.xml"],
    "/metiers/{job}": ["/metiers/F1703"],
    "/metiers/{job}/{department}": ["/metiers/F1703/81"],
    "/domaines/{domain}": ["/domaines/230"],
    "/territoires/{territory}": ["/territoires/departement-81"],
    "/offres": ["/offres", "/offres?q=soudure", "/offres?q=zzzzqqqq", "/offres?upcoming=true&carte=1"],
    "/offres/{id:path}": ["/offres/AF_1", "/offres/AF_2", "/offres/AF_nowhere"],
    "/offres/{id:path}/financement": ["/offres/AF_1/financement"],
    "/widgets/1/liste": ["/widgets/1/liste?q=soudure"],
    "/widgets/1/offre": ["/widgets/1/offre?key=AF_1"],
    "/widgets/1/places": ["/widgets/1/places?key=AF_1"],
    "/oembed": ["/oembed?url=/offres/AF_1"],
    "/api/v1/analytics": ["/api/v1/analytics?rows=region&columns=month"],
    "/api/v1/analytics.csv": ["/api/v1/analytics.csv?rows=region"],
    "/api/v1/analytics.ndjson": ["/api/v1/analytics.ndjson?rows=training"],
    "/api/v1/analytics.parquet": ["/api/v1/analytics.parquet?rows=region"],
    "/api/v1/analytics.xlsx": ["/api/v1/analytics.xlsx?rows=region"],
    "/api/v1/analytics/overlaps.csv": ["/api/v1/analytics/overlaps.csv"],
    "/api/v1/analytics/white-areas.csv": ["/api/v1/analytics/white-areas.csv"],
    "/api/v1/analytics/history": ["/api/v1/analytics/history"],
    "/api/v1/analytics/overlaps": ["/api/v1/analytics/overlaps"],
    "/api/v1/analytics/white-areas": ["/api/v1/analytics/white-areas"],
    "/api/v1/providers": ["/api/v1/providers", "/api/v1/providers?q=afpa"],
    "/api/v1/providers.csv": ["/api/v1/providers.csv"],
    "/api/v1/providers.ndjson": ["/api/v1/providers.ndjson"],
    "/api/v1/providers/{number}": [f"/api/v1/providers/{NOWHERE}"],
    "/oai": ["/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListSets"],
    "/api/v1/documents": ["/api/v1/documents", "/api/v1/documents?q=zzzzqqqq"],
    "/api/v1/documents.atom": ["/api/v1/documents.atom"],
    "/api/v1/documents.json": ["/api/v1/documents.json?q=zzzzqqqq"],
    "/api/v1/documents/{key}": [f"/api/v1/documents/{DOCUMENT}", "/api/v1/documents/nowhere"],
    "/documents": ["/documents", "/documents?q=numero"],
    "/documents/{key}": [f"/documents/{DOCUMENT}", f"/documents/{REMOVED}", "/documents/nowhere"],
    "/sitemap-documents-{part:int}-{parts:int}.xml": ["/sitemap-documents-1-1.xml"],
    "/organismes": ["/organismes", "/organismes?q=afpa"],
    "/organismes/ecarts": ["/organismes/ecarts"],
    "/organismes/{number}": [f"/organismes/{NOWHERE}"],
    "/pilotage": ["/pilotage?rows=region&columns=month", "/pilotage"],
    "/pilotage/doublons": ["/pilotage/doublons"],
    "/pilotage/zones-blanches": ["/pilotage/zones-blanches"],
    "/sitemap-organismes-{part:int}-{parts:int}.xml": ["/sitemap-organismes-1-1.xml"],
    "/selection": [f"/selection?o={KEY}&o={GONE}"],
    "/selection.csv": [f"/selection.csv?o={KEY}&o={GONE}"],
    "/selection.ics": [f"/selection.ics?o={KEY}"],
    STREAM: [f"{STREAM}?session=SE_1", f"{STREAM}?session=SE_1&last_event_id=-1"],
}  # fmt: skip
KEPT: Final = {  # by route: pages that are kept until the catalogue changes, or else are a fault of the engine
    "/metiers": ["/metiers"],
    "/domaines": ["/domaines"],
    "/territoires": ["/territoires"],
    "/formations/{training}": [f"/formations/{TRAINING}-soudure-a-l-arc"],
}
REMEMBERED: Final = {"/": ["/"], "/sources": ["/sources"]}  # pages that say what they cannot tell
UNTOLD: Final = re.compile("catalogue ne répond pas|moteur de recherche ne répond pas|Non comptées")
POST: Final = "/api/v1/seats"
# Pages of which a part is left out where only that part fails.
PARTLY: Final = {"/offres/AF_1": 200, "/offres/AF_2": 410, f"/documents/{DOCUMENT}": 200}
# Faults of single kinds of calls: what does not need these answers as usual.
SINGLE: Final = {"slow", "timed_out", "failed shards", "unassigned shard", "failed documents of mget",
                 "failed documents of bulk", "full disk"}  # fmt: skip
COUNTED: Final = {"failed documents of mget": "document", "failed documents of bulk": "not_stored", "full disk": "full",
                  "failed shards": "shard", "timed_out": "late", "{}": "unreadable", "hang": "timeout"}  # fmt: skip

KEPT_PAGES: Final = {address for addresses in KEPT.values() for address in addresses}
TABLES: Final = (ENGINE, ALWAYS, KEPT, REMEMBERED)
GETS = [address for table in TABLES for addresses in table.values() for address in addresses]


@dataclass
class World:
    """The app before an engine that can fail; ``usual`` are its answers while it does not."""

    app: Starlette
    faulty: FaultyEngine
    usual: dict[str, Told] = field(default_factory=dict)
    sequences: Iterator[int] = field(default_factory=lambda: count(1))

    async def get(self, address: str) -> Told:
        return await ask(self.app, "GET", address)

    async def post(self, line: dict[str, Any]) -> Told:
        body = json.dumps(line).encode()
        return await ask(self.app, "POST", POST, body, authorization=f"Bearer {TOKEN}", content_type="text/plain")

    async def all_of(self, addresses: list[str]) -> dict[str, Told]:
        told = await asyncio.gather(*map(self.get, addresses))
        return dict(zip(addresses, told, strict=True))

    async def settled(self, address: str) -> Told:
        """Return the answer when everything that is made at the first request is there."""
        last = time.monotonic() + 10
        while (told := await self.get(address)).status == 503 and time.monotonic() < last:
            pass
        return told

    def is_usual(self, address: str, told: Told) -> bool:
        usual = self.usual[address]
        if address in ("/metrics", "/readyz") or address.startswith(STREAM):
            return told.status == usual.status
        if ".xlsx" in address or address.startswith("/oai"):  # they have the moment at which they were made
            return (told.status, told.whole) == (usual.status, usual.whole)
        return (told.status, told.body, told.whole) == (usual.status, usual.body, usual.whole)


@asynccontextmanager
async def world_over(installation: Installation) -> AsyncIterator[World]:
    async with faulty_engine(installation.engine_url) as faulty:
        settings = Settings(
            opensearch_url=faulty.url, index_prefix=installation.prefix, engine_timeout=TIMEOUT, refresh_seconds=0.3,
            seats_tokens=SecretStr(f"one:{TOKEN}"), today=TODAY, pivots=0, pivots_per_client=0,
        )  # fmt: skip
        yield World(create_app(settings), faulty)


@pytest.fixture(scope="module")
def installation(engine_url: str, module_index_prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(engine_url, module_index_prefix, Path(tmp_path_factory.mktemp("faults")))
    first, second = (Action(f"AF_{n}", sessions=(f"SE_{n}",), funders=("2",)) for n in (1, 2))
    assert made.load(first, second).status == 0
    assert made.load(first, options=("--force", "too-few,too-many-fewer")).status == 0
    assert made.seats(statement("SE_1", 3)).status == 0
    create_documents(engine_url, module_index_prefix)
    write_documents(engine_url, module_index_prefix, numbered_documents(12))
    made.call("POST", f"{made.prefix}*/_refresh")
    return made


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def world(installation: Installation, portal: BlockingPortal) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        moment = Settings(today=TODAY).current_moment()
        patch.setattr(Settings, "current_moment", lambda _: moment)  # pages tell when seats were read
        patch.setattr(seats_feed, "SETTLE_SECONDS", 1e9)  # and from which number on they are followed

        @asynccontextmanager
        async def started() -> AsyncIterator[World]:
            async with world_over(installation) as made, running(made.app):
                for address in GETS:
                    made.usual[address] = await made.settled(address)
                yield made

        with portal.wrap_async_context_manager(started()) as made:
            yield made


def test_every_route_of_the_app_is_asked_and_all_is_well_without_a_fault(world: World) -> None:
    routes = {route.path for route in world.app.routes}  # type: ignore[attr-defined]
    assert routes | {STREAM} == {*ENGINE, *ALWAYS, *KEPT, *REMEMBERED, POST}
    statuses = {address: told.status for address, told in world.usual.items()}
    expected = dict.fromkeys(GETS, 200) | {
        "/offres/AF_2": 410, "/offres/AF_nowhere": 404, "/api/v1/offers/AF_nowhere": 404, "/offres/?q=x": 301,
        "/financements/": 301, "/financements/nowhere": 404, "/api/v1/offers/AF_1/funding": 405,
        "/api/v1/offers/search": 405,
        "/documents/?q=x": 301, "/documents/nowhere": 404, f"/documents/{REMOVED}": 410,
        "/api/v1/documents/nowhere": 404,
        "/organismes/?q=x": 301, f"/organismes/{NOWHERE}": 404, f"/api/v1/providers/{NOWHERE}": 404,
        **{address: 404 for address in GETS if address.startswith(PORTAL) and address not in KEPT_PAGES},
    }  # fmt: skip
    assert statuses == expected
    assert all(told.whole for address, told in world.usual.items() if not address.startswith(STREAM))
    assert not UNTOLD.search(world.usual["/"].body + world.usual["/sources"].body)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_engine_is_told_in_time_and_over_when_it_is(
    fault: str, world: World, portal: BlockingPortal
) -> None:
    portal.call(_fault_and_recovery, world, fault)


async def _fault_and_recovery(world: World, fault: str) -> None:
    line = statement("SE_of_no_offer", 1, next(world.sequences))
    await world.faulty.set(fault)
    try:
        posted, told = await asyncio.gather(world.post(line), world.all_of(GETS))
        faults = list(_faults(world, fault, told | {POST: posted}))
        metrics = (await world.get("/metrics")).body
    finally:
        await world.faulty.mend()
    mended = time.monotonic()
    turns = asyncio.Semaphore(AT_ONCE)
    late = await asyncio.gather(*(_back_after(world, address, mended, turns) for address in GETS))
    assert not faults, "\n".join(faults)
    assert not any(late), "\n".join(filter(None, late))
    if fault in COUNTED:
        assert _counted(metrics, COUNTED[fault]) > 0
    alive = re.findall(r'background_alive\{task="(\w+)"\} (\S+)', metrics)
    assert dict(alive).keys() >= {"directory", "seats_writer", "seats_age", "seats_feed", "seats_sample"}
    assert {value for _, value in alive} == {"1.0"}, alive
    again = await world.post(line)  # as a producer does who got no answer, or a 503
    assert again.status == 200
    said = json.loads(again.body)
    assert said["accepted"] + said["stale"] == 1
    assert await _is_in_history(world, line["sequence"])


async def _is_in_history(world: World, sequence: int) -> bool:
    """Tell whether a statement was stored: it is in the history within a second or two."""
    last = time.monotonic() + 5
    while time.monotonic() < last:
        history = json.loads((await world.get("/api/v1/seats/SE_of_no_offer/history")).body)
        if sequence in [row["sequence"] for row in history["statements"]]:
            return True
        await asyncio.sleep(0.05)
    return False


def _faults(world: World, fault: str, told: dict[str, Told]) -> Iterator[str]:
    always = {address for addresses in ALWAYS.values() for address in addresses}
    for address, answer in told.items():
        shown = f"{address}: {answer.status} after {answer.seconds:.2f} s: {answer.body[:300]}"
        if answer.seconds > TIMEOUT + SPARE:
            yield f"late: {shown}"
        named = answer.status == 503 and "moteur" in answer.body and answer.whole
        if address in always:
            right = world.is_usual(address, answer)
        elif address in REMEMBERED["/"] + REMEMBERED["/sources"]:
            kept = fault in SINGLE or world.is_usual(address, answer)  # the counts of the home page are, for a while
            right = answer.status == 200 and (bool(UNTOLD.search(answer.body)) or kept)
        elif address in KEPT_PAGES:
            right = named or world.is_usual(address, answer)
        elif fault not in SINGLE:
            right = named
        elif address == POST:
            right = named or (answer.status == 200 and json.loads(answer.body)["accepted"] == 1)
        else:
            right = named or world.is_usual(address, answer) or answer.status == PARTLY.get(address)
        if not right:
            yield f"wrong: {shown}"
    if fault == "failed documents of mget" and told["/offres/AF_1"].status != 503:
        yield "an offer whose shard is not assigned is not told as a fault"
    if fault in ("failed documents of bulk", "full disk", "unassigned shard") and told[POST].status != 503:
        yield "a statement that could not be stored is not refused"
    if fault == "full disk" and "place pour écrire" not in told[POST].body:
        yield f"a full disk is told as something else: {told[POST].body}"


async def _back_after(world: World, address: str, mended: float, turns: asyncio.Semaphore) -> str | None:
    """Ask until the answer is as usual; what an answer needed that began in time is not counted."""
    while True:
        async with turns:
            began = time.monotonic()
            told = await world.get(address)
        if world.is_usual(address, told):
            return None
        if began - mended > RECOVERY:
            return f"{address}: {told.status} {told.body[:200]} {began - mended:.2f} s after the fault"
        await asyncio.sleep(0.05)


def _counted(metrics: str, kind: str) -> float:
    found = re.search(rf'boussole_engine_faults_total\{{kind="{kind}"\}} (\S+)', metrics)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("fault", ["{}", "null", "refuse", "hang"])
def test_an_app_that_starts_beside_a_failing_engine_tells_nothing_as_none_and_is_well_soon(
    fault: str, installation: Installation, portal: BlockingPortal
) -> None:
    asked = ["/api/v1/suggest?q=sou", "/api/v1/places?q=al", "/api/v1/sources", "/api/v1/offers?place=Albi"]

    async def start_and_mend() -> None:
        async with world_over(installation) as world:
            await world.faulty.set(fault)
            async with running(world.app):
                told = await world.all_of(asked)
                assert {each.status for each in told.values()} == {503}, told
                assert all("moteur" in each.body for each in told.values())
                await world.faulty.mend()
                mended = time.monotonic()
                while {each.status for each in (await world.all_of(asked[:3])).values()} != {200}:
                    assert time.monotonic() - mended < RECOVERY + TIMEOUT
                    await asyncio.sleep(0.05)

    portal.call(start_and_mend)


@pytest.mark.parametrize("fault", ["cut body", "{}", "failed shards"])
def test_an_export_that_the_engine_leaves_is_cut_off_where_the_reader_sees_it(
    fault: str, many: Installation, portal: BlockingPortal
) -> None:
    """If the head is sent by then, an end that is none is all that can tell that something is missing."""
    addresses = ["/api/v1/offers.ndjson", "/api/v1/offers.csv", "/api/v1/offers.ics?upcoming=false",
                 "/sitemap-offres-1-1.xml"]  # fmt: skip

    async def leave() -> None:
        async with world_over(many) as world, running(world.app):
            for address in addresses:
                steps = count()

                async def second_step(asked: Asked, steps: Iterator[int] = steps) -> web.StreamResponse | None:
                    broken, later = FAULTS[fault], asked.path.endswith("/_search") and next(steps) > 0
                    return await broken(asked) if broken and later else None

                world.faulty.set_own(second_step)
                told = await world.get(address)
                begun = told.status == 200 and not told.whole
                assert begun or (told.status == 503 and "moteur" in told.body), f"{address}: {told}"
                await world.faulty.mend()
                assert (await world.get(address)).whole, address

    portal.call(leave)


@pytest.fixture(scope="module")
def many(engine_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """More offers than the first step of an export reads."""
    prefix = f"test-{secrets.token_hex(4)}-"
    made = Installation(engine_url, prefix, Path(tmp_path_factory.mktemp("many")))
    try:
        assert made.load(*actions(60)).status == 0
        yield made
    finally:
        made.call("DELETE", f"{prefix}*?expand_wildcards=all")
