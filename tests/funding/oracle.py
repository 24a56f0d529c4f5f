"""An independent reading of the rule files: 0 is no, 1 is yes, a half is unknown; all is min, any is max.

It uses the parsed TOML alone, and none of the code that reads conditions or evaluates them.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from funding import OWN_FUNDING
from funding.facts.offer import OfferFacts
from tests.funding.draw import Case

HALF: Final = 0.5
PUBLIC: Final = {"2", "3", "4", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16", "18", "19", "20"}
RULES: Final = {
    path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(OWN_FUNDING, "rules").glob("*.toml"))
}


def results(case: Case) -> dict[str, float]:
    """Return scheme -> result for a session whose dates are known to the day."""
    return {name: _scheme(rule, case) for name, rule in RULES.items() if rule.get("version")}


def _scheme(rule: Mapping[str, Any], case: Case) -> float:
    start = _start(case)
    for version in rule["version"]:
        day = case.on if version.get("on") == "day" else start
        if version["from"] <= day <= version.get("to", date.max):
            result = min(_condition(each, case) for each in version["all"])
            capped = "unread" in version or case.on > version.get("verify_by", date.max)
            return min(result, HALF) if capped else result
    return HALF


def _start(case: Case) -> date:
    assert case.session.start is not None
    return max(case.session.start, case.on) if case.session.permanent else case.session.start


def _condition(table: Mapping[str, Any], case: Case) -> float:
    if "all" in table:
        return min(_condition(each, case) for each in table["all"])
    if "any" in table:
        return max(_condition(each, case) for each in table["any"])
    if "not" in table:
        return 1 - _condition(table["not"], case)
    return HALF if "untold" in table else _fact(table, case)


def _fact(table: Mapping[str, Any], case: Case) -> float:
    side, name = table["fact"].split(".")
    value = _of_session(name, case) if side == "session" else getattr(getattr(case, side), name)
    if value is None:
        return HALF
    if "is" in table:
        return float(value == table["is"])
    if "in" in table:
        return float(value in table["in"])
    if "has" in table:
        return _has(name, value, set(table["has"]), case.offer)
    if "within_months" in table:
        since = case.person.csp_since
        return HALF if since is None else float(value < _later(since, table["within_months"]))
    if "at_least" in table:
        return float(value >= table["at_least"])
    return float(value <= table["at_most"] if "at_most" in table else value > table["above"])


def _has(name: str, value: frozenset[str], wanted: set[str], offer: OfferFacts) -> float:
    found = value & wanted
    if name == "funders" and offer.state_funded is False:
        return 1.0 if found - PUBLIC else HALF if found else 0.0
    return float(bool(found))


def _of_session(name: str, case: Case) -> Any:
    start, end = _start(case), case.session.end
    if name == "start":
        return start
    if name == "months":
        if case.session.permanent or end is None:
            return None
        months = 0
        while _later(start, months) <= end:
            months += 1
        return months
    periods = case.offer.cpf_periods
    if periods is None:
        return None
    return any((first or date.min) <= start <= (last or date.max) for first, last in periods)


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, number = day.year + month // 12, month % 12 + 1
    for shorter in range(4):
        try:
            return date(year, number, day.day - shorter)
        except ValueError:
            continue
    return day + timedelta(30 * months)
