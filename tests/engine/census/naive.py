"""What a search of the census must find, by looking at each body: no line of the app's queries is used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from mappings.distance import distance_km

Body = dict[str, Any]
Asked = Mapping[str, Sequence[str]]
FORMS = {"sarl", "sas", "association"}
SMALL = {"de", "des", "du", "d", "l", "la", "le", "et", "en", "pour"}


@dataclass(frozen=True)
class Offers:
    """SIREN -> number of offers: all, to come; by domain: sets of SIRENs for (domain, upcoming)."""

    every: Mapping[str, int]
    upcoming: Mapping[str, int]
    in_domain: Mapping[tuple[str, bool], set[str]]


def holds(body: Body, asked: Asked, offers: Offers, *, without: str = "") -> bool:
    """Tell whether a body meets all parameters but one."""
    return all(_meets(body, name, asked, offers) for name in asked if name not in (without, "radius", "lon", "sort"))


def _meets(body: Body, name: str, asked: Asked, offers: Offers) -> bool:
    values, siren = asked[name], body["siren"]
    if name == "q":
        return tier(body, values[0]) > 0
    if name == "lat":
        here = float(values[0]), float(asked["lon"][0])
        most = float(asked.get("radius", ["30"])[0])
        return any(distance_km(*here, site["lat"], site["lon"]) <= most for site in body["sites"])
    if name == "domain":
        upcoming = "upcoming" in asked.get("offers", ()) and "any" not in asked.get("offers", ())
        return any(siren in offers.in_domain[value, upcoming] for value in values)
    if name == "offers":
        has = {"any": siren in offers.every, "upcoming": siren in offers.upcoming, "none": siren not in offers.every}
        return any(has[value] for value in values)
    told = {
        "state": body["state_rows"], "qualiopi": body["qualiopi_rows"], "gap": body["gap_codes"],
        "region": [site["region"] for site in body["sites"]],
        "department": [site["department"] for site in body["sites"]],
    }[name]  # fmt: skip
    return bool(set(told) & set(values))


def tier(body: Body, text: str) -> int:
    """Return how well a folded text names a body: 6 exactly, 5 acronym, 4 all words, 3 beginning, 2 one slip,
    1 beginnings of words, 0 not.
    """
    words = [word for word in text.split() if word not in FORMS | SMALL] or text.split()
    forms = {text.replace(" ", ""), "".join(word for word in text.split() if word not in FORMS) or text}
    names = {form for name in body["names_folded"] for form in _forms(name)}
    in_name = {word for name in (*body["names_folded"], *body["acronyms_folded"]) for word in name.split()}
    anywhere = in_name | {word for site in body["sites"] for word in _town_words(site["town"])}
    if forms & names:
        return 6
    if forms & set(body["acronyms_folded"]):
        return 5
    if all(word in anywhere for word in words) and any(word in in_name for word in words):
        return 4
    if any(name.startswith(form) for name in names for form in forms):
        return 3
    if _is_one_slip_away(forms, names, words, in_name, anywhere):
        return 2
    begun = all(_any_begins(anywhere, word) for word in words) and any(_any_begins(in_name, word) for word in words)
    return 1 if begun else 0


def _forms(name: str) -> set[str]:
    bare = [word for word in name.split() if word not in FORMS]
    return {name.replace(" ", ""), "".join(bare) or name.replace(" ", "")}


def _town_words(town: str) -> list[str]:
    return town.lower().replace("-", " ").split()


def _any_begins(words: Iterable[str], start: str) -> bool:
    return any(word.startswith(start) for word in words)


def _near(one: str, other: str, shortest: int) -> bool:
    return len(one) >= shortest and one[0] == other[0] and OSA.distance(one, other) <= 1


def _is_one_slip_away(
    forms: set[str], names: set[str], words: list[str], in_name: set[str], anywhere: set[str]
) -> bool:
    if any(_near(form, name, 2) for form in forms for name in names):
        return True
    for position, word in enumerate(words):
        others = [each for place, each in enumerate(words) if place != position]
        if not all(each in anywhere for each in others) or not any(_near(word, each, 4) for each in anywhere):
            continue
        if any(each in in_name for each in words) or any(_near(word, each, 4) for each in in_name):
            return True
    return False
