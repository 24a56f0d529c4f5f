"""Run in a copy of the tree: prints, as JSON, where a facet is seen. Arguments: its parameter, a chosen value."""

import json
import sys
from datetime import date
from typing import Any

import msgspec
from lxml import html

from search_app.api.openapi import build_openapi
from search_app.pages.search.facet_lists import build_uncounted_lists
from search_app.search.links import to_pairs
from search_app.search.params import parse_params
from search_app.search.params.__main__ import parameter_table
from search_app.search.present.facets import to_facets
from search_app.search.query import SearchRequest, build_search_body
from search_app.search.reference_data import Snapshot
from tests.unit.pages.pages_samples import results, search_html


def seen(name: str, value: str) -> dict[str, Any]:
    """Return what the app makes of a search that chooses this value, and of an engine that counts three offers."""
    params = parse_params([(name, value)])
    body = build_search_body(SearchRequest(params, None, date(2026, 11, 23)))
    three = json.dumps({"buckets": [{"key": value, "doc_count": 3}]})
    every = {each: msgspec.Raw(three.encode()) for each in build_search_body_names(body)}
    facets = to_facets(every, params, Snapshot())
    page: Any = html.fromstring(search_html([(name, value)], results(facets=facets)))
    document = build_openapi()
    parameters = document["paths"]["/api/v1/offers"]["get"]["parameters"]
    return {
        "filter": body["post_filter"]["bool"]["filter"],
        "counted": body["aggs"][name]["terms"]["field"],
        "rows": [[row.value, row.label, row.count, row.selected] for row in facets[name]],
        "form": [box.get("value") for box in page.xpath(f'//form//input[@name="{name}"]')],
        "legends": [" ".join(found.text_content().split()) for found in page.xpath(f'//form//*[@id="champ-{name}"]')],
        "proposed": [box.label for box in build_uncounted_lists(Snapshot())[name].first],
        "chips": [" ".join(chip.text_content().split()) for chip in page.xpath('//a[@class="chip"]')],
        "links": to_pairs(params),
        "openapi": [each["description"] for each in parameters if each["name"] == name],
        "answers": document["components"]["schemas"]["SearchResults"]["properties"]["facets"]["properties"][name],
        "docs": [line for line in parameter_table().splitlines() if line.startswith(f"| `{name}`")],
    }


def build_search_body_names(body: dict[str, Any]) -> list[str]:
    """Return the names of all lists, whatever filter they stand under."""
    inside = [name for each in body["aggs"].values() for name in each.get("aggs", {})]
    return [name for name in (*body["aggs"], *inside) if name != "others" and not name.startswith("own:")]


if __name__ == "__main__":
    print(json.dumps(seen(sys.argv[1], sys.argv[2]), ensure_ascii=False))
