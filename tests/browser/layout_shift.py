"""``python -m tests.browser.layout_shift URL``: how far pages jump by the way in which they load the widgets' loader.

URL is a running app over the fixtures (``make demo``). Prints a table: loads with a shift, and the largest shift.
"""

import argparse
import re
import sys
from shutil import which

from playwright.sync_api import Browser, sync_playwright

from bench.tables import table
from tests.browser.conftest import FLAGS
from tests.browser.other_site import PARAGRAPH, OtherSite, other_site
from tests.browser.test_widgets import KINDS, SHIFTS

LOADS = 12
SCRIPT = re.compile(r"<script[^>]*></script>")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    site = parser.parse_args().url.rstrip("/")
    with other_site(site) as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        rows = [(name, *measure(browser, host, head, after)) for name, head, after in ways(site)]
        browser.close()
    print(table(("script", "loads with a shift", "largest shift"), rows))
    return 0


def ways(site: str) -> list[tuple[str, str, str]]:
    """Each way to load the script: the markup in the head, and that after each link."""
    loader = f'src="{site}/widgets/1/boussole.js"></script>'
    after = ("async", 'async fetchpriority="high"', "defer", "")
    head = ("async", 'async blocking="render"')
    return [(f"{each or 'plain'}, after the link", "", f"<script {each} {loader}") for each in after] + [
        (f"{each}, in the head", f"<script {each} {loader}", "") for each in head
    ]


def measure(browser: Browser, host: OtherSite, head: str, after: str) -> tuple[str, str]:
    """Return how many of the loads shift, and the largest shift, on a phone."""
    texts = [SCRIPT.sub(after, host.text(**fields)) for fields in KINDS]
    address = host.put("/shift", "".join(f"{PARAGRAPH}{text}{PARAGRAPH}" for text in texts), head=head)
    shifts = []
    for _ in range(LOADS):
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
        context.add_init_script(SHIFTS)
        page = context.new_page()
        page.goto(address)
        page.frame_locator("iframe").first.locator("h1").wait_for()
        page.wait_for_timeout(500)
        shifts.append(float(page.evaluate("shift")))
        context.close()
    return f"{sum(shift > 0.02 for shift in shifts)} of {LOADS}", f"{max(shifts):.2f}"


if __name__ == "__main__":
    sys.exit(main())
