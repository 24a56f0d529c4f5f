"""Seats that change while pages are open: in place, in every tab, after a broken connection, and said politely."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from mappings.keys import key_of
from tests.browser.other_site import other_site
from tests.browser.test_accessibility import problems_of
from tests.engine.installation import Action, Installation, statement
from tests.served import Served, serving

PATIENCE_MS = 15_000  # where a connection has to be made anew: the browser waits two seconds before it tries
SESSION = f'[data-session="{key_of("S1")}"]'
numbers = count(1)

# What was put into the live region, and when.
LISTEN = """() => { window.said = [];
  new MutationObserver(() => said.push([performance.now(), document.getElementById('live-said').textContent]))
    .observe(document.getElementById('live-said'), {childList: true}); }"""


@pytest.fixture(scope="module")
def installation(engine_url: str, module_index_prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation.with_rules(engine_url, module_index_prefix, Path(tmp_path_factory.mktemp("live")))
    run = made.load(
        Action("A1", "CAP Cuisine", sessions=("S1", "S2"), funders=("2",)),
        Action("A2", "Soudure", sessions=("S3",), funders=("2",)),
    )
    assert run.status == 0, run.err
    return made


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[Served]:
    with serving(installation.engine_url, installation.prefix) as app:
        yield app


@pytest.fixture
def tabs(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


def state(installation: Installation, available: int | None, session: str = "S1", **changes: Any) -> None:
    """Make a statement that was observed at this moment."""
    observed_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    row = statement(session, available, next(numbers)) | {"observed_at": observed_at} | changes
    assert installation.state(row).accepted == 1


def open_offers(tabs: BrowserContext, served: Served, path: str = "/offres") -> Page:
    """Open a page and wait until it follows its seats."""
    page = tabs.new_page()
    page.goto(served.address + path)
    expect(page.locator(".live-note")).to_have_text("Places mises à jour en direct", timeout=PATIENCE_MS)
    return page


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 12, 1, 9, 5), "1er décembre 2026 à 9 h 05"),
        (datetime(2027, 2, 11, 18, 30), "11 février 2027 à 18 h 30"),
    ],
)
def test_paper_says_of_which_moment_its_seats_are(
    tabs: BrowserContext, served: Served, moment: datetime, told: str
) -> None:
    page = open_offers(tabs, served)
    page.clock.set_fixed_time(moment)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".live-note")).to_have_text(f"Places relevées le {told}")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".live-note")).to_have_text("Places mises à jour en direct")


def line(page: Page) -> Locator:
    """The figure of the session: on a page of results the only one, on that of the offer the Region's."""
    return page.locator(f'{SESSION}[data-figures] .seat-text, {SESSION} [data-funder="2"] .seat-text').first


def places(number: int) -> str:
    """A figure as a list of results tells it."""
    return f"{number}\u00a0place{'s' if number > 1 else ''}"


def places_of_all(number: int) -> str:
    """A figure as the page of its offer tells it."""
    return f"{number}\u00a0places sur 20"


