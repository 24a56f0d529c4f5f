"""Figures written into offers: what the engine's scripts decide, and which requests are sent again."""

from seats.projection.scripts import REMOVE_SCRIPT, UPDATE_SCRIPT


def lines_of(script: str) -> list[str]:
    return [" ".join(line.split()) for line in script.splitlines() if line.strip()]


LEFT = [
    "if (figure.available == null || figure.observed_at.compareTo(params.cutoff) < 0) { continue; }",
    "int available = figure.available > params.limit ? params.limit : figure.available;",
    "if (funders.contains(figure.funder)) { left[figure.funder] = available; }",
    "if (left.any == null || left.any < available) { left.any = available; }",
]
ROWS = [
    "if (any == null) { rows.add('unknown'); }",
    "else if (any == 0) { rows.add('full'); }",
    "else { for (int least : params.least) { if (any >= least) { rows.add(least.toString()); } } }",
]


def test_script_takes_the_figure_of_the_higher_sequence_and_keeps_the_present_one_of_equals() -> None:
    """The real engine runs it in tests/engine/seats; here a turned comparison fails in a millisecond."""
    lines = lines_of(UPDATE_SCRIPT)
    assert "if (at < 0) { seats.add(figure); touched = true; }" in lines
    assert "else if (seats[at].sequence < figure.sequence) { seats[at] = figure; touched = true; }" in lines
    assert [line for line in lines if line in LEFT] == LEFT
    assert [line for line in lines if line in ROWS] == ROWS
    assert lines[-1] == "} else { ctx.op = 'none'; }"


def test_script_takes_away_only_the_figure_with_exactly_this_sequence() -> None:
    lines = lines_of(REMOVE_SCRIPT)
    assert "if (each.funder == figure.funder && each.sequence == figure.sequence) { stays = false; }" in lines
    assert "if (stays) { seats.add(figure); }" in lines
    assert "if (seats.size() == session.seats.size()) { continue; }" in lines
    assert [line for line in lines if line in LEFT] == LEFT
    assert [line for line in lines if line in ROWS] == ROWS
