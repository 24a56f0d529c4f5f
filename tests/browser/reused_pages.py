"""Browser pages that many tests use one after the other.

To create a page costs about half of what loading one does, and its new process compiles every script again. Tests that
only look at what an address shows share pages; tests that pick, type or go back have a context of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize


class ReusedPages:
    """One page, in a context of its own, for each size of the window and each policy for injected styles."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.pages: dict[tuple[int, int, bool], Page] = {}

    def blank(self, width: int, height: int = 900, *, bypass_csp: bool = False) -> Page:
        """Return a page that shows nothing, without storage, cookies or emulated media, as it was when it was new."""
        key = (width, height, bypass_csp)
        size: ViewportSize = {"width": width, "height": height}
        if key not in self.pages:
            context = self.browser.new_context(viewport=size, locale="fr-FR", bypass_csp=bypass_csp)
            self.pages[key] = context.new_page()
            return self.pages[key]
        page = self.pages[key]
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.context.clear_cookies()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")  # what a new context has
        page.goto("about:blank")
        return page

    def close(self) -> None:
        """Close all of them."""
        for page in self.pages.values():
            page.context.close()


@contextmanager
def refused_by_policy(page: Page) -> Iterator[list[str]]:
    """Yield what the content security policy refuses while the block runs."""
    refused: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            refused.append(message.text)

    page.on("console", note)
    try:
        yield refused
    finally:
        page.remove_listener("console", note)