def test_a_statement_changes_result_and_offer_page_in_place_within_a_second(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    results = open_offers(tabs, served)
    offer = open_offers(tabs, served, f"/offres/{key_of('A1')}")
    results.evaluate("window.untouched = true")
    waits = []
    for available in (7, 6, 5, 4, 3):
        state(installation, available)
        began = time.monotonic()
        expect(line(results)).to_have_text(places(available))
        expect(line(offer)).to_have_text(places_of_all(available))
        waits.append(time.monotonic() - began)
    assert sorted(waits)[2] < 1
    assert results.evaluate("window.untouched")
    for page in (results, offer):
        expect(page.locator(f"{SESSION} .seat").first).to_have_class(re.compile("seat-some"))
    expect(offer.locator(f"{SESSION} .seat-detail").first).to_have_text("Région, vu à l’instant")
    expect(offer.locator(f'[data-seats-of="{key_of("S1")}"]')).to_have_text("3\u00a0places sur 20")
    assert problems_of(results) == []
    assert problems_of(offer) == []


def test_full_withdrawn_and_contradicting_figures_are_shown_as_such(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    page = open_offers(tabs, served)
    session = page.locator(".card-dates", has=page.locator(SESSION))
    state(installation, 0)
    expect(line(page)).to_have_text("Complet")
    expect(session.locator(".seat")).to_have_class(re.compile("seat-none"))
    expect(session.locator(".contradiction")).to_have_text("Inscriptions ouvertes, mais complet\u00a0: appelez")
    assert problems_of(page) == []
    state(installation, 2)
    expect(session.locator(".contradiction")).to_have_count(0)
    state(installation, None)
    expect(line(page)).to_have_text("Places\u00a0: à demander")
    state(installation, 5, funder="16")
    expect(line(page)).to_have_text(places(5))  # the most under any funder
    state(installation, 3)
    state(installation, None, funder="16")
    expect(line(page)).to_have_text(places(3))


def test_every_funder_of_a_session_has_a_line_on_the_page_of_the_offer(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    page = open_offers(tabs, served, f"/offres/{key_of('A1')}")
    lines = page.locator(f"{SESSION} .seat")
    state(installation, 5, funder="16")
    expect(lines).to_have_count(2)
    state(installation, None, funder="16")
    expect(lines.locator("xpath=self::*[@data-funder='16']")).to_contain_text("Places\u00a0: à demander")


def test_changes_are_said_politely_and_not_more_often_than_every_five_seconds(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    page = open_offers(tabs, served)
    page.evaluate(LISTEN)
    region = page.locator("#live-said")
    expect(region).to_have_attribute("role", "status")
    state(installation, 9)
    # What the test before has withdrawn may be said first, as news to a page made a moment too early; the next waits.
    expect(region).to_have_text(
        "9\u00a0places restantes sur 20\u00a0: CAP Cuisine, session du 1er mars 2027", timeout=PATIENCE_MS
    )
    for available in (8, 7, 6):
        state(installation, available)
        state(installation, available, "S3")
    last = "6\u00a0places restantes sur 20\u00a0: "
    each = [f"{last}{title}, session du 1er mars 2027" for title in ("CAP Cuisine", "Soudure")]
    # Which of two changes of one moment arrives first is the network's business.
    both = re.compile("|".join(re.escape(". ".join(order)) for order in (each, each[::-1])))
    expect(region).to_have_text(both, timeout=PATIENCE_MS)
    said = page.evaluate("said")
    assert len(said) <= 4
    assert all(later[0] - earlier[0] >= 4_900 for earlier, later in pairwise(said))
    state(installation, 6)  # the same figure again: nothing to say
    state(installation, 1, "S3")
    expect(region).to_have_text(
        "1\u00a0place restante sur 20\u00a0: Soudure, session du 1er mars 2027", timeout=PATIENCE_MS
    )


def test_a_changed_line_is_marked_for_a_while_without_motion_where_none_is_wanted(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    page = open_offers(tabs, served)
    state(installation, 11)
    marked = page.locator(f"{SESSION} .seat-changed")
    expect(marked).to_have_count(1)
    assert marked.evaluate("line => getComputedStyle(line).transitionDuration") == "0s"
    expect(marked).to_have_count(0, timeout=PATIENCE_MS)


def test_seven_tabs_of_one_browser_all_change(tabs: BrowserContext, served: Served, installation: Installation) -> None:
    pages = [open_offers(tabs, served) for _ in range(7)]
    state(installation, 13)
    for page in pages:
        expect(line(page)).to_have_text(places(13))
    pages[0].close()
    state(installation, 12)
    for page in pages[1:]:
        expect(line(page)).to_have_text(places(12))


def test_a_tab_opened_later_on_another_offer_is_told_by_the_same_stream(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    first = open_offers(tabs, served, f"/offres/{key_of('A1')}")
    second = open_offers(tabs, served, f"/offres/{key_of('A2')}")
    state(installation, 14)
    state(installation, 15, "S3")
    expect(line(first)).to_have_text(places_of_all(14))
    expect(second.locator(".seat-text").first).to_have_text("15\u00a0places sur 20")


def test_a_change_made_while_the_app_was_away_arrives_when_it_is_back(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    page = open_offers(tabs, served)
    assert served.stop() < 5
    expect(page.locator(".live-note")).to_contain_text("le suivi en direct reprendra", timeout=PATIENCE_MS)
    state(installation, 17)
    served.start()
    expect(line(page)).to_have_text(places(17), timeout=2 * PATIENCE_MS)
    expect(page.locator(".live-note")).to_have_text("Places mises à jour en direct")


def test_streams_that_end_by_age_are_resumed_without_a_gap(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    with serving(installation.engine_url, installation.prefix, STREAM_SECONDS="0.5") as short:
        page = open_offers(tabs, short)
        for available in (19, 18, 16):
            state(installation, available)
            expect(line(page)).to_have_text(places(available), timeout=PATIENCE_MS)


def test_without_shared_workers_a_tab_has_its_own_stream_closed_while_it_is_hidden(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    tabs.add_init_script(
        """delete window.SharedWorker;
        window.opened = [];
        window.EventSource = class extends EventSource { constructor(url) { super(url); opened.push(this); } };
        let hidden = false;
        Object.defineProperty(Document.prototype, 'hidden', {get: () => hidden});
        window.hide = yes => { hidden = yes; document.dispatchEvent(new Event('visibilitychange')); };"""
    )
    page = open_offers(tabs, served)
    state(installation, 2)
    expect(line(page)).to_have_text(places(2))
    page.evaluate("hide(true)")
    assert page.evaluate("opened.map(source => source.readyState)") == [2]
    state(installation, 1)
    page.evaluate("hide(false)")
    expect(line(page)).to_have_text(places(1), timeout=PATIENCE_MS)


def test_without_script_the_page_tells_when_its_seats_were_read(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    for path in ("/offres", f"/offres/{key_of('A1')}"):
        page.goto(served.address + path)
        told = page.locator(".live-note").inner_text().replace("\u00a0", " ")
        assert re.fullmatch(r"Places relevées le 23 novembre 2026 à \d{1,2} h \d\d", told)
    context.close()


def test_seats_change_in_frames_of_another_site_and_in_a_sandbox(
    tabs: BrowserContext, served: Served, installation: Installation
) -> None:
    key = key_of("A1")
    frames = [f"{served.address}/widgets/1/{path}" for path in (f"places?key={key}", f"offre?key={key}", "liste")]
    body = "".join(f'<iframe src="{frame}" width="600" height="300"></iframe>' for frame in frames)
    body += f'<iframe sandbox="allow-scripts" src="{frames[0]}#?secret=abc" width="600" height="300"></iframe>'
    with other_site(served.address) as host:
        page = tabs.new_page()
        page.goto(host.put("/live", body))
        inside = [page.frame_locator("iframe").nth(number) for number in range(len(frames) + 1)]
        for frame in inside:
            expect(frame.locator(".live-note")).to_have_text("Places mises à jour en direct", timeout=PATIENCE_MS)
        began = time.monotonic()
        state(installation, 4)
        for frame, text in zip(inside, ("4\u00a0places restantes", "4\u00a0places", "4\u00a0places", "4"), strict=True):
            expect(frame.locator(f"{SESSION} .seat-text").first).to_contain_text(text)
        assert time.monotonic() - began < 2
