"""The texts that integrators copy."""

from dataclasses import dataclass

from markupsafe import escape

from search_app.pages.widgets.embed import Embed
from search_app.pages.widgets.loader import EVERGREEN, current_loader
from search_app.pages.widgets.theme import DEFAULT, NAMES


@dataclass(frozen=True, slots=True)
class Snippets:
    """HTML to copy: link and loader, the loader pinned to its text, and a frame without script.

    ``example`` is the link on the site's own page, where crawlers must not follow it.
    """

    example: str
    link: str
    script: str
    pinned_script: str
    iframe: str

    @property
    def whole(self) -> str:
        """Return the text for one page: the link and the loader."""
        return f"{self.link}\n{self.script}"


def build_snippets(embed: Embed, site: str) -> Snippets:
    """Return the texts for a frame of the site at this address."""
    wide, narrow = embed.heights
    heights = [("data-height", str(wide)), ("data-height-narrow", str(narrow))]
    look = [
        (f"data-{name}", getattr(embed.theme, name))
        for name in NAMES
        if getattr(embed.theme, name) != getattr(DEFAULT, name)
    ]
    look = [("data-boussole", embed.kind.name), *heights, *look]
    link, example = _attributes([*look, ("href", f"{site}{embed.page}")]), _attributes([*look, ("href", embed.page)])
    frame = _attributes(
        [
            ("loading", "lazy"),
            ("title", embed.title),
            ("width", "100%"),
            ("height", str(max(wide, narrow))),
            ("src", f"{site}{embed.frame}"),
        ]
    )
    loader = current_loader()
    pinned = _attributes(
        [("src", f"{site}{loader.url}"), ("integrity", loader.integrity), ("crossorigin", "anonymous")]
    )
    return Snippets(
        example=f'<a rel="nofollow" {example}>{escape(embed.title)}</a>',
        link=f"<a {link}>{escape(embed.title)}</a>",
        # Not async: browsers run such scripts after the first paint, and the page then jumps (docs/decisions/0025).
        script=f'<script src="{escape(site)}{EVERGREEN}"></script>',
        pinned_script=f"<script {pinned}></script>",
        iframe=f"<iframe {frame}></iframe>",
    )


def _attributes(pairs: list[tuple[str, str]]) -> str:
    return " ".join(f'{name}="{escape(value)}"' for name, value in pairs)
