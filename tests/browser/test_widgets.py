"""Widgets on a page of another site, with the strictest policy under which they work."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.browser.other_site import PARAGRAPH, OtherSite, as_wordpress, other_site
from tests.browser.test_accessibility import first_of

KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "recherche"},
    {"kind": "liste", "place": "Albi", "radius": 100, "accent": "ffd400"},
    {"kind": "offre"},
    {"kind": "places", "corners": "round"},
)
MOST_SHIFT = 0.02
SPARE = 0.15  # of a frame's height: how far an estimate may be off
# Where the browser does not size frames by itself, messages do.
BY_MESSAGES = (
    "const whole = CSS.supports.bind(CSS); CSS.supports = (...asked) => asked[0] !== 'frame-sizing' && whole(...asked)"
)
SHIFTS = """window.shift = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) shift += entry.value; }).observe({type: 'layout-shift', buffered: true})"""
SIZES = "[...document.querySelectorAll('iframe')].map(frame => frame.getBoundingClientRect().height)"


@pytest.fixture(scope="module")
def host(site: str) -> Iterator[OtherSite]:
    with other_site(site) as made:
        yield made


@pytest.fixture(params=["by itself", "by messages"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    if request.param == "by messages":
        context.add_init_script(BY_MESSAGES)
    context.add_init_script(SHIFTS)
    yield context
    context.close()


@pytest.fixture
def messages(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that does not size frames by itself."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 800, "height": 900})
    context.add_init_script(BY_MESSAGES)
    yield context
    context.close()


def offer_key(host: OtherSite) -> str:
    return str(first_of(host.site, "seats=1&upcoming=true")["key"])


def embed_all(host: OtherSite) -> str:
    """A page with the four widgets, as the configurator gives their texts."""
    key = offer_key(host)
    texts = [host.text(**fields, **({"key": key} if fields["kind"] in ("offre", "places") else {})) for fields in KINDS]
    return host.put("/four", "".join(f"{PARAGRAPH}{text}{PARAGRAPH}" for text in texts))


def frames_of(page: Page, count: int) -> list[Frame]:
    """The frames when all are loaded, in the order of the page; the reader scrolls to each."""
    for number in range(count):
        frame = page.locator("iframe").nth(number)
        frame.scroll_into_view_if_needed()
        expect(frame).to_be_visible()  # hidden until it is loaded
        expect(page.frame_locator("iframe").nth(number).locator("h1")).to_be_visible()
    found = [page.locator("iframe").nth(number).element_handle().content_frame() for number in range(count)]
    return [frame for frame in found if frame]


def inner_height(frame: Frame) -> float:
    return float(frame.evaluate("document.documentElement.getBoundingClientRect().height"))


def wait_until_right(page: Page, frames: list[Frame]) -> list[float]:
    """Wait until every frame is as tall as its content; returns the heights."""
    for _ in range(50):
        sizes = page.evaluate(SIZES)
        if all(abs(size - inner_height(frame)) <= 1 for size, frame in zip(sizes, frames, strict=True)):
            break
        page.wait_for_timeout(100)
    assert [round(size) for size in sizes] == [round(inner_height(frame)) for frame in frames]
    return [float(size) for size in sizes]


@pytest.mark.parametrize("width", [1280, 390])
def test_four_widgets_get_their_heights_without_a_jump_a_trace_or_a_violation(
    context: BrowserContext, host: OtherSite, width: int
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(embed_all(host))
    before = page.evaluate("[history.length, document.activeElement.tagName, location.href]")
    frames = frames_of(page, len(KINDS))
    sizes = wait_until_right(page, frames)
    assert len(set(sizes)) == len(KINDS)
    assert page.evaluate("shift") <= MOST_SHIFT
    assert page.evaluate("[history.length, document.activeElement.tagName, location.href]") == before
    ids, titles = page.evaluate(
        "(all => [all.map(frame => frame.id), all.map(frame => frame.title)])([...document.querySelectorAll('iframe')])"
    )
    assert len(set(ids)) == len(set(titles)) == len(KINDS)
    assert context.cookies() == []
    for frame in (page.main_frame, *frames):
        assert frame.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert refused == []


def test_heights_in_the_text_to_copy_are_near_the_truth(messages: BrowserContext, host: OtherSite) -> None:
    page = messages.new_page()
    for width, name in ((696, "data-height"), (376, "data-height-narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        address = embed_all(host)
        told = [int(text.split('"')[0]) for text in host.pages["/four"][0].split(f'{name}="')[1:]]
        page.goto(address)
        sizes = wait_until_right(page, frames_of(page, len(KINDS)))
        for reserved, size in zip(told, sizes, strict=True):
            assert abs(reserved - size) <= SPARE * size, (width, told, sizes)


def test_nothing_below_the_fold_is_requested_before_somebody_scrolls(context: BrowserContext, host: OtherSite) -> None:
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url.partition("?")[0].rpartition("/")[2]))
    first, second = (host.text(kind=kind, place="Albi") for kind in ("recherche", "liste"))
    page.goto(host.put("/far", first + PARAGRAPH * 30 + second + PARAGRAPH * 60))
    frames_of(page, 1)
    page.wait_for_timeout(500)
    assert "recherche" in asked
    assert "liste" not in asked
    page.mouse.wheel(0, 400)
    frames_of(page, 2)
    assert "liste" in asked


def test_messages_that_are_not_of_a_frame_change_nothing(messages: BrowserContext, host: OtherSite) -> None:
    page = messages.new_page()
    body = f'{host.text(kind="recherche")}<iframe id="foreign" src="/foreign"></iframe>'
    body += f'<iframe id="other" src="{host.site}/widgets/1/liste"></iframe>'
    host.put("/foreign", "<h1>x</h1>")
    address = host.put("/messages", body, f"{host.policy} {host.address}")
    page.goto(address)
    frame = frames_of(page, 1)[0]
    height = wait_until_right(page, [frame])[0] if page.locator("iframe").count() == 1 else inner_height(frame)
    expect(page.locator("iframe").first).to_have_css("height", f"{round(height)}px")
    message = "value => parent.postMessage({message: 'height', value}, '*')"
    page.evaluate("value => postMessage({message: 'height', value}, '*')", 333)
    for name in ("foreign", "other"):  # another origin; ours, but not a frame of the loader
        handle = page.locator(f"#{name}").element_handle()
        other = handle.content_frame()
        assert other
        other.wait_for_load_state()
        other.evaluate(message, 444)
    for wrong in (1e9, 79, 5001, -1, "555", None, {"height": 3}):
        frame.evaluate(message, wrong)
    frame.evaluate("parent.postMessage({message: 'height', value: NaN}, '*')")
    frame.evaluate("parent.postMessage({message: 'height', value: Infinity}, '*')")
    frame.evaluate("parent.postMessage('height', '*'), parent.postMessage(null, '*')")
    page.wait_for_timeout(300)
    assert page.locator("iframe").first.evaluate("frame => frame.style.height") == f"{round(height)}px"
    frame.evaluate(message, 777)  # the same from the frame itself counts
    expect(page.locator("iframe").first).to_have_css("height", "777px")
    frame.goto(f"{host.address}/foreign")  # until it shows another site
    frame.evaluate(message, 555)
    page.wait_for_timeout(300)
    assert page.locator("iframe").first.evaluate("frame => frame.style.height") == "777px"


def test_links_that_come_later_become_frames_and_foreign_ones_stay_links(
    messages: BrowserContext, host: OtherSite
) -> None:
    page = messages.new_page()
    loader = f'<script src="{host.site}/widgets/1/boussole.js"></script>'
    key = offer_key(host)
    stay = '<a data-boussole="liste" href="https://ailleurs.example.fr/offres">Ailleurs</a>'
    stay += f'<a data-boussole="carte" href="{host.site}/offres">Inconnu</a>'
    stay += f'<a data-boussole="offre" href="{host.site}/offres">Sans offre</a>'
    for target in (f"{key}", f"{key}/sessions", ""):
        stay += f'<a data-boussole="liste" href="{host.site}/offres/{target}">Pas une recherche</a>'
    stay += f'<a data-boussole="liste" href="{host.site}/metiers">Pas une recherche</a>'
    stay += f'<a data-boussole="recherche" href="{host.site}/">Pas une recherche</a>'
    stay += f'<a data-boussole="places" href="{host.site}/offres/{key}/sessions">Pas une offre</a>'
    stay += f'<a data-boussole="offre" href="{host.site}/offres/%E0%A4%A">Illisible</a>'
    stay += '<a data-boussole="offre" href="https://[">Illisible</a>'
    page.goto(host.put("/later", loader + stay + loader + "<p id='end'></p>"))
    assert page.locator("iframe").count() == 0
    page.evaluate(
        """site => { const link = document.createElement('a');
        Object.assign(link, {href: `${site}/offres`, textContent: 'Chercher', id: 'mine'});
        link.dataset.boussole = 'recherche';
        document.getElementById('end').append(link); }""",
        host.site,
    )
    frames_of(page, 1)
    assert page.locator("iframe").count() == 1
    expect(page.locator("iframe#mine")).to_have_attribute("title", "Chercher")
    assert page.locator("a[data-boussole]").count() == stay.count("<a ")


def test_a_slash_after_an_offers_key_is_tolerated(messages: BrowserContext, host: OtherSite) -> None:
    page, key = messages.new_page(), offer_key(host)
    loader = f'<script src="{host.site}/widgets/1/boussole.js"></script>'
    page.goto(host.put("/slash", f'<a data-boussole="offre" href="{host.site}/offres/{key}/">Une offre</a>{loader}'))
    (frame,) = frames_of(page, 1)
    assert frame.url.endswith(f"/widgets/1/offre?key={key}")


def test_pinned_loader_works_and_a_changed_one_does_not(messages: BrowserContext, host: OtherSite) -> None:
    page = messages.new_page()
    link, pinned = host.text(kind="recherche").partition("\n")[0], host.text("fige", kind="recherche")
    page.goto(host.put("/pinned", link + pinned))
    frames_of(page, 1)
    page.goto(host.put("/broken", link + pinned.replace("sha384-", "sha384-x")))
    expect(page.locator("a[data-boussole]")).to_be_visible()


def test_without_script_a_widget_is_a_link_and_the_other_text_a_frame(browser: Browser, host: OtherSite) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(embed_all(host))
    links = page.locator("a[data-boussole]")
    assert page.locator("iframe").count() == 0
    assert links.count() == len(KINDS)
    addresses = [links.nth(number).get_attribute("href") or "" for number in range(len(KINDS))]
    assert {httpx.get(address, timeout=10).status_code for address in addresses} == {200}
    page.goto(host.put("/plain", host.text("cadre", kind="liste", place="Albi")))
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    context.close()


def test_wordpress_shows_a_frame_in_its_sandbox_and_follows_its_links(browser: Browser, host: OtherSite) -> None:
    context = browser.new_context(locale="fr-FR", viewport={"width": 900, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    script = f"<script>{(Path(__file__).parent / 'wordpress.js').read_text('utf-8')}</script>"
    policy = f"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-src {host.site}"
    key = offer_key(host)
    for path in (f"/offres/{key}", "/offres?place=Albi", "/offres"):
        query = urlencode({"url": host.site + path, "maxwidth": 600})
        told = httpx.get(f"{host.site}/oembed?{query}", timeout=10).raise_for_status().json()
        page.goto(host.put("/wordpress", as_wordpress(told["html"]) + script, policy))
        frame = page.locator("iframe")
        expect(frame).to_be_visible()
        expect(page.locator("blockquote")).to_be_hidden()
        inside = page.frame_locator("iframe")
        expect(inside.locator("h1")).to_be_visible()
        shown = frame.element_handle().content_frame()
        assert shown
        if path == "/offres":
            expect(inside.locator("form")).to_be_hidden()
        else:
            expect(inside.locator(".live-note")).to_have_text("Places mises à jour en direct")
            expect(inside.locator("a[href^='tel:']")).to_have_count(0)
        # What its scripts hide and tell changes its height.
        expect(frame).to_have_js_property("height", str(max(200, min(1000, round(inner_height(shown))))))
        way = inside.locator(".ways a:visible").first
        target = way.evaluate("link => link.href")
        way.click()
        page.wait_for_url(target)
    assert errors == []
    context.close()


def pixel(page: Page, x: float, y: float) -> list[int]:
    """The colour of a point of the page."""
    shot = base64.b64encode(page.screenshot()).decode()
    script = """([shot, x, y]) => new Promise(done => { const image = new Image(); image.onload = () => {
      const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height;
      const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);
      done([...pen.getImageData(x, y, 1, 1).data].slice(0, 3)); }; image.src = `data:image/png;base64,${shot}`; })"""
    blank = page.context.new_page()
    colour = blank.evaluate(script, [shot, x, y])
    blank.close()
    return [int(part) for part in colour]


@pytest.mark.parametrize(
    ("scheme", "device", "declared"),
    [("dark", "dark", "color-scheme: dark"), ("auto", "dark", "color-scheme: dark"), ("dark", "light", "color: #eee")],
)
def test_a_dark_page_has_no_white_canvas(
    browser: Browser, host: OtherSite, scheme: str, device: Literal["dark", "light"], declared: str
) -> None:
    context = browser.new_context(locale="fr-FR", viewport={"width": 800, "height": 600}, color_scheme=device)
    page = context.new_page()
    dark = f"<style>html {{ background: #101010; {declared}; }} body {{ margin: 0; }}</style>"
    text = host.text(kind="recherche", scheme=scheme, corners="round")
    page.goto(host.put("/dark", dark + text, f"{host.policy}; style-src 'unsafe-inline'"))
    frames_of(page, 1)
    box = page.locator("iframe").bounding_box()
    assert box
    assert pixel(page, box["x"] + 1, box["y"] + 1) == [16, 16, 16]  # outside the round corner: the page behind it
    assert max(pixel(page, box["x"] + 40, box["y"] + box["height"] / 2)) < 80
    context.close()


def test_the_configurator_does_not_scroll_sideways_with_text_twice_as_large(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640}, locale="fr-FR")
    for address in ("/widgets", "/widgets?accent=vert"):  # with and without a text to copy
        page.goto(site + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    page.close()


def test_the_configurator_measures_its_example(browser: Browser, host: OtherSite) -> None:
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{host.site}/widgets?kind=liste&place=Albi&radius=100")
    example = page.locator(".widgets-example iframe")
    example.scroll_into_view_if_needed()
    expect(example).to_be_visible()
    expect(page.frame_locator(".widgets-example iframe").locator("h1")).to_be_visible()
    page.wait_for_function(
        """() => { const { offsetHeight } = document.querySelector('.widgets-example iframe');
                   return document.getElementById('texte').value.includes(`data-height="${offsetHeight}"`) }"""
    )
    assert json.dumps(context.cookies()) == "[]"
    context.close()
