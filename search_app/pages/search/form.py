"""The search form: fields filled with the given values, valid or not, and their errors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from search_app.base.errors import Fault
from search_app.pages.search.facet_lists import FacetList
from search_app.pages.search.fields import Choice, Field, SelectField, TextField, Tick
from search_app.pages.search.more_filters import More, build_more
from search_app.pages.search.presets import Presets
from search_app.search.facets import FACETS, FormGroup
from search_app.search.links import DAYS, ORDER_FIELD, POINT_FIELD, SEARCH, Pair, Pairs
from search_app.search.params.search_params import DEFAULT_RADIUS_KM
from search_app.search.params.table import ENTRY_LEVELS, REMOTE
from search_app.search.params.values import read_day
from search_app.text import wording
from search_app.text.dates import numeric_days
from search_app.text.wording import curved

RADII: Final = ("5", "10", "20", "30", "50", "100", "200")
# Parameters displayed only if they are wrong; their labels are used in the list of faults.
LABELS: Final = {
    "q": "Quelle formation, quel métier ?", "place": "Où ?", "radius": "Rayon", "remote": "Offres à distance",
    "start_from": "Début à partir du", "start_to": "Début jusqu’au", "upcoming": "Sessions à venir seulement",
    "free": wording.FREE, "price_max": "Prix au plus", "entry_level": "Mon niveau", "hours_max": "Durée au plus",
    "lat": "Latitude", "lon": "Longitude", "rncp": "Certification RNCP", "training": "Formation", "sort": "Ordre",
    "group": "Regroupement", "page": "Page", "size": "Résultats par page", "facet_size": "Valeurs par liste",
    "facets": "Listes ajoutées",
    "explain": "Explication",
    **{facet.param: facet.title for facet in FACETS},
}  # fmt: skip
SUGGESTIONS: Final = "/api/v1/suggest"  # completes the two top fields
PLACES: Final = "/api/v1/places"
FIELD_SCRIPTS: Final = ("suggestions.js", "around.js")
_IN_ORDER: Final = sorted(FACETS, key=lambda facet: facet.position)
WITHOUT_FIELD: Final = (
    "lat",
    "lon",
    "rncp",
    "training",
    "sort",
    "group",
    "page",
    "size",
    "facet_size",
    "facets",
    "explain",
)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of one question."""

    legend: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The form: what and where on top, filters in groups, and hidden parameters that must be preserved.

    ``person`` are the posted answers about a situation, which the form posts again, ``paid`` is the facet made for it.
    """

    what: TextField
    where: TextField
    radius: SelectField
    remote: SelectField
    upcoming: Tick
    groups: tuple[Group, ...]
    hidden: Pairs
    chosen: int
    more: More | None = None
    paid: FacetList | None = None
    person: Pairs = field(default=(), repr=False)


class FormReader:
    """Builds fields from the pairs of an address and their faults."""

    def __init__(self, pairs: Sequence[Pair], faults: Sequence[Fault] = ()) -> None:
        self._given: dict[str, list[str]] = {}
        for name, value in pairs:
            self._given.setdefault(name, []).append(value)
        self._errors = {fault.parameter: why(fault) for fault in reversed(faults)}

    def first(self, name: str) -> str:
        """Return the first value of this name, or an empty text."""
        return self._given.get(name, [""])[0]

    def error(self, name: str) -> str | None:
        """Return the fault of this parameter."""
        return self._errors.get(name)

    def text(self, name: str, *, hint: str = "", kind: str = "text", unit: str = "") -> TextField:
        """Return a text field; an invalid date is shown as text, because a date input would show nothing."""
        error, value = self.error(name), self.first(name)
        if error and not (kind == "date" and _is_day(value)):
            kind, value = "text", numeric_days(value) if kind == "date" else value
        return TextField(name, wording.typeset(LABELS[name]), value, hint, error, kind, unit)

    def select(self, name: str, labels: Mapping[str, str], default: str) -> SelectField:
        """Return a select field; an unlisted value is added, so that it is preserved."""
        chosen = self.first(name) or default
        choices = [Choice(value, text, value == chosen) for value, text in labels.items()]
        if chosen not in labels:
            choices.append(Choice(chosen, chosen, True))
        return SelectField(name, wording.typeset(LABELS[name]), tuple(choices), self.error(name))

    def radius(self) -> SelectField:
        """Return the radius field, with an unlisted radius as an additional option."""
        chosen = self.first("radius") or f"{DEFAULT_RADIUS_KM:g}"
        known = {radius: f"{radius}{wording.NBSP}km" for radius in RADII}
        if self.error("radius") is None:
            known.setdefault(chosen, f"{chosen.replace('.', ',')}{wording.NBSP}km")
        return self.select("radius", known, f"{DEFAULT_RADIUS_KM:g}")

    def tick(self, name: str) -> Tick:
        """Return a box to tick."""
        return Tick(name, LABELS[name], self.first(name) in ("true", "1", "on"), self.error(name))

    def wrong_without_field(self) -> tuple[TextField, ...]:
        """Return a field for each wrong parameter without one."""
        return tuple(self.text(name) for name in WITHOUT_FIELD if self.error(name))


def build_form(
    pairs: Sequence[Pair],
    lists: Mapping[str, FacetList],
    *,
    faults: Sequence[Fault] = (),
    chosen: int = 0,
    presets: Presets | None = None,
    path: str = SEARCH,
) -> SearchForm:
    """Return the form for the given pairs; ``lists`` are the facets by parameter, ``chosen`` counts active filters."""
    read = FormReader(pairs, faults)
    return SearchForm(
        what=replace(read.text("q"), suggest=SUGGESTIONS),
        where=replace(read.text("place"), suggest=PLACES, locates=True),
        radius=read.radius(),
        remote=read.select("remote", REMOTE, "include"),
        upcoming=read.tick("upcoming"),
        groups=_without_empty(_groups(read, lists, presets)),
        hidden=_hidden(read, pairs),
        chosen=chosen,
        more=None if faults else build_more(pairs, path),
    )


def _groups(read: FormReader, lists: Mapping[str, FacetList], presets: Presets | None) -> list[Group]:
    """Return all filters by question, preceded by wrong parameters without a field."""
    before: dict[FormGroup, tuple[Field, ...]] = {
        FormGroup.WHEN: (
            *((presets,) if presets else ()),
            *(read.text(name, kind="date") for name in DAYS),
            read.tick("upcoming"),
        ),
        FormGroup.PAYMENT: (read.tick("free"),),
        FormGroup.ENTRY: (read.select("entry_level", {"": "Peu importe", **ENTRY_LEVELS}, ""),),
    }
    after: dict[FormGroup, tuple[Field, ...]] = {
        FormGroup.PAYMENT: (read.text("price_max", kind="number", unit="€"),),
        FormGroup.TRAINING: (read.text("hours_max", kind="number", unit="heures"),),
    }
    groups = [
        Group(group.value, (*before.get(group, ()), *_facet_fields(group, read, lists), *after.get(group, ())))
        for group in FormGroup
    ]
    wrong = read.wrong_without_field()
    if wrong:
        groups.insert(0, Group("À corriger", wrong))
    return groups


def _facet_fields(group: FormGroup, read: FormReader, lists: Mapping[str, FacetList]) -> Iterator[Field]:
    """Yield the facets of a group; an invalid number, which no facet can display, gets a field to correct it."""
    for facet in _IN_ORDER:
        if facet.group is group:
            yield read.text(facet.param) if facet.single and read.error(facet.param) else lists[facet.param]


def _hidden(read: FormReader, pairs: Sequence[Pair]) -> Pairs:
    """Return parameters without a field (register codes, point, order); a wrong one has a field instead."""
    names = ("rncp", "training", "group", "size", "facets", "view", "selection")
    kept = [pair for pair in pairs if pair[0] in names and not read.error(pair[0])]
    lat, lon, sort = read.first("lat"), read.first("lon"), read.first("sort")
    if lat and lon and not (read.error("lat") or read.error("lon")):
        kept.append((POINT_FIELD, f"{lat},{lon}"))
    if sort and not read.error("sort"):
        kept.append((ORDER_FIELD if sort == "distance" else "sort", sort))
    return tuple(kept)


def _without_empty(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups without empty facets, and without groups that contain nothing else."""
    kept = []
    for group in groups:
        shown = [field for field in group.fields if not isinstance(field, FacetList) or field.shown]
        if shown:
            kept.append(Group(group.legend, tuple(shown)))
    return tuple(kept)


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except ValueError:
        return False
    return True


def why(fault: Fault) -> str:
    """Return a fault's sentence without the parameter's name, because it is displayed beside its field."""
    text = numeric_days(fault.plain or fault.message.removeprefix(fault.parameter).lstrip(" \u00a0:"))
    return wording.typeset(text[:1].upper() + text[1:])


def why_and_nearest(fault: Fault) -> str:
    """Return a fault's sentence with suggestions, if these are not displayed as links."""
    if not fault.nearest:
        return why(fault)
    return f"{why(fault)} Peut-être{wording.NBSP}: {', '.join(map(curved, fault.nearest))}."


def named_fault(fault: Fault, labels: Mapping[str, str] = LABELS) -> str:
    """Return a fault as the label of its field and the sentence."""
    label, sentence = labels.get(fault.parameter, "Paramètre").rstrip(" ?"), why(fault)
    return f"{label}{wording.NBSP}: {sentence[:1].lower()}{sentence[1:]}"
