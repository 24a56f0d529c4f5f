"""Nothing found: what is offered in its stead finds something, and says how much."""

import re

from lxml import html

from search_app.pages.search.instead.elsewhere import Instead
from search_app.pages.search.instead.loosen import MOST_ASKED, build_loosening, build_suggestions, search_of
from search_app.pages.shared.layout import Link
from search_app.pages.shared.render import render
from search_app.search.params import SearchParams, parse_params
from tests.unit.pages.pages_samples import EVERYTHING, Query, albi, results, search_page


def suggestions(query: Query, **changes: object) -> tuple[Link, ...]:
    return build_suggestions(parse_params(query), results(**changes))


def test_nothing_found_says_what_to_loosen_each_in_another_way() -> None:
    found = suggestions(EVERYTHING, place=albi(radius=50.0))
    searches = [search_of(suggestion) for suggestion in found]
    assert parse_params(EVERYTHING) not in searches
    assert len({str(search) for search in searches}) == len(searches)
    assert 15 <= len(searches) <= MOST_ASKED
    assert searches[0].radius == 100
    assert searches[1].place is None
    assert searches[1].q == "maçon"
    assert searches[-1] == SearchParams()


def test_of_two_values_of_one_filter_both_are_taken_off() -> None:
    found = [search_of(each) for each in suggestions([("funder", "2"), ("funder", "4"), ("seats", "9")])]
    assert {search.funder for search in found} == {(), ("2", "4")}


def test_nothing_asked_for_leaves_nothing_to_loosen() -> None:
    assert suggestions([]) == ()


def test_only_what_finds_something_is_offered_with_how_much() -> None:
    query: Query = [("q", "maçon"), ("seats", "900"), ("free", "true")]
    asked = suggestions(query)
    shown = build_loosening(asked, [0, 1200, *[0] * (len(asked) - 3), 90_000])
    built = search_page(query, results(), instead=Instead(shown))
    page: html.HtmlElement = html.fromstring(render("search.html", built).decode())
    (line,) = page.xpath('//div[@class="nothing"]//li')
    assert re.sub(r"\s+", " ", str(line.text_content())) == f"{asked[1].text} (1 200 offres)".replace("\u00a0", " ")
    assert line.xpath("./a/@href") == [asked[1].href]


def test_where_nothing_helps_everything_can_be_cleared_unless_there_is_nothing_at_all() -> None:
    asked = suggestions([("q", "maçon"), ("seats", "900")])
    (only,) = build_loosening(asked, [*[0] * (len(asked) - 1), 90_000])
    assert (only.href, only.count) == ("/offres", 90_000)
    assert build_loosening(asked, [0] * len(asked)) == ()
