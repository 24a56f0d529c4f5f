"""Every page and state, at both widths, light and dark: axe finds nothing, nothing scrolls sideways, CSP holds."""

from functools import cache
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.reused_pages import ReusedPages, refused_by_policy

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# What differs in the dark is colours alone.
OF_COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# A state is an address; ``{offer:…}`` stands for the first offer that such a search gives, ``{key:…}`` for its key,
# ``{training:…}`` for its training, ``{selection:…}`` for some of them side by side.
STATES = {
    "home": "/",
    "all offers": "/offres?size=6",
    "many filters": "/offres?q=maçon&place=Albi&radius=100&funder=2&mode=onsite&upcoming=true&remote=exclude&size=6",
    "trainings": "/offres?place=Toulouse&radius=100&group=training&size=6",
    "seats": "/offres?seats=1&upcoming=true&sort=seats&size=6",
    "ambiguous place": "/offres?place=Saint-Denis&size=6",
    "map": "/offres?place=Albi&radius=100&view=map&size=6",
    "map of everything": "/offres?view=map&size=6",
    "nothing found": "/offres?q=maçon&place=Albi&seats=900&start_from=2027-03-01&upcoming=true&remote=exclude",
    "two towns in the words": "/offres?q=soudeur+toulouse+albi&size=6",
    "a code that nothing carries": "/offres?q=RS5130",
    "beyond the last page": "/offres?page=400",
    "last page": "/offres?place=Albi&remote=exclude&page=3&size=6",
    "wrong parameters": "/offres?q=x&seats=x&start_from=2027-02-31&funder=zz&radius=abc&page=0&rncp=-&domain=9",
    "offer with seats": "{offer:seats=1&upcoming=true}",
    "offer of one place among several": "{offer:q=anglais&place=Toulouse}",
    "remote offer": "{offer:remote=only&upcoming=true}",
    "questions on who pays": "/offres/{key:funder=2&upcoming=true}/financement",
    "picking": "/offres?place=Albi&remote=exclude&size=3&selection=n33nhrxdjcpe",
    "selection": "{selection:seats=1&upcoming=true}",
    "empty selection": "/selection",
    "sources": "/sources",
    "funding schemes": "/financements",
    "funding schemes by words": "/financements?q=salarié",
    "no funding scheme": "/financements?q=zzz",
    "a funding scheme": "/financements/cpf",
    "a funding scheme later": "/financements/ptp?on=2027-02-01",
    "a funding scheme without a rule": "/financements/ladom",
    "components": "/style",
    "help": "/aide",
    "declaration of accessibility": "/accessibilite",
    "legal notice": "/mentions-legales",
    "privacy": "/confidentialite",
    "site map": "/plan-du-site",
    "offer whose sessions go into a calendar": "{offer:entry=fixed&upcoming=true&start_from=2027-01-01&place=81}",
    "not found": "/offres/nulle",
    "jobs": "/metiers",
    "a job": "/metiers/F1703-maconnerie",
    "a job in a département": "/metiers/F1703-maconnerie/81-tarn",
    "domains": "/domaines",
    "a domain": "/domaines/223-maconnerie-charpente-couverture",
    "a further page of a département": "/territoires/departement-81-tarn/page/2",
    "territories": "/territoires",
    "a département": "/territoires/departement-81-tarn",
    "a town": "/territoires/commune-81004-albi",
    "a training": "{training:q=maçon&upcoming=true&group=training}",
    "an unknown job": "/metiers/F1799-maconnerie",
    "steering": "/pilotage",
    "a table of figures": "/pilotage?rows=region&upcoming=true",
    "a table with columns compared": "/pilotage?rows=region&columns=funder&measure=left&measure=fill_rate"
    "&start_from=2027-01-01&start_to=2027-06-30&compare=year",
    "a chart of domains": "/pilotage?rows=domain&measure=left&measure=offers&view=chart&size=20",
    "a chart of months in panels": "/pilotage?rows=month&columns=mode&measure=sessions&view=chart",
    "a map of departements": "/pilotage?rows=department&measure=left&measure=offers&view=map",
    "a table with faults": "/pilotage?rows=planet&columns=x&measure=x&view=x&draw=x&size=0&seats=x&compare=year",
    "white areas": "/pilotage/zones-blanches?radius=30&domain=223",
    "white areas around a town": "/pilotage/zones-blanches?place=Albi&radius=x",
    "overlaps": "/pilotage/doublons",
    "a table without offers": "/pilotage?rows=region&place=Albi&radius=1&seats=900",
    "configurator of widgets": "/widgets?kind=liste&place=Albi&radius=100",
    "configurator with faults": "/widgets?kind=carte&accent=vert&address=https://ailleurs.example.fr/",
    "widget with a search": "/widgets/1/recherche?q=maçon&place=Albi",
    "widget with a list": "/widgets/1/liste?place=Albi&radius=100&accent=ffd400",
    "widget with an offer": "/widgets/1/offre?key={key:seats=1&upcoming=true}",
    "widget with seats": "/widgets/1/places?key={key:seats=1&upcoming=true}&accent=0b5a66&corners=round",
    "widget with a fault": "/widgets/1/liste?seats=x&scheme=noir",
}
WIDTHS = (1280, 390)
NARROWEST = 320
# Style sheets alone decide what a width changes, so that a state is loaded once and its window made narrower. Only
# these addresses have a script that measures the window when it starts.
MEASURED_BY_SCRIPT = ("view=map", "/widgets")
WITHOUT_ENGINE = {"engine down": "/offres?q=soudeur", "home without engine": "/", "sources without engine": "/sources"}


