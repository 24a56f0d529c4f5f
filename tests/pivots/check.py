"""Asks for pivots, compares them with the evaluator, and follows the link of every figure."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from search_app.search.service import Services
from tests.engine.loaded import LoadedApp
from tests.oracle.draw import Drawn
from tests.oracle.places import Gazetteer
from tests.oracle.query import read_query
from tests.pivots.evaluate import compare_cells, differences, evaluate
from tests.pivots.offers import Offer

PATH = "/api/v1/analytics"
COUNTS_AT_ONCE = 200
OWN = ("q", "rows", "columns", "measure")


class Checker:
    """Checks pivots of one app against its offers."""

    def __init__(self, app: LoadedApp, offers: Sequence[Offer], gazetteer: Gazetteer, today: date) -> None:
        self.app = app
        self.offers = offers
        self.gazetteer = gazetteer
        self.today = today
        self.links = 0

    def check(self, drawn: Drawn, found: frozenset[str] | None = None) -> list[str]:
        """Return what differs; ``found`` are the offers that the words find, None without words."""
        told = self.fetch(drawn)
        if isinstance(told, str):
            return [] if "trop pour un tableau" in told else [told]
        rows, columns = (drawn.get(name, [None])[0] for name in ("rows", "columns"))
        offers = self.offers if found is None else [each for each in self.offers if each.row.id in found]
        asked = read_query({name: values for name, values in drawn.items() if name not in OWN}, self.gazetteer)
        expected = evaluate(offers, asked, rows, columns, self.today)
        if expected.doubtful:
            return []
        shown = {row["value"]: row for row in told["rows"]}
        wrong = ["a row is told twice"] if len(shown) != len(told["rows"]) else []
        wrong += differences(expected, told, columns is not None, shown)
        if rows and columns:
            wrong += compare_cells(expected, told["cells"])
        return wrong + self.follow(told)

    def fetch(self, drawn: Drawn) -> Any:
        """Return the answer with the rows and cells of all its pages, or the text of a fault."""
        whole: dict[str, Any] = {}
        for page in range(1, 10_000):
            answer = self.app.get(f"{PATH}?{urlencode({**drawn, 'page': [page], 'size': ['100']}, doseq=True)}")
            if answer.status != 200:
                return f"status {answer.status}: {answer.text[:600]}"
            told = answer.json()
            if not whole:
                whole = told
            else:
                for name in ("rows", "cells"):
                    whole[name] += told[name]
                if told["total"] != whole["total"] or told["columns"] != whole["columns"]:
                    return f"total or columns of page {page} differ"
            if page >= told["pages"]:
                return whole
        raise AssertionError

    def follow(self, told: dict[str, Any]) -> list[str]:
        """Return the links whose search has another total than the figure they stand beside, and empty labels."""
        lines = [{"measures": told["total"], "search": told["search"], "label": "*"}]
        lines += [*told["rows"], *told["columns"], *told["cells"]]
        links = [(line["search"], line["measures"]["offers"]) for line in lines]
        self.links += len(links)
        assert self.app.client.portal is not None
        counts = self.app.client.portal.call(self._count, [link for link, _ in links])
        wrong = [
            f"{link}: {n} offers, not {offers}" for (link, offers), n in zip(links, counts, strict=True) if n != offers
        ]
        return wrong + [f"no label: {line}" for line in lines if not line.get("label", "*").strip()]

    async def _count(self, links: list[str]) -> list[int]:
        services: Services = self.app.app.state.services
        counts: list[int] = []
        for at in range(0, len(links), COUNTS_AT_ONCE):
            searches = [services.read_search(parse_qsl(link)) for link in links[at : at + COUNTS_AT_ONCE]]
            counts += await services.count(searches)
        return [
            number or await services.export_total(services.read_search(parse_qsl(link)))
            for number, link in zip(counts, links, strict=True)
        ]
