"""``python -m bench.words.places``: how many places in words are recognised, over the catalogue that is loaded.

Asked are all towns of 10,000 inhabitants or more without a namesake of that size, in four forms, and every région and
département without such a namesake after a job, with and without a preposition; then every title of the catalogue and
of the jobs that holds the name of a place, which must stay whole. Prints a table, and with ``--show`` what failed. The
settings are the app's (BOUSSOLE_OPENSEARCH_URL, BOUSSOLE_INDEX_PREFIX).
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from bench.tables import table
from bench.words.loaded import read_snapshot
from search_app.base.errors import AppError
from search_app.base.settings import Settings
from search_app.search.params import SearchParams
from search_app.search.places.finder import PlaceFinder
from search_app.search.places.found_place import LARGE_TOWN, FoundPlace, comparable_name
from search_app.search.reference_data import Snapshot
from search_app.search.resolved import resolve

TODAY: Final = date(2026, 12, 1)
Form = Callable[[str], str]
TOWN_FORMS: Final[dict[str, Form]] = {
    "plombier à NAME": "plombier à {}".format,
    "plombier NAME": "plombier {}".format,
    "soudeur na-me": lambda name: f"soudeur {comparable_name(name)}",
    "NAME alone": str,
}
AREA_FORMS: Final[dict[str, Form]] = {
    "coiffeur NAME": "coiffeur {}".format,
    "coiffeur en NAME": "coiffeur en {}".format,
}
LONGEST_NAME: Final = 6  # words of a name that is looked for in titles


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print the failures")
    options = parser.parse_args()
    snapshot = read_snapshot()
    towns, areas = list(_large_towns(snapshot.places)), list(_areas(snapshot.places))
    titles = {comparable_name(title) for title in _titles(snapshot)}
    rows = [_ask(snapshot, label, form, towns, set()) for label, form in list(TOWN_FORMS.items())[:-1]]
    rows.append(_ask(snapshot, "NAME alone", str, towns, titles))
    rows += [_ask(snapshot, label, form, areas, set()) for label, form in AREA_FORMS.items()]
    rows.append(_keep_titles(snapshot))
    if options.show:
        for label, _, failures in rows:
            print(f"{label}:", *failures, sep="\n  ")
    print(table(["form", "asked", "right", "share"], [_row(*each) for each in rows]))
    return 0


def _row(label: str, asked: int, failures: list[str]) -> tuple[str, ...]:
    right = asked - len(failures)
    return label, str(asked), str(right), f"{right / asked:.3f}"


def _large_towns(places: PlaceFinder) -> Iterator[FoundPlace]:
    """Yield the towns of 10,000 inhabitants or more whose name no other one of that size has."""
    large = {
        place.code: place
        for found in places.by_name.values()
        for place in found
        if place.kind == "town" and place.population >= LARGE_TOWN and not place.formerly
    }
    named = Counter(comparable_name(place.name) for place in large.values())
    return (place for place in large.values() if named[comparable_name(place.name)] == 1)


def _areas(places: PlaceFinder) -> Iterator[FoundPlace]:
    """Yield the areas whose name means no large town first, under their names of today."""
    for name, found in places.by_name.items():
        areas = [place for place in found if not place.is_town and name == comparable_name(place.name)]
        yield from areas if areas and not found[0].is_town else ()


def _titles(snapshot: Snapshot) -> Iterator[str]:
    lexicon = snapshot.understander.lexicon
    yield from (title for title, _ in lexicon.titles)
    yield from (title for _, title in lexicon.job_titles)


def _ask(
    snapshot: Snapshot, label: str, form: Form, places: Iterable[FoundPlace], whole_titles: set[str]
) -> tuple[str, int, list[str]]:
    """Return the label, the number of places asked and the failures; names that are a whole title are not asked."""
    asked = [place for place in places if comparable_name(place.name) not in whole_titles]
    found = [(form(place.name), place, _place_of(snapshot, form(place.name))) for place in asked]
    failures = [f"{typed} -> {got}" for typed, place, got in found if not _is(place, got)]
    return label, len(asked), failures


def _is(place: FoundPlace, got: FoundPlace | str | None) -> bool:
    """Tell whether the place was found; a département and a région of the same name and extent are the same."""
    if not isinstance(got, FoundPlace):
        return False
    return got.code == place.code or (got.kind != "town" and got.name == place.name)


def _place_of(snapshot: Snapshot, typed: str) -> FoundPlace | str | None:
    """Return the place that words mean, None without one, and the message of a fault."""
    try:
        resolved = resolve(SearchParams(q=typed), snapshot, Settings(today=TODAY))
    except AppError as error:
        return str(error)
    return resolved.places[0] if resolved.places else None


def _keep_titles(snapshot: Snapshot) -> tuple[str, int, list[str]]:
    """Return how many titles that hold the name of a place were taken for a title."""
    held = [title for title in dict.fromkeys(_titles(snapshot)) if _holds_place(snapshot.places, title)]
    found = [(title, _place_of(snapshot, title)) for title in held]
    return "titles kept whole", len(held), [f"{title} -> {got}" for title, got in found if got is not None]


def _holds_place(places: PlaceFinder, title: str) -> bool:
    words = comparable_name(title).split()
    names = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1)
    )
    return any(name in places.by_name for name in names)


if __name__ == "__main__":
    sys.exit(main())
