"""The first screen of a phone asks the question, and « Je ne sais pas quoi faire » leads to offers without typing."""

from playwright.sync_api import Browser, ViewportSize, expect

PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_Y = 480  # px: the lower edge of the button


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
    assert "place=Albi" in page.url
    assert "upcoming=true" in page.url
    page.close()


def test_who_does_not_know_what_to_do_reaches_an_offer_without_typing(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport=PHONE, locale="fr-FR", java_script_enabled=False)
    page.goto(f"{site}/")
    page.get_by_role("link", name="Je ne sais pas quoi faire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Que voulez-vous apprendre\xa0?")
    page.get_by_role("link", name="Maçonnerie, charpente, couverture").click()
    page.locator(".offer-lines a").first.click()
    assert "/offres/" in page.url
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.close()
