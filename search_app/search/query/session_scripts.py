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
_SPANS: Final = "def spans = doc['session_spans']; "
_SPAN: Final = f"""
for (long span : spans) {{
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
def figures = doc['session_left']; int known = figures.size(); int at = 0;
int funders = params.funders; int least = params.least; int greatest = params.most;"""
# ``most`` is the largest number of seats left under the funders, -1 if none is known.
_SEATS: Final = f"""
  long most = -1;
  while (at < known && (figures.get(at) >> {_SESSION}) < position) {{ at++; }}
  while (at < known && (figures.get(at) >> {_SESSION}) == position) {{
    long figure = figures.get(at++);
    if (((funders >> (int) ((figure >> {_FUNDER}) & {(1 << FUNDER_BITS) - 1})) & 1) == 1) {{
      long left = figure & {(1 << LEFT_BITS) - 1};
      if (left > most) {{ most = left; }}
    }}
  }}
  if (most < least || most > greatest) {{ continue; }}"""


def _each(then: str, *, days: bool = True, seats: bool = True) -> str:
    """Return the loop that runs ``then`` for each session that meets the conditions: those on days and state, on seats.

    Each is left out where no session can fail it, for an order runs for every hit.
    """
    before = [_SPANS, _DAYS if days else "", _FIGURES if seats else ""]
    tests = [_IN_DAYS if days else "", _SEATS if seats else ""]
    return "".join([*before, _SPAN, *tests, f"\n  {then}\n}}"])


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
