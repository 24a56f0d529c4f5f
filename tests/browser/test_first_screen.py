"""Results come first: how high the first one is, how many are whole on a screen, how many controls precede it."""

from statistics import median
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, ViewportSize

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}
# Each offer of a list, by itself or as a line of its training.
MEASURE: Final = """() => {
  const offers = [...document.querySelectorAll(".card:not(.card-training), .card-line")];
  const boxes = offers.map(each => each.getBoundingClientRect());
  const isShown = each => each.checkVisibility() && each.getBoundingClientRect().width > 0;
  const first = document.querySelector(".card");
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
    .filter(each => isShown(each) && first.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING);
  return {
    top: document.querySelector(".card-title").getBoundingClientRect().top,
    heights: boxes.map(box => box.height),
    words: offers.map(each => each.innerText.trim().split(/\\s+/).length),
    whole: [1, 2].map(screens => boxes.filter(box => box.bottom <= screens * innerHeight).length),
    controls: controls.length,
  };
}"""
SEARCHES: Final = {
    "place": "/offres?place=Toulouse&radius=100&upcoming=true",
    "words": "/offres?q=anglais&upcoming=true",
    "place in words": "/offres?q=anglais+%C3%A0+toulouse&upcoming=true",  # with a note on what was understood
    "trainings": "/offres?q=anglais&upcoming=true&group=training",
}


def measured(browser: Browser, address: str, viewport: ViewportSize) -> dict[str, Any]:
    page = browser.new_page(viewport=viewport, locale="fr-FR")
    page.goto(address)
    found: dict[str, Any] = page.evaluate(MEASURE)
    page.close()
    return found


@pytest.mark.parametrize("search", SEARCHES)
def test_the_first_screens_of_a_phone_hold_results(browser: Browser, site: str, search: str) -> None:
    found = measured(browser, site + SEARCHES[search], PHONE)
    assert found["top"] <= (400 if search == "place in words" else 300)
    assert median(found["heights"]) <= 200
    assert median(found["words"]) <= 40
    assert found["whole"][0] >= 2
    assert found["whole"][1] >= 6
    assert found["controls"] <= 9


@pytest.mark.parametrize("search", SEARCHES)
def test_the_first_screens_of_a_desk_hold_results(browser: Browser, site: str, search: str) -> None:
    found = measured(browser, site + SEARCHES[search], DESK)
    assert found["top"] <= (400 if search == "place in words" else 320)
    assert median(found["heights"]) <= 130
    assert median(found["words"]) <= 60
    assert found["whole"][0] >= 4
    assert found["whole"][1] >= 8