def address_of(site: str, state: str) -> str:
    if state.startswith("{selection:"):
        return selection_of(site, state[11:-1])
    if state.startswith("{training:"):
        return f"{site}/formations/{first_of(site, state[10:-1])['training']['key']}"
    if "{key:" in state:
        start, _, rest = state.partition("{key:")
        query, _, end = rest.partition("}")
        return f"{site}{start}{first_of(site, query)['key']}{end}"
    if not state.startswith("{offer:"):
        return site + state
    return site + str(first_of(site, state[7:-1])["url"])


def first_of(site: str, query: str) -> dict[str, Any]:
    return results_of(site, query)[0]


@cache  # states are looked up for each width, and what the fixtures hold does not change
def results_of(site: str, query: str) -> list[dict[str, Any]]:
    found = httpx.get(f"{site}/api/v1/offers?{query}", timeout=10).raise_for_status().json()
    return list(found["results"])


def selection_of(site: str, query: str) -> str:
    """Six offers, a note, one that is gone, and what cannot be read."""
    keys = ".".join(each["key"] for each in results_of(site, query)[:6])
    return f"{site}/selection?o={keys}~appeler~.aaaaaaaaaaaa.nulle&place=Albi"


def problems_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands, light and dark."""
    told = []
    page.wait_for_load_state()  # a click before may have led here
    if page.locator(".map").count():  # drawn when its counts have come
        page.wait_for_selector('.map[data-drawn] .map-ground[aria-busy="false"]')
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        rules = RULES if scheme == "light" else OF_COLOURS
        violations: list[dict[str, Any]] = page.evaluate("o => axe.run(o).then(found => found.violations)", rules)
        told += [
            f"{scheme}: {violation['id']}: {violation['help']}: {node['html'][:160]} {node.get('failureSummary', '')}"
            for violation in violations
            for node in violation["nodes"]
        ]
    width, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width > inner:
        told.append(f"scrolls sideways: {width} px in a window of {inner} px")
    return told


@pytest.fixture(name="page", params=WIDTHS)
def page_at_both_widths(request: pytest.FixtureRequest, reused: ReusedPages) -> Page:
    return reused.blank(request.param)


@pytest.mark.parametrize("state", STATES)
def test_a_page_has_no_accessibility_fault_and_fits_320_pixels(reused: ReusedPages, site: str, state: str) -> None:
    page, address = reused.blank(WIDTHS[0]), address_of(site, STATES[state])
    problems: dict[int, list[str]] = {}
    with refused_by_policy(page) as refused:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if width != WIDTHS[0] and any(part in address for part in MEASURED_BY_SCRIPT):
                page.reload()
            problems[width] = problems_of(page)
        problems[NARROWEST] = cut_at_320_pixels(page)
    assert {width: found for width, found in problems.items() if found} == {}
    assert refused == []


@pytest.mark.parametrize("state", WITHOUT_ENGINE)
def test_a_page_without_engine_has_no_accessibility_fault(page: Page, site_without_engine: str, state: str) -> None:
    page.goto(site_without_engine + WITHOUT_ENGINE[state])
    assert problems_of(page) == []


def test_open_filters_and_folded_parts_have_no_accessibility_fault(page: Page, site: str) -> None:
    folded = ("many filters", "offer with seats", "a table of figures", "white areas")
    for path in (STATES[name] for name in folded):
        page.goto(address_of(site, path))
        # The filters last: while they are open, a phone does not lay out the results anew.
        for parts in (".results details", "details"):
            page.evaluate(f"document.querySelectorAll('{parts}').forEach(part => part.open = true)")
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert problems_of(page) == []


def cut_at_320_pixels(page: Page) -> list[str]:
    """What is cut or scrolls sideways on the narrowest window, all parts open."""
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    wide: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('main *, footer *, header *')]
            .filter(e => !e.closest('.visually-hidden, .skips, svg, thead, option, select, .map-ground > *, .pivot'))
            .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    width = page.evaluate("document.documentElement.scrollWidth")
    return wide if width <= NARROWEST else [*wide, f"scrolls sideways: {width} px"]


def test_portal_lists_hold_long_words_and_large_text_and_have_targets_of_44_pixels(
    reused: ReusedPages, site: str
) -> None:
    page = reused.blank(320, 640)
    page.goto(f"{site}{STATES['a domain']}")
    low = page.evaluate(
        """() => {
            // A link whose ::after is absolute answers on all of the box that it is positioned in.
            const target = e => getComputedStyle(e, '::after').position === 'absolute' ? e.offsetParent : e;
            return [...document.querySelectorAll('main a')].filter(e => target(e).getBoundingClientRect().height < 44)
                .map(e => e.outerHTML.slice(0, 120));
        }"""
    )
    assert low == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate("document.querySelectorAll('.training-item a').forEach(e => e.textContent = 'Multi'.repeat(9))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
