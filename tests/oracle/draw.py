"""Random requests, drawn so that every rule comes up, boundaries often, and answers are rarely empty."""

import random
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Final

from tests.oracle.lines import UNTOLD, Line
from tests.oracle.places import LARGE, Circle, Gazetteer, Town, fold, resolve
from tests.oracle.rows import ON_LINES, ON_OFFERS, ON_REQUEST, WITH_UNTOLD, Place, Row, Session

Drawn = dict[str, list[str]]
FUNDERS: Final = ("2", "4", "5", "16", "10", "0", "7", "11")
ENTRY_LEVELS: Final = ("0", "13", "14", "15", "16", "17", "18")
ABSENT: Final = {"rncp": "99998", "training": "a" * 12, "provider": "999999998", "rome": "N4999", "domain": "999"}


class Drawer:
    """Draws parameters for ``GET /api/v1/offers``; the same seed over the same rows draws the same ones.

    ``untold`` are facets of which the rows say nothing.
    """

    def __init__(
        self,
        rows: list[Row],
        gazetteer: Gazetteer,
        today: date,
        seed: int,
        *,
        entry_levels: bool = True,
        trainings: bool = True,
        untold: Collection[str] = (),
    ):
        self.rows = rows
        self.gazetteer = gazetteer
        self.today = today
        self.rng = random.Random(seed)
        cities = [fold(town.name).split() for town in gazetteer.towns.values() if town.population >= LARGE]
        self.short_names = {" ".join(words[:count]) for words in cities for count in range(1, len(words))}
        self.towns = [town for town in gazetteer.towns.values() if self._is_plain(town)]
        self.towns_by_department: dict[str, list[Town]] = {}
        for town in self.towns:
            self.towns_by_department.setdefault(town.department, []).append(town)
        self.filters: dict[str, Callable[[Row, Session | None, Drawn], None]] = {
            "where": self._where,
            "window": self._window,
            "funder": self._funder,
            "seats": self._seats,
            "recruiting": self._recruiting,
            "upcoming": lambda row, session, drawn: drawn.update(upcoming=["true"]),
            "remote": lambda row, session, drawn: drawn.update(
                remote=[self.rng.choice(["include", "only", "exclude"])]
            ),
            "free": lambda row, session, drawn: drawn.update(free=["true"]),
            "numbers": self._numbers,
            "domain": self._domain,
            "rncp": self._rncp,
            **{part: self._of_line(part) for part in ON_LINES},
            "line": self._line,
            **({"training": self._training} if trainings else {}),
            **({"entry_level": self._entry_level} if entry_levels else {}),
            **{name: self._code(name) for name in ON_OFFERS if name != "domain" and name not in untold},
        }
        self.listed = sorted(ON_REQUEST - {*untold})
        session_words = ("where", "window", "funder", "seats", "recruiting", "upcoming")
        self.trainings = trainings
        self.weights = [3 if name in session_words else 1 for name in self.filters]

    def parameters(self) -> Drawn:
        """Draw one request: conditions around one action, so that most requests have an answer."""
        row = self.rng.choice(self.rows)
        session = self.rng.choice(row.sessions) if row.sessions else None
        drawn: Drawn = {}
        for _ in range(self.rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6))):
            name = self.rng.choices(list(self.filters), self.weights)[0]
            if self.rng.random() < 0.15:
                row = self.rng.choice(self.rows)
                session = self.rng.choice(row.sessions) if row.sessions else None
            self.filters[name](row, session, drawn)
        self._order_and_page(drawn)
        return drawn

    def crossed(self) -> Drawn:
        """Draw one request in which conditions on a session meet: a window beside today, dates without a day, numbers
        of seats that few ask for, several funders.
        """
        row = self.rng.choice(self.rows)
        while not row.sessions:
            row = self.rng.choice(self.rows)
        inexact = [each for each in row.sessions if each.start and each.start.first != each.start.last]
        told = [each for each in row.sessions if each.available]
        session = self.rng.choice(self.rng.choice([each for each in (inexact, told, row.sessions) if each]))
        drawn: Drawn = {"upcoming": ["true"]} if self.rng.random() < 0.6 else {}
        if self.rng.random() < 0.7:
            self._window(row, session, drawn)
            if self.rng.random() < 0.4:  # it ends shortly before today, in a month that is not over, or just begins
                drawn.pop("start_from", None)
                drawn["start_to"] = [(self.today + timedelta(days=self.rng.randint(-60, 20))).isoformat()]
        if self.rng.random() < 0.7:
            self._funder(row, session, drawn)
        if self.rng.random() < 0.8:
            drawn["seats"] = [str(self.rng.choice((1, 2, 3, 4, 7, 11, 60, "full", "full", "unknown", "unknown")))]
        if self.rng.random() < 0.3:
            self._recruiting(row, session, drawn)
        self._order_and_page(drawn)
        return drawn

    def _order_and_page(self, drawn: Drawn) -> None:
        has_point = "lat" in drawn or (
            "place" in drawn and isinstance(resolve(self.gazetteer, drawn["place"][0]), Circle)
        )
        if self.rng.random() < 0.5:
            drawn["sort"] = [self.rng.choice(("start", "seats", *(("distance",) * 2 if has_point else ())))]
        if self.rng.random() < 0.6:
            drawn["size"] = [str(self.rng.choice((1, 5, 20, 50, 100)))]
        if self.rng.random() < 0.25:
            drawn["page"] = [str(self.rng.choice((1, 2, 2, 3, 7)))]
        if self.trainings and self.rng.random() < 0.25:
            drawn["group"] = [self.rng.choice(("training", "training", "training", "none"))]
        if self.rng.random() < 0.3:
            drawn["facets"] = self.rng.sample(self.listed, self.rng.randint(1, len(self.listed)))
        if self.rng.random() < 0.1:
            drawn["facet_size"] = [str(self.rng.choice((5, 20, 1000)))]

    def _where(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        for name in ("place", "lat", "lon", "radius"):
            drawn.pop(name, None)
        place = self.rng.choice(row.places) if row.places else Place()
        kind = self.rng.choice(("point", "town", "town", "postal", "area"))
        if kind == "area":
            drawn["place"] = [self._area(place)]
            if self.rng.random() < 0.2:  # means nothing beside an area
                drawn["radius"] = ["5"]
            return
        if kind == "point" and place.lat is not None and place.lon is not None:
            drawn["lat"] = [str(round(place.lat + self.rng.uniform(-0.3, 0.3), 4))]
            drawn["lon"] = [str(round(place.lon + self.rng.uniform(-0.3, 0.3), 4))]
        else:
            town = self.rng.choice(self.towns_by_department.get(place.department or "", self.towns))
            drawn["place"] = [self._spelt(town.name) if kind == "town" else self.rng.choice(town.postal_codes)]
        if self.rng.random() < 0.8:
            drawn["radius"] = [str(self.rng.choice((1, 3, 5, 10, 20, 30, 40, 75, 100, 200)))]

    def _area(self, place: Place) -> str:
        departments = self.gazetteer.department_by_name
        code = place.department or self.rng.choice(list(departments.values()))
        names = [name for name, known in departments.items() if known == code and not self._is_town(name)]
        region = self.gazetteer.region_by_department.get(code)
        regions = [name for name, known in self.gazetteer.region_by_name.items() if known == region]
        regions = [name for name in regions if not self._is_town(name)]
        return self.rng.choice([code, *names, *regions])

    def _is_town(self, folded: str) -> bool:
        return isinstance(resolve(self.gazetteer, folded), Circle)

    def _is_plain(self, town: Town) -> bool:
        """True if name and postal codes mean one town with a centre, not one of two equally large ones.

        « Villeneuve » may mean Villeneuve-d’Ascq, which no row tells.
        """
        if town.population < LARGE and fold(town.name) in self.short_names:
            return False
        found = [self.gazetteer.town_by_name[fold(town.name)]]
        found += [self.gazetteer.town_by_postal_code[code] for code in town.postal_codes]
        return bool(town.postal_codes) and all(other.lat is not None for other in found) and town.population > 0

    def _spelt(self, name: str) -> str:
        spellings = (
            name,
            name.upper(),
            name.replace("-", " "),
            "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).lower(),
            name.replace("Saint-", "St ").replace("Sainte-", "Ste "),
        )
        return self.rng.choice(spellings)

    def _window(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        anchor = self.today + timedelta(days=self.rng.randint(-200, 500))
        if session and session.start and self.rng.random() < 0.9:
            anchor = self.rng.choice(session.start)
            if row.permanent and session.end and self.rng.random() < 0.4:
                anchor = session.end.last
        anchor += timedelta(days=self.rng.choice((0, 0, 0, -1, 1, 30)))
        month = anchor.replace(day=1)
        month_end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        lengths = timedelta(days=self.rng.choice((0, 1, 7, 29, 90, 365)))
        windows = (
            (anchor, anchor + lengths),
            (anchor - lengths, anchor),
            (month, month_end),
            (anchor, None),
            (None, anchor),
        )
        start_from, start_to = self.rng.choice(windows)
        for name, day in (("start_from", start_from), ("start_to", start_to)):
            drawn.pop(name, None)
            if day:
                drawn[name] = [day.isoformat()]

    def _funder(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        told = list(session.available) if session else []
        pool = sorted(row.funders) + told + [self.rng.choice((*FUNDERS, UNTOLD))]
        drawn["funder"] = sorted({self.rng.choice(pool) for _ in range(self.rng.choice((1, 1, 1, 2, 3)))})

    def _seats(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        figures = [left for s in row.sessions for left in s.available.values() if left > 0]
        exact = self.rng.choice(figures) + self.rng.choice((0, 0, 1)) if figures else 1
        drawn["seats"] = [str(self.rng.choice((1, 1, 2, 5, 10, exact, exact, "full", "full", "unknown", "unknown")))]

    def _recruiting(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        pool = ["open", "closed", "suspended", "unknown", *([session.recruiting] * 4 if session else [])]
        drawn["recruiting"] = sorted({self.rng.choice(pool) for _ in range(self.rng.choice((1, 1, 2)))})

    def _numbers(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        name, known = self.rng.choice((("hours_max", row.hours), ("price_max", row.price)))
        value = self.rng.choice((known or 0, (known or 100) - 1, 35, 500, 1500.5, 0))
        drawn[name] = [f"{max(value, 0):g}" if value < 100_000 else str(int(value))]

    def _domain(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        other = self.rng.choice(self.rows)
        pool = sorted(row.answers_to["domain"]) * 2 + sorted(other.answers_to["domain"])
        self._some("domain", pool, drawn)

    def _rncp(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        pool = sorted(row.answers_to["rncp"]) + sorted(self.rng.choice(self.rows).answers_to["rncp"])
        self._some("rncp", pool, drawn)
        drawn["rncp"] = [
            code if code == UNTOLD else self.rng.choice(("", "RNCP")) + code for code in drawn.get("rncp", ())
        ]

    def _training(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        pool = sorted(row.answers_to["training"]) * 2 + sorted(self.rng.choice(self.rows).answers_to["training"])
        self._some("training", pool, drawn)

    def _entry_level(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        drawn["entry_level"] = [self.rng.choice(ENTRY_LEVELS)]

    def _of_line(self, part: str) -> Callable[[Row, Session | None, Drawn], None]:
        def draw(row: Row, session: Session | None, drawn: Drawn) -> None:
            lines = row.lines * 2 + self.rng.choice(self.rows).lines
            self._some(part, sorted({value for line in lines if (value := getattr(line, part))}) or [UNTOLD], drawn)

        return draw

    def _line(self, row: Row, session: Session | None, drawn: Drawn) -> None:
        """Draw several parts of one line, or of two of the same action: the latter often has no answer."""
        first, other = (self.rng.choice(row.lines) if row.lines else Line() for _ in range(2))
        for part, line in (("funder", first), ("programme", other), ("market", self.rng.choice((first, other)))):
            if self.rng.random() < 0.75:
                drawn[part] = [getattr(line, part) or UNTOLD]

    def _code(self, name: str) -> Callable[[Row, Session | None, Drawn], None]:
        def draw(row: Row, session: Session | None, drawn: Drawn) -> None:
            self._some(name, sorted(row.values[name]) * 3 + sorted(self.rng.choice(self.rows).values[name]), drawn)

        return draw

    def _some(self, name: str, pool: list[str], drawn: Drawn) -> None:
        if name in ABSENT and self.rng.random() < 0.05:
            pool = [*pool, ABSENT[name]]
        if not pool:
            pool = [ABSENT[name]] if name in ABSENT else sorted(self.rng.choice(self.rows).values[name])
        if pool:
            if name in WITH_UNTOLD and self.rng.random() < 0.12:
                pool = [*pool[:2], UNTOLD]
            several = 1 if name == "state_funded" else self.rng.choice((1, 1, 2, 3))
            drawn[name] = sorted({self.rng.choice(pool) for _ in range(several)})
