"""A map whose areas have the colour of their figure: régions or départements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mappings.codes import department_labels, region_labels
from search_app.pages.analytics.figures import NO_OFFER, NOT_KNOWN, Figure, Kind, State, write
from search_app.pages.analytics.maps.classes import SHARES, Classes, spans, to_classes
from search_app.pages.analytics.maps.ground import HEIGHT, OVERSEAS, PARIS, WIDTH, Part
from search_app.pages.analytics.maps.outlines import Level, Shape, outlines
from search_app.text.wording import counted, curved

NAMES: Final[Mapping[str, str]] = {"region": "région", "department": "département"}


@dataclass(frozen=True, slots=True)
class MapArea:
    """One area: its outline, what it says, its colour, the address of its offers."""

    path: str
    near: str
    label: str
    text: str
    style: str
    href: str | None
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend: a colour, the values that have it, and how many areas."""

    style: str
    text: str
    areas: str


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The map; ``written``: there is room for figures in the areas. ``elsewhere`` are rows that it does not show."""

    title: str
    areas: tuple[MapArea, ...]
    legend: tuple[Entry, ...]
    boxes: tuple[Part, ...]
    written: bool
    elsewhere: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class AreaRow:
    """What is known of one area: the row of a table."""

    code: str | None
    label: str
    figure: Figure


def build_area_map(level: Level, kind: Kind, rows: tuple[AreaRow, ...]) -> AreaMap:
    """Return the map of a measure; an area without a row has no offer."""
    by_code = {row.code: row for row in rows}
    shapes = outlines(level)
    values = [row.figure.value for row in rows if row.figure.state is State.SOME and row.figure.value is not None]
    classes = Classes(SHARES) if kind.is_share else to_classes(values)
    areas = tuple(_area(shape, by_code.get(shape.code), classes, level) for shape in shapes)
    drawn = {shape.code for shape in shapes}
    return AreaMap(
        title=f"{kind.label} par {NAMES[level]}",
        areas=areas,
        legend=tuple(_legend(kind, classes, values, areas, NAMES[level])),
        boxes=OVERSEAS if level == "region" else (PARIS, *OVERSEAS),
        written=level == "region",
        elsewhere=tuple(f"{row.label} : {row.figure.text}" for row in rows if row.code not in drawn),
    )


def style_of(figure: Figure | None, classes: Classes) -> str:
    """Return the name of a figure's colour: its class, or what it is instead of a number."""
    if figure is None:
        return State.NONE.value
    if figure.state is State.SOME and figure.value is not None:
        return f"level-{classes.of(figure.value)}"
    return figure.state.value


def _area(shape: Shape, row: AreaRow | None, classes: Classes, level: Level) -> MapArea:
    figure = row.figure if row else None
    return MapArea(
        path=shape.path,
        near=shape.near,
        label=row.label if row else _name(level, shape.code),
        text=figure.text if figure else NO_OFFER,
        style=style_of(figure, classes),
        href=figure.href if figure else None,
        x=shape.x,
        y=shape.y,
    )


def _name(level: Level, code: str) -> str:
    return curved((region_labels() if level == "region" else department_labels())[code])


def _legend(
    kind: Kind, classes: Classes, values: Sequence[int | float], areas: Sequence[MapArea], name: str
) -> list[Entry]:
    """Return the colours that the map has, the lowest values first."""
    counts: dict[str, int] = {}
    for area in areas:
        counts[area.style] = counts.get(area.style, 0) + 1
    named = [(f"level-{each}", text) for each, text in spans(classes, values, lambda value: write(kind, value))]
    texts = [(State.ZERO.value, write(kind, 0)), *named]
    texts += [(State.UNKNOWN.value, NOT_KNOWN), (State.NONE.value, NO_OFFER)]
    return [Entry(style, text, counted(counts[style], name, f"{name}s")) for style, text in texts if style in counts]
