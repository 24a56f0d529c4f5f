"""Pages zoomed twice, text twice as large, and text with the spacing of WCAG 1.4.12: nothing is cut, and nothing
scrolls sideways.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.reused_pages import ReusedPages
from tests.browser.test_accessibility import STATES, address_of

SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-bottom: 2em !important; }"""
TEXT_TWICE_AS_LARGE = "html { font-size: 212.5% !important; }"  # as a browser's own setting does it
LOOKED_AT = ("home", "many filters", "offer with seats", "nothing found", "wrong parameters", "sources")
# Elements whose text does not fit and cannot be scrolled to. What is one pixel wide is there for screen readers, and
# the band of the home page cuts its drawing alone, as the map does.
CUT = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(each => {
  const style = getComputedStyle(each);
  if (each.closest('.visually-hidden, .skips, [aria-hidden=true]')) return false;
  if (each.matches('input, .hero, .map-ground')) return false;
  if (each.clientWidth <= 1 || each.clientHeight <= 1) return false;
  if (!each.checkVisibility() || !/hidden|clip/.test(style.overflowX + style.overflowY)) return false;
  return each.scrollWidth > each.clientWidth + 1 && /hidden|clip/.test(style.overflowX)
    || each.scrollHeight > each.clientHeight + 1 && /hidden|clip/.test(style.overflowY);
}).map(each => each.outerHTML.slice(0, 160))"""
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


def opened(reused: ReusedPages, site: str, state: str, width: int, style: str = "") -> Page:
    # The browser's own policy for injected styles: the page's forbids inline ones.
    page = reused.blank(width, bypass_csp=True)
    page.goto(address_of(site, STATES[state]))
    if style:
        page.add_style_tag(content=style)
    return page


@pytest.mark.parametrize("state", LOOKED_AT)
def test_pages_can_be_zoomed_twice(reused: ReusedPages, site: str, state: str) -> None:
    page = opened(reused, site, state, 640)  # what 1280 pixels hold at 200 %
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("state", LOOKED_AT)
@pytest.mark.parametrize("width", [1280, 390])
def test_text_can_be_spaced(reused: ReusedPages, site: str, state: str, width: int) -> None:
    page = opened(reused, site, state, width, SPACED)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("state", STATES)
def test_text_can_be_twice_as_large_on_a_phone(reused: ReusedPages, site: str, state: str) -> None:
    page = opened(reused, site, state, 390, TEXT_TWICE_AS_LARGE)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate(SIDEWAYS) <= 0


def test_with_text_twice_as_large_nothing_covers_the_name_of_a_field(reused: ReusedPages, site: str) -> None:
    page = opened(reused, site, "home", 390, TEXT_TWICE_AS_LARGE)
    label, button = (page.locator(f".field-place {part}").bounding_box() for part in ("label", ".around"))
    assert label
    assert button
    assert label["x"] + label["width"] <= button["x"] or label["y"] + label["height"] <= button["y"]


def test_a_text_that_is_cut_is_found(reused: ReusedPages, site: str) -> None:
    page = opened(reused, site, "home", 1280, "h1 { height: 1em; overflow: hidden; }")
    assert page.evaluate(CUT)


@pytest.mark.parametrize("wrong", ["place=Nullepart-sur-Mer", "radius=abc", "remote=x"])
def test_the_search_bar_stays_one_line_around_a_field_that_is_wrong(reused: ReusedPages, site: str, wrong: str) -> None:
    page = reused.blank(1280)
    page.goto(f"{site}/offres?{wrong}")
    controls = page.locator(".band :is(input[type=text], select, [type=submit])").locator("visible=true")
    boxes = controls.evaluate_all("all => all.map(each => each.getBoundingClientRect().toJSON())")
    assert len({round(box["bottom"]) for box in boxes}) == 1, boxes
    assert [box["left"] for box in boxes] == sorted(box["left"] for box in boxes)
    assert min(box["width"] for box in boxes) > 130, "a field or its button is squeezed"
