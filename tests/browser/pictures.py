"""``python -m tests.browser.pictures URL``: every page and state as a picture at both widths, in ``docs/pictures/``.

URL is a running app over the fixtures (``make demo``). The states are those that axe looks at.
"""

import argparse
import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.test_accessibility import STATES, address_of

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDTHS = (1280, 390)
TALLEST = 1700  # px: what is farther down looks like what is above
QUALITY = 45  # per cent: they are looked at, not measured


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    url = parser.parse_args().url.rstrip("/")
    chromium = which("chromium") or which("chromium-browser")
    if not chromium:
        parser.error("Chromium is missing: sudo apt-get install chromium")
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for width in WIDTHS:
            for name, state in STATES.items():
                take(browser, address_of(url, state), width, FOLDER / f"{name.replace(' ', '-')}-{width}.jpg")
        browser.close()
    return 0


def take(browser: Browser, address: str, width: int, path: Path) -> None:
    """Take the picture of one page, as somebody sees it who comes for the first time."""
    page = browser.new_page(viewport={"width": width, "height": 900}, locale="fr-FR", reduced_motion="reduce")
    page.goto(address)
    page.evaluate("document.fonts.ready")
    if page.locator(".map").count():
        page.wait_for_selector(".map[data-drawn]")
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": height})  # what stays in sight stands at the lower end
    page.screenshot(path=path, type="jpeg", quality=QUALITY)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
