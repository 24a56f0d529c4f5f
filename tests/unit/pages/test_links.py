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
        ("/offres?q=a", "", 'href="/offres?q=a" rel="nofollow"'),
        ("/selection?o=a", "", 'href="/selection?o=a" rel="nofollow"'),
        ("/offres?page=2", "next", 'href="/offres?page=2" rel="nofollow next"'),
        ("/offres?q=a", "nofollow", 'href="/offres?q=a" rel="nofollow"'),
        ("/offres/abc", "", 'href="/offres/abc"'),
        ("/offres", "", 'href="/offres"'),
        ("https://a.example/", "external nofollow", 'href="https://a.example/" rel="external nofollow"'),
        ('/x?"><b>', "", 'href="/x?&#34;&gt;&lt;b&gt;"'),
    ],
)  # fmt: skip
def test_links_to_combinations_of_filters_are_not_followed(address: str, rel: str, attributes: str) -> None:
    assert href(address, rel) == attributes
