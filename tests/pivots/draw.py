"""Random pivots: any dimensions, measures and filters, often those of the dimensions, and what is not told."""

import random
from collections.abc import Sequence

from search_app.analytics.dimensions import DIMENSIONS
from search_app.analytics.measures import MEASURES
from tests.oracle.draw import Drawer, Drawn
from tests.oracle.lines import UNTOLD
from tests.oracle.rows import WITH_UNTOLD
from tests.pivots.evaluate import LINE_NAMES, values_of
from tests.pivots.offers import Offer

PAGING = ("sort", "size", "page", "group", "facet_size", "facets")
BESIDE = ("employment_zone", "trainer", *LINE_NAMES)


class PivotDrawer:
    """Draws the parameters of pivots; ``untold`` are dimensions and measures of which the offers say nothing."""

    def __init__(
        self, drawer: Drawer, offers: Sequence[Offer], seed: int, untold: frozenset[str] = frozenset()
    ) -> None:
        self._drawer = drawer
        self._offers = offers
        self._rng = random.Random(seed)
        self._dimensions = [name for name in DIMENSIONS if name not in untold]
        self._measures = [name for name in MEASURES if name not in untold]

    def parameters(self) -> Drawn:
        """Draw one pivot."""
        rng = self._rng
        drawn = {name: values for name, values in self._drawer.parameters().items() if name not in PAGING}
        rows = rng.choice(self._dimensions)
        columns = rng.choice([name for name in self._dimensions if DIMENSIONS[name].param != DIMENSIONS[rows].param])
        for name in BESIDE:
            if rng.random() < (0.1 if name != "funder" else 0.05):
                self._filter(name, drawn)
        for name in (rows, columns):
            if rng.random() < 0.3:
                self._filter(DIMENSIONS[name].param, drawn)
        if "domain" in (rows, columns):
            drawn["domain"] = [code for code in drawn.get("domain", ()) if len(code) != 5]
        if rng.random() > 0.04:
            drawn["rows"] = [rows]
            if rng.random() < 0.75:
                drawn["columns"] = [columns]
        some = self._measures if rng.random() < 0.6 else rng.sample(self._measures, rng.randint(1, 4))
        drawn["measure"] = list(dict.fromkeys(["offers", *some]))
        return {name: values for name, values in drawn.items() if values}

    def _filter(self, name: str, drawn: Drawn) -> None:
        """Keep one or two values of a parameter, of some offers, or what is not told."""
        if name not in WITH_UNTOLD:
            return
        pool: list[str] = []
        for offer in self._rng.sample(list(self._offers), min(4, len(self._offers))):
            if name in LINE_NAMES:
                pool += [value for line, _ in offer.bought if (value := getattr(line, name))]
            else:
                pool += sorted(values_of(offer, name))
        pool += [UNTOLD] * (1 + len(pool) // 5)
        drawn[name] = sorted({self._rng.choice(pool) for _ in range(self._rng.choice((1, 1, 2, 3)))})
