"""Charts as SVG: one bar a row, of one measure; with columns, one panel each, on the same scale.

Bars are never stacked: rows overlap (an offer with two domains is in both), so what is on top of each other would look
like a sum that is none. Positions are per cent and heights pixels, so that text keeps its size at every width.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.pages.analytics.figures import Figure, Kind, State, write

MOST_PANELS: Final = 6  # columns drawn; the table has them all, and the page says so
WIDEST: Final = 62.0  # per cent: the figure stands behind its bar
LINE: Final = 46  # px of a row: label and bar
TALL: Final = 200  # px of the highest of upright bars
MOST_TICKS: Final = 6  # labels below upright bars: as many as fit on a phone
FOR_BARS: Final = 84.0  # per cent of the width; the rest is for the scale


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its figure, and its position: per cent across, px down; ``tick`` is its label on the axis."""

    label: str
    text: str
    style: str
    href: str | None
    x: str
    y: int
    width: str
    height: int
    tick: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The bars of one column, or of the rows as a whole (without title)."""

    title: str
    bars: tuple[Bar, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one measure; ``upright``: bars stand beside each other, as periods do. ``most`` is its scale's end,
    ``left_out`` the titles of columns without a panel.
    """

    title: str
    panels: tuple[Panel, ...]
    upright: bool
    half: str
    most: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one column, one for each label of the rows."""

    title: str
    figures: tuple[Figure, ...]


def build_chart(
    title: str, kind: Kind, labels: Sequence[str], series: Sequence[Series], ticks: Sequence[str] = ()
) -> Chart:
    """Return the chart of some series over the same labels, on one scale; with ``ticks``, short labels, upright."""
    drawn = series[:MOST_PANELS]
    known = [figure.value for each in drawn for figure in each.figures if figure.value is not None]
    most = 1 if kind.is_share else max(known, default=0)
    return Chart(
        title=title,
        panels=tuple(_upright(each, labels, ticks, most) if ticks else _lying(each, labels, most) for each in drawn),
        upright=bool(ticks),
        half=write(kind, most / 2 if kind.is_share else round(most / 2)) if most >= 1 else "",
        most=write(kind, most) if most else "",
        left_out=tuple(each.title for each in series[MOST_PANELS:]),
    )


def _lying(series: Series, labels: Sequence[str], most: float) -> Panel:
    """Return bars below each other, each under its label."""
    bars = []
    for position, (label, figure) in enumerate(zip(labels, series.figures, strict=True)):
        long = _share(figure, most) * WIDEST
        bars.append(_bar(label, figure, "0", position * LINE, f"{long:.2f}%", LINE - 26))
    return Panel(series.title, tuple(bars), len(labels) * LINE)


def _upright(series: Series, labels: Sequence[str], ticks: Sequence[str], most: float) -> Panel:
    """Return bars beside each other, as many ticks named as have room."""
    step, every = FOR_BARS / max(1, len(labels)), max(1, -(-len(labels) // MOST_TICKS))
    bars = []
    for position, (label, figure) in enumerate(zip(labels, series.figures, strict=True)):
        high = round(_share(figure, most) * TALL)
        x, width = 100 - FOR_BARS + position * step + step * 0.1, step * 0.8
        tick = "" if position % every else ticks[position]
        bars.append(_bar(label, figure, f"{x:.2f}%", TALL - high, f"{width:.2f}%", high, tick))
    return Panel(series.title, tuple(bars), TALL)


def _share(figure: Figure, most: float) -> float:
    return figure.value / most if figure.value is not None and most else 0.0


def _bar(label: str, figure: Figure, x: str, y: int, width: str, height: int, tick: str = "") -> Bar:
    style = "partial" if figure.partial and figure.state is State.SOME else figure.state.value
    note = f"connu : {figure.coverage}" if figure.coverage else ""
    return Bar(label, figure.text, style, figure.href, x, y, width, height, tick, note)
