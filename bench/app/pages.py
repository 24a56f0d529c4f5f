"""``python -m bench.app.pages URL --pid PID``: cost of pages for server, network and a slow phone.

URL is a running app, PID its process. Three tables: the transferred size of a results page; the CPU time of a page
beside the JSON of the same answer; and Chromium's layout shifts and time from a click on a filter to the next paint,
on a CPU slowed four times.
"""

import argparse
import statistics
import sys
from shutil import which

import httpx
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from bench.tables import table

SEARCHES = ("upcoming=true", "q=cuisine&upcoming=true", "place=Toulouse&radius=50&upcoming=true", "free=true&seats=1")
KINDS = ("Document", "Stylesheet", "Script")
AFTER_MS = 1_500  # for what scripts ask for
SLOWED = 4
ROUNDS = 5
OBSERVE = """() => { window.shift = 0; window.waits = [];
  new PerformanceObserver(list => list.getEntries().forEach(each => { if (!each.hadRecentInput) shift += each.value; }))
    .observe({type: 'layout-shift', buffered: true});
  new PerformanceObserver(list => list.getEntries().forEach(each => waits.push(each.duration)))
    .observe({type: 'event', durationThreshold: 16, buffered: true}); }"""


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--n", type=int, default=60, help="requests of each kind")
    options = parser.parse_args()
    with httpx.Client(base_url=options.url, timeout=30) as client:
        print(_server(client, psutil.Process(options.pid), options.n))
    chromium = which("chromium") or which("chromium-browser")
    if not chromium:
        print("Chromium is missing: nothing was measured in a browser.")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--headless=new"])
        print("", _weights(browser, options.url), "", _shifts(browser, options.url), sep="\n")
        browser.close()
    return 0


def _weights(browser: Browser, url: str) -> str:
    """Return what a browser receives for a page and everything that it loads by itself, headers included."""
    rows = []
    for search in SEARCHES:
        page = browser.new_page(viewport={"width": 390, "height": 844}, locale="fr-FR")
        sizes, kinds = dict[str, float](), dict[str, str]()
        cdp = page.context.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.on("Network.responseReceived", lambda event, kinds=kinds: kinds.update({event["requestId"]: event["type"]}))
        cdp.on(
            "Network.loadingFinished",
            lambda event, sizes=sizes: sizes.update({event["requestId"]: event["encodedDataLength"]}),
        )
        page.goto(f"{url}/offres?{search}")
        page.wait_for_timeout(AFTER_MS)
        by_kind = {kind: sum(size for request, size in sizes.items() if kinds.get(request) == kind) for kind in KINDS}
        rows.append((search, *(f"{size / 1000:.1f}" for size in (*by_kind.values(), sum(sizes.values())))))
        page.close()
    return table(["results page, kB received", "HTML", "CSS", "script", "together"], rows)


def _server(client: httpx.Client, process: psutil.Process, number: int) -> str:
    rows = []
    for search in SEARCHES:
        spent: dict[str, list[float]] = {"/offres": [], "/api/v1/offers": []}
        for _ in range(ROUNDS):
            for path, times in spent.items():
                times.append(_cpu_ms(client, process, f"{path}?{search}", number))
        page, data = (statistics.median(times) for times in spent.values())
        rows.append((search, f"{page:.1f}", f"{data:.1f}", f"{page - data:+.1f}"))
    return table(["server, CPU ms a request", "page", "JSON", "page − JSON"], rows)


def _cpu_ms(client: httpx.Client, process: psutil.Process, path: str, number: int) -> float:
    before = process.cpu_times()
    for _ in range(number):
        client.get(path).raise_for_status()
    after = process.cpu_times()
    return 1000 * (after.user + after.system - before.user - before.system) / number


def _shifts(browser: Browser, url: str) -> str:
    rows = []
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 844}, locale="fr-FR")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.goto(f"{url}/offres?{SEARCHES[0]}")
        page.evaluate(OBSERVE)
        rows.append((f"{width} px", *_clicked(page)))
    return table([f"Chromium, CPU slowed {SLOWED} ×", "layout shift", "longest interaction ms", "interactions"], rows)


def _clicked(page: Page) -> tuple[str, str, str]:
    """Click some filters; return the layout shift not caused by a click, the longest delay and the number of clicks."""
    toggle = page.locator(".filters-toggle")
    if toggle.is_visible():
        toggle.click()
    page.locator("#champ-funder").evaluate("each => { each.parentElement.open = true; }")
    for number in range(3):
        before = page.url
        page.locator("input[name=funder]").nth(number).click()
        page.wait_for_function("before => location.href !== before", arg=before)
        page.wait_for_timeout(800)
    shift, waits = page.evaluate("[shift, waits]")
    return f"{shift:.3f}", f"{max(waits, default=0):.0f}", str(len(waits))


if __name__ == "__main__":
    sys.exit(main())
