"""Links in templates: none is written without the filter that keeps crawlers out of combinations of filters."""

import re

import pytest

from search_app.pages.shared.render import TEMPLATES, href

WITHOUT_FILTER = re.compile(r"<a\b[^>]*?href=[\"']?(\{\{.*?\}\}|\{%|/(?:offres|selection)\?[^>]*>)")


def test_no_template_writes_the_address_of_a_link_itself() -> None:
    found = {
        f"{path.relative_to(TEMPLATES)}: {link[0]}"
        for path in TEMPLATES.rglob("*.html")
        for link in WITHOUT_FILTER.finditer(path.read_text("utf-8"))
        if "nofollow" not in link[0]
    }
    assert found == set()


@pytest.mark.parametrize(
    ("address", "rel", "attributes"),
    [
        ("/offres?q=a", "", 'rel="nofollow" href="/offres?q=a"'),
        ("/selection?o=a", "", 'rel="nofollow" href="/selection?o=a"'),
        ("/offres?page=2", "next", 'rel="nofollow next" href="/offres?page=2"'),
        ("/offres?q=a", "nofollow", 'rel="nofollow" href="/offres?q=a"'),
        ("/offres/abc", "", 'href="/offres/abc"'),
        ("/offres", "", 'href="/offres"'),
        ("https://a.example/", "external nofollow", 'rel="external nofollow" href="https://a.example/"'),
        ('/x?"><b>', "", 'href="/x?&#34;&gt;&lt;b&gt;"'),
    ],
)  # fmt: skip
def test_links_to_combinations_of_filters_are_not_followed(address: str, rel: str, attributes: str) -> None:
    assert href(address, rel) == attributes
