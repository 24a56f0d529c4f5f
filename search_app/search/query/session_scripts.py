"""Painless scripts on the sessions of an offer, for conditions and orders that ``windows`` alone does not give.

They read ``session_spans`` and ``session_left`` (``mappings.session_index``), one number per session and per figure,
both ordered by session. All of them test the same conditions, given as parameters
(``SessionConditions.script_params``).
"""

from typing import Final

from mappings.session_index import (
    DAY_MASK,
    FIRST_AT,
    FUNDER_BITS,
    LAST_AT,
    LAST_DAY,
    LEFT_BITS,
    NO_START,
    POSITION_AT,
    SEEN_BITS,
    STATE_AT,
    STATE_MASK,
)

_FUNDER: Final = LEFT_BITS
_SESSION: Final = _FUNDER + FUNDER_BITS

NEXT_START: Final = LAST_DAY + 1  # what a day of the next start counts in the order by start
# Parts of a loop over the sessions of an offer; ``continue`` leaves out one that does not meet the conditions.
_SPANS: Final = (
    "ScriptDocValues.Longs spans = (ScriptDocValues.Longs) doc['session_spans']; int sessions = spans.size(); "
)
_SPAN: Final = f"""
for (int index = 0; index < sessions; index++) {{
  long span = spans.get(index).longValue();
  long first = (span >> {FIRST_AT}) & {DAY_MASK};"""
_DAYS: Final = """
long from = params.first; long to = params.last; long from2 = params.first2; long to2 = params.last2;
int states = params.states;"""
_IN_DAYS: Final = f"""
  long last = (span >> {LAST_AT}) & {DAY_MASK};
  if ((last < from || first > to) && (last < from2 || first > to2)) {{ continue; }}
  if ((states & 1) == 0 && ((states >> (int) ((span >> {STATE_AT}) & {STATE_MASK})) & 1) == 0) {{ continue; }}
  long position = span >> {POSITION_AT};"""
_FIGURES: Final = """
ScriptDocValues.Longs figures = (ScriptDocValues.Longs) doc['session_left']; int known = figures.size(); int at = 0;
int funders = params.funders; int least = params.least; int greatest = params.most;"""
_EACH_FIGURE: Final = f"""
  while (at < known && (figures.get(at).longValue() >> {_SESSION}) < position) {{ at++; }}
  while (at < known && (figures.get(at).longValue() >> {_SESSION}) == position) {{
    long figure = figures.get(at++).longValue();
    int funder = (int) ((figure >> {_FUNDER}) & {(1 << FUNDER_BITS) - 1});
    long left = figure & {(1 << LEFT_BITS) - 1};"""
# ``most`` is the largest number of seats left under the funders, -1 if none is known.
_SEATS: Final = f"""
  long most = -1;{_EACH_FIGURE}
    if (((funders >> funder) & 1) == 1 && left > most) {{ most = left; }}
  }}
  if (most < least || most > greatest) {{ continue; }}"""


def _each(then: str, *, days: bool = True, seats: bool = True, figures: bool = False) -> str:
    """Return the loop that runs ``then`` for each session that meets the conditions: those on days and state, on seats.

    Each is left out where no session can fail it, for an order runs for every hit. With ``figures`` it is run for each
    figure of the session instead, with ``funder`` and ``left``.
    """
    before = [_SPANS, _DAYS if days else "", _FIGURES if seats or figures else ""]
    tests = [_IN_DAYS if days else "", _SEATS if seats else ""]
    inner = f"{_EACH_FIGURE}\n    {then}\n  }}" if figures else f"\n  {then}"
    return "".join([*before, _SPAN, *tests, inner, "\n}"])


def each_session(then: str) -> str:
    """Return the loop that runs ``then`` for each session that meets all conditions."""
    return _each(then)


# Whether a session meets the conditions.
MEETS: Final = _each("return true;") + " return false;"


