"""Measure the first screens of results in a browser: the searches of the target, on a phone and on a desk.

    python -m bench.app.first_screen http://127.0.0.1:8000

The app has the real catalogue loaded; of a line: the upper edge of the first title, the median height and words of an
offer, how many are whole on one screen and on two, and the controls before the first.
"""

import sys
from shutil import which
from statistics import median

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.test_first_screen import DESK, MEASURE, PHONE

SEARCHES = {
    "aide soignante": "q=aide+soignante",
    "cap aepe": "q=cap+aepe",
    "bts mco": "q=bts+mco",
    "Albi": "place=Albi",
    "macon, Albi": "q=macon&place=Albi",
    "RNCP4495, Occitanie": "rncp=RNCP4495&place=Occitanie",
}


def main(site: str) -> None:
    """Print a row for each search and window."""
    print("| search | window | title y | height | words | whole in 1 / 2 | controls |\n|---|---|---|---|---|---|---|")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=which("chromium") or which("chromium-browser"), args=FLAGS)
        for viewport in (PHONE, DESK):
            page = browser.new_page(viewport=viewport, locale="fr-FR")
            for name, query in SEARCHES.items():
                page.goto(f"{site}/offres?{query}&upcoming=true")
                found = page.evaluate(MEASURE)
                height, words, (one, two) = median(found["heights"]), median(found["words"]), found["whole"]
                figures = f"{found['top']:.0f} | {height:.0f} | {words:.0f} | {one} / {two} | {found['controls']}"
                print(f"| {name} | {viewport['width']} | {figures} |")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
