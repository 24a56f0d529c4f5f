"""Charts: lengths are to scale, unknown and absent have no bar, panels share one scale."""

from search_app.analytics.measures import MEASURES
from search_app.pages.analytics.chart import MOST_PANELS, TALL, WIDEST, Series, build_chart
from search_app.pages.analytics.figures import Figure, to_figure, to_kind

LEFT, RATE = to_kind(MEASURES["left"]), to_kind(MEASURES["fill_rate"])


def figure(value: float | None, known: float = 1.0) -> Figure:
    return to_figure(LEFT, {"offers": 1, "left": value, "seats_known": known}, "/offres?x=1")


def test_bars_are_to_scale_and_what_is_not_known_has_none() -> None:
    figures = (figure(10), figure(5), figure(0), figure(None), to_figure(LEFT, {"offers": 0}))
    (panel,) = build_chart("Titre", LEFT, ["a", "b", "c", "d", "e"], [Series("", figures)]).panels
    widths = [float(bar.width.rstrip("%")) for bar in panel.bars]
    assert widths == [WIDEST, WIDEST / 2, 0, 0, 0]
    assert [bar.style for bar in panel.bars] == ["some", "some", "zero", "unknown", "none"]
    assert [bar.text for bar in panel.bars] == ["10", "5", "0", "non connu", "aucune offre"]
    assert [bar.href for bar in panel.bars][-1] is None
    assert [bar.y for bar in panel.bars] == sorted({bar.y for bar in panel.bars})


def test_a_figure_known_for_less_than_half_is_marked_and_says_so() -> None:
    (panel,) = build_chart("Titre", LEFT, ["a"], [Series("", (figure(4, 0.2),))]).panels
    assert (panel.bars[0].style, panel.bars[0].note) == ("partial", "connu : 20\u00a0%")


def test_panels_share_one_scale_and_the_others_are_counted() -> None:
    series = [Series(str(number), (figure(number),)) for number in range(1, MOST_PANELS + 3)]
    chart = build_chart("Titre", LEFT, ["a"], series)
    assert (len(chart.panels), chart.left_out) == (MOST_PANELS, ("7", "8"))
    widths = [float(panel.bars[0].width.rstrip("%")) for panel in chart.panels]
    assert widths == [round(WIDEST * number / MOST_PANELS, 2) for number in range(1, MOST_PANELS + 1)]


def test_shares_are_drawn_against_one_hundred_per_cent() -> None:
    rate = to_figure(RATE, {"offers": 1, "fill_rate": 0.5})
    chart = build_chart("Titre", RATE, ["a"], [Series("", (rate,))])
    assert float(chart.panels[0].bars[0].width.rstrip("%")) == WIDEST / 2
    assert (chart.half, chart.most) == ("50\u00a0%", "100\u00a0%")


def test_periods_stand_beside_each_other_with_few_ticks() -> None:
    labels = [f"mois {number}" for number in range(12)]
    ticks = [f"m{number}" for number in range(12)]
    figures = tuple(figure(number) for number in range(12))
    chart = build_chart("Titre", LEFT, labels, [Series("", figures)], ticks)
    (panel,) = chart.panels
    assert chart.upright
    assert [bar.tick for bar in panel.bars if bar.tick] == ["m0", "m2", "m4", "m6", "m8", "m10"]
    assert [bar.label for bar in panel.bars] == labels
    assert (panel.bars[11].height, panel.bars[11].y) == (TALL, 0)
    assert all(bar.y + bar.height == TALL for bar in panel.bars)
    places = [float(bar.x.rstrip("%")) for bar in panel.bars]
    assert places == sorted(places)
    assert places[-1] + float(panel.bars[-1].width.rstrip("%")) <= 100


def test_nothing_known_has_no_scale() -> None:
    chart = build_chart("Titre", LEFT, ["a"], [Series("", (figure(None),))])
    assert (chart.half, chart.most) == ("", "")
