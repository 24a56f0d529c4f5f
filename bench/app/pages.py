"""``python -m bench.app.pages URL --pid PID``: cost of pages for server, network and a slow phone.

URL is a running app, PID its process. Three tables: the transferred size of a results page; the CPU time of a page
beside the JSON of the same answer; and Chromium's layout shifts and time from a click on a filter to the next paint,
on a CPU slowed four times.
"""

import argparse
import gzip
import re
import statistics
import sys
from shutil import which

import httpx
import psutil
from playwright.sync_api import Page, sync_playwright

from bench.tables import table

SEARCHES = ("upcoming=true", "q=cuisine&upcoming=true", "place=Toulouse&radius=50&upcoming=true", "free=true&seats=1")
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
        print(_weights(client), _server(client, psutil.Process(options.pid), options.n), sep="\n\n")
    print("", _browser(options.url), sep="\n")
    return 0


def _weights(client: httpx.Client) -> str:
    rows = []
    for search in SEARCHES:
        page = client.get(f"/offres?{search}")
        named = sorted(set(re.findall(r'(?:href|src|data-worker)="(/static/[^"]+\.(?:css|js))"', page.text)))
        imported = [name for url in named for name in re.findall(r'"(/static/[^"]+)"', client.get(url).text)]
        sizes = {url: _sent(client, url) for url in dict.fromkeys((*named, *imported))}
        styles = sum(size for url, size in sizes.items() if url.endswith(".css"))
        html, scripts = len(gzip.compress(page.content, 5)), sum(sizes.values()) - styles
        rows.append((search, *(f"{size / 1000:.1f}" for size in (html, styles, scripts, html + styles + scripts))))
    return table(["results page, kB compressed", "HTML", "CSS", "script", "together"], rows)


def _sent(client: httpx.Client, url: str) -> int:
    with client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as answer:
        return sum(len(part) for part in answer.iter_raw())


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


def _browser(url: str) -> str:
    chromium = which("chromium") or which("chromium-browser")
    if not chromium:
        return "Chromium is missing: nothing was measured in a browser."
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--headless=new"])
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 844}, locale="fr-FR")
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            page.goto(f"{url}/offres?{SEARCHES[0]}")
            page.evaluate(OBSERVE)
            rows.append((f"{width} px", *_clicked(page)))
        browser.close()
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