def start(*, days: bool = True, seats: bool = True) -> str:
    """Return the order by start: the earliest session that can still start today or later, then the earliest past one.

    Offers without the one or the other come after those that have it.
    """
    loop = _each(
        f"long delta = span & {NO_START}; if (delta == {NO_START}) {{ continue; }} "
        "if (first + delta >= today) { if (first < next) { next = first; } } "
        "else if (first < past) { past = first; }",
        days=days,
        seats=seats,
    )
    before = f"long today = params.today; long next = {LAST_DAY}; long past = {LAST_DAY}; "
    return f"{before}{loop} return next * {NEXT_START}L + past;"


# By whether there are any conditions, and one on seats.
START: Final = {
    (days, seats): start(days=days, seats=seats) for days, seats in ((False, False), (True, False), (True, True))
}

# The order by seats: the most seats left, -1 where unknown.
SEATS: Final = "long best = -1; " + _each("if (most > best) { best = most; }") + " return best;"

# The order by news: when the latest session was first seen, in milliseconds; -1 where unknown.
NEWS: Final = (
    "long latest = -1; def seen = doc['session_seen']; int times = seen.size(); int time = 0; "
    + _each(
        f"while (time < times && (seen.get(time) >> {SEEN_BITS}) < position) {{ time++; }} "
        f"if (time < times && (seen.get(time) >> {SEEN_BITS}) == position) "
        f"{{ long moment = seen.get(time) & {(1 << SEEN_BITS) - 1}L; if (moment > latest) {{ latest = moment; }} }}"
    )
    + " return latest;"
)

# Counters of the offers of a list, one for each row; a script adds 1 to those of the rows that a session of the offer
# is in. It runs for every offer, so the parameters are looked up once, before.
COUNTERS: Final = 32
_PARAMS: Final = ("first", "last", "first2", "last2", "states", "funders", "least", "most")
NEW_COUNTERS: Final = (
    f"state.counters = new long[{COUNTERS}]; "
    f"state.asked = new long[] {{{', '.join(f'(long) params.{name}' for name in _PARAMS)}}}"
)
ALL_COUNTERS: Final = "return state.counters"
BY_NAME: Final = """
Map told = new HashMap();
for (def counters : states) {
  if (counters == null) { continue; }
  for (int row = 0; row < params.names.size(); row++) {
    def name = params.names.get(row);
    if (counters[row] > 0 && name.length() > 0) { told.put(name, told.getOrDefault(name, 0L) + counters[row]); }
  }
}
return told;
"""
_COUNT_ROWS: Final = " for (int row = 0; rows != 0; row++) { if ((rows & 1) == 1) { counters[row]++; } rows >>>= 1; }"
_BEFORE: Final = "long[] counters = (long[]) state.counters; long[] asked = (long[]) state.asked; long rows = 0; "


def _count(loop: str, after: str = _COUNT_ROWS) -> str:
    """Return the script that runs a loop over the sessions, and then counts."""
    for place, name in enumerate(_PARAMS):
        loop = loop.replace(f"= params.{name};", f"= (int) asked[{place}];")
    return f"{_BEFORE}{loop}{after}"


# One row for each recruitment state, by its number.
COUNT_STATES: Final = {
    seats: _count(_each(f"rows |= 1L << (int) ((span >> {STATE_AT}) & {STATE_MASK});", seats=seats))
    for seats in (False, True)
}
# One row for each funder under which a session has so many seats left, by its number.
COUNT_FUNDERS: Final = _count(
    _each("if (left >= least && left <= greatest) { rows |= 1L << funder; }", seats=False, figures=True)
)
# One row for each of ``params.steps``, at least so many seats left under the funders; then none left, then not known.
COUNT_SEATS: Final = _count(
    "long best = -1; boolean full = false; boolean unknown = false; "
    + _each("if (most > best) { best = most; } if (most == 0) { full = true; } if (most < 0) { unknown = true; }"),
    """
int row = 0;
for (def step : params.steps) { if (best >= step) { counters[row]++; } row++; }
if (full) { counters[row]++; }
if (unknown) { counters[row + 1]++; }""",
)
