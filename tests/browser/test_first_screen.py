"""Results come first: how high the first one is, how many are whole on a screen, how many controls precede it.

The first screen of the home page asks the question, and « Je ne sais pas quoi faire » leads to offers without typing.
"""

import re
from statistics import median
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.reused_pages import ReusedPages

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
MOST_Y: Final = 480  # px: the lower edge of the button of the home page
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


def measured(reused: ReusedPages, address: str, viewport: ViewportSize) -> dict[str, Any]:
    page = reused.blank(**viewport)
    page.goto(address)
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize("search", SEARCHES)
def test_the_first_screens_of_a_phone_hold_results(reused: ReusedPages, site: str, search: str) -> None:
    found = measured(reused, site + SEARCHES[search], PHONE)
    assert found["top"] <= (400 if search == "place in words" else 300)
    assert median(found["heights"]) <= 200
    assert median(found["words"]) <= 40
    assert found["whole"][0] >= 2
    assert found["whole"][1] >= 6
    assert found["controls"] <= 9


@pytest.mark.parametrize("search", SEARCHES)
def test_the_first_screens_of_a_desk_hold_results(reused: ReusedPages, site: str, search: str) -> None:
    found = measured(reused, site + SEARCHES[search], DESK)
    assert found["top"] <= (400 if search == "place in words" else 320)
    assert median(found["heights"]) <= 130
    assert median(found["words"]) <= 60
    assert found["whole"][0] >= 4
    assert found["whole"][1] >= 8


def test_the_question_and_its_button_are_on_the_first_screen_of_a_phone(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport=PHONE, locale="fr-FR")
    page.goto(f"{site}/")
    page.get_by_role("button", name="Autour de moi").wait_for()  # the script adds it between the fields
    box = page.get_by_role("button", name="Rechercher").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= MOST_Y
    tiles = [tile.bounding_box() for tile in page.locator(".tile").all()]
    assert [len({round(tile[edge]) for tile in tiles if tile}) for edge in ("x", "y")] == [2, 3]
    page.locator("#champ-place").fill("Albi")
    page.get_by_role("button", name="Rechercher").click()
    expect(page).to_have_url(re.compile("place=Albi"))
    expect(page).to_have_url(re.compile(re.escape("upcoming=true")))
    page.close()


def test_who_does_not_know_what_to_do_reaches_an_offer_without_typing(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport=PHONE, locale="fr-FR", java_script_enabled=False)
    page.goto(f"{site}/")
    page.get_by_role("link", name="Je ne sais pas quoi faire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Que voulez-vous apprendre\xa0?")
    page.get_by_role("link", name="Maçonnerie, charpente, couverture").click()
    page.locator(".offer-lines a").first.click()
    expect(page).to_have_url(re.compile(re.escape("/offres/")))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.close()
