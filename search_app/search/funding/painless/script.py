"""The Painless script that values an offer by its sessions: it runs the program of a person (``program``).

What its facts alone settle is in the profile of its set (``profiles``): of each scheme the value by interval, two bits
each. The program is run for the other schemes, and for all schemes of an offer whose set is not known. For each row of
conditions it finds the best value over the sessions that meet them. It reads ``session_spans`` and ``session_left`` as
``search_app.search.query.session_scripts`` does, one number per session and per figure.
"""

from typing import Final

from mappings.columns.funding_set import NAME
from mappings.session_index import (
    DAY_BITS,
    DAY_MASK,
    FIRST_AT,
    FUNDER_BITS,
    LAST_AT,
    LAST_DAY,
    LEFT_BITS,
    NO_START,
    POSITION_AT,
    STATE_AT,
    STATE_MASK,
)
from search_app.search.funding.painless import program as op
from search_app.search.funding.painless.profiles import PACKED_BITS

ROW: Final = 5  # numbers of a row: states, funders, seats at least and at most, if an untold funder was chosen
MOST_FUNDERS: Final = 1 << FUNDER_BITS  # numbers of figures; the place behind them has the bits of those that are known
MONTHS_BITS: Final = 8  # of each of the two lengths in a number of ``session_months``
_MONTHS_MASK: Final = (1 << MONTHS_BITS) - 1

# Results are 0 (no), 1 (unknown) and 2 (yes); those of atoms are kept as one more, 0 until they are asked for. Values
# are 0 (no), 1 (unknown), 2 (possible) and 3 (paid).
_FUNCTIONS: Final = f"""
int atom(def doc, List asked) {{
  int kind = asked.get(0); String field = asked.get(1);
  if (kind == {op.OF_CODES}) {{
    def told = doc[field]; if (told.size() == 0) {{ return 1; }}
    List codes = asked.get(2); for (def code : told) {{ if (codes.contains(code)) {{ return 2; }} }} return 0;
  }}
  if (kind == {op.OF_NUMBER}) {{
    def told = doc[field]; if (told.size() == 0) {{ return 1; }}
    double number = told.value; double limit = asked.get(2); int operator = asked.get(3);
    return (operator == 0 ? number <= limit : operator == 1 ? number >= limit : number > limit) ? 2 : 0;
  }}
  if (kind == {op.OF_FLAG}) {{ def told = doc[field]; return told.size() == 0 ? 1 : told.value ? 2 : 0; }}
  def funded = doc['state_funded']; boolean unfunded = funded.size() > 0 && !funded.value; def funders = doc['funder'];
  if (kind == {op.OF_FUNDERS}) {{
    if (funders.size() == 0) {{ return 1; }}
    List plain = asked.get(2); List open = asked.get(3); int best = 0;
    for (def code : funders) {{
      if (plain.contains(code)) {{ return 2; }}
      if (open.contains(code)) {{ if (!unfunded) {{ return 2; }} best = 1; }}
    }}
    return best;
  }}
  if (funded.size() == 0) {{ return 1; }}
  if (funded.value) {{ return 2; }}
  List open = asked.get(2); for (def code : funders) {{ if (open.contains(code)) {{ return 1; }} }} return 0;
}}
int run(List code, def doc, List asked, int[] atoms, int cpf, int low, int high) {{
  int[] stack = new int[code.size()]; int top = 0;
  for (int at = 2; at < code.size(); at++) {{
    int op = code.get(at);
    if (op >= 0) {{
      if (atoms[op] == 0) {{ atoms[op] = atom(doc, asked.get(op)) + 1; }}
      stack[top++] = atoms[op] - 1;
    }}
    else if (op == {op.NO_RESULT}) {{ stack[top++] = 1; }}
    else if (op == {op.TRUE}) {{ stack[top++] = 2; }}
    else if (op == {op.FALSE}) {{ stack[top++] = 0; }}
    else if (op == {op.NOT}) {{ stack[top - 1] = 2 - stack[top - 1]; }}
    else if (op == {op.DECLARED}) {{ stack[top++] = cpf; }}
    else if (op == {op.NEVER_SURE}) {{ if (stack[top - 1] == 2) {{ stack[top - 1] = 1; }} }}
    else if (op == {op.AT_MOST_MONTHS}) {{
      int limit = code.get(++at); stack[top++] = low < 0 ? 1 : high <= limit ? 2 : low > limit ? 0 : 1;
    }}
    else {{
      int parts = code.get(++at); int result = stack[--top];
      for (int part = 1; part < parts; part++) {{
        int other = stack[--top]; if (op == {op.ALL} ? other < result : other > result) {{ result = other; }}
      }}
      stack[top++] = result;
    }}
  }}
  return stack[0];
}}
int interval(List edges, long day) {{
  int at = 0; int size = edges.size();
  while (at < size && ((Number) edges.get(at)).longValue() <= day) {{ at++; }}
  return at;
}}
int declared(def periods, long early, long late) {{
  if (periods.size() == 0) {{ return 1; }}
  int state = 0;
  for (def period : periods) {{
    long begins = period >> {DAY_BITS}; long ends = period & {DAY_MASK};
    if (begins <= early && late <= ends) {{ return 2; }}
    if (begins <= late && early <= ends) {{ state = 1; }}
  }}
  return state;
}}
boolean seats(int funders, int least, int greatest, int[] left) {{
  int most = -1; int known = funders & left[{MOST_FUNDERS}];
  while (known != 0) {{
    int number = Integer.numberOfTrailingZeros(known); if (left[number] > most) {{ most = left[number]; }}
    known &= known - 1;
  }}
  return most >= least && most <= greatest;
}}
boolean pays(int funders, int paying, int[] left, int asked, int least, int greatest) {{
  if (funders == 0 || left.length == 0) {{ return true; }}
  int under = (asked & 1) == 0 ? funders & asked : funders;
  return (under & paying) != 0 && seats(under, least, greatest, left);
}}
int same(long worths, int first, int last) {{
  int worth = (int) ((worths >> (first << 1)) & 3);
  for (int at = first + 1; at <= last; at++) {{
    if (Math.min((int) ((worths >> (at << 1)) & 3), 2) != Math.min(worth, 2)) {{ return 1; }}
  }}
  return worth;
}}
int value(def p, List told, List asking, int[] atoms, int paying, int[] left, int asked, int least, int greatest,
    int position, def doc, long early, long late, int first, int last) {{
  int best = p.floor;
  for (int at = 0; at < told.size(); at++) {{
    long worths = ((Number) told.get(at)).longValue(); int worth = same(worths, first, last);
    if (worth > best && pays((int) (worths >> {PACKED_BITS}), paying, left, asked, least, greatest)) {{ best = worth; }}
  }}
  if (best == 3 || asking.size() == 0) {{ return best; }}
  int cpf = declared(doc['cpf_periods'], early, late); int low = -1; int high = -1;
  for (def months : doc['session_months']) {{
    if ((months >> {2 * MONTHS_BITS}) == position) {{
      low = (int) ((months >> {MONTHS_BITS}) & {_MONTHS_MASK}); high = (int) (months & {_MONTHS_MASK});
    }}
  }}
  List schemes = p.schemes;
  for (int number = 0; number < asking.size(); number++) {{
    List scheme = schemes.get(((Number) asking.get(number)).intValue());
    int most = scheme.get(1); int under = scheme.get(0);
    if (most <= best || !pays(under, paying, left, asked, least, greatest)) {{ continue; }}
    int result = -1; int judged = 0; int from = 0;
    for (int at = 2; at < scheme.size(); at++) {{
      List stretch = scheme.get(at); int to = stretch.get(0);
      if (from <= last && first < to) {{
        int said = run(stretch, doc, p.atoms, atoms, cpf, low, high);
        if (result < 0) {{ result = said; judged = stretch.get(1); }} else if (said != result) {{ result = 1; }}
      }}
      from = to;
    }}
    int worth = result == 2 ? 3 - judged : result; if (worth > best) {{ best = worth; }}
    if (best == 3) {{ return best; }}
  }}
  return best;
}}
void fill(int[] numbers, int from, List told) {{
  for (int at = 0; at < {ROW}; at++) {{ numbers[from + at] = ((Number) told.get(at)).intValue(); }}
}}
int[] bests(def doc, def p) {{
  List rows = p.rows; int count = rows.size(); int[] best = new int[count]; int[] meets = new int[count * {ROW}];
  for (int row = 0; row < count; row++) {{ best[row] = -1; fill(meets, row * {ROW}, rows.get(row)); }}
  Map sets = p.known; def profiled = sets.get(doc['{NAME}'].value); List told = p.nothing; List asking = p.all;
  if (profiled != null) {{
    List profile = p.profiles.get(((Number) profiled).intValue()); told = profile.get(0); asking = profile.get(1);
  }}
  int[] atoms = new int[p.atoms.size()];
  ScriptDocValues.Longs spans = (ScriptDocValues.Longs) doc['session_spans']; int sessions = spans.size();
  List edges = p.edges; long on = p.on; boolean some = p.seats; int paying = 0;
  if (some) {{ for (def code : doc['funder']) {{ paying |= 1 << (Integer.parseInt(code) + 1); }} }}
  if (p.without && sessions == 0) {{
    int now = interval(edges, on);
    best[0] = value(p, told, asking, atoms, paying, new int[0], 1, 0, 0, -1, doc, on, {LAST_DAY}, now, now);
    return best;
  }}
  boolean permanent = doc['entry'].size() > 0 && doc['entry'].value == 'permanent';
  ScriptDocValues.Longs figures = (ScriptDocValues.Longs) doc['session_left']; int known = figures.size(); int at = 0;
  int[] left = new int[some ? {MOST_FUNDERS + 1} : 0]; int enough = p.enough;
  long from = p.first; long to = p.last; long from2 = p.first2; long to2 = p.last2;
  for (int index = 0; index < sessions; index++) {{
    long span = spans.get(index).longValue();
    long begins = (span >> {FIRST_AT}) & {DAY_MASK}; long ends = (span >> {LAST_AT}) & {DAY_MASK};
    if ((ends < from || begins > to) && (ends < from2 || begins > to2)) {{ continue; }}
    int position = (int) (span >> {POSITION_AT}); int state = (int) ((span >> {STATE_AT}) & {STATE_MASK});
    if (some) {{
      int told_of = 0;
      while (at < known && (figures.get(at).longValue() >> {LEFT_BITS + FUNDER_BITS}) < position) {{ at++; }}
      while (at < known && (figures.get(at).longValue() >> {LEFT_BITS + FUNDER_BITS}) == position) {{
        long figure = figures.get(at++).longValue();
        int number = (int) ((figure >> {LEFT_BITS}) & {(1 << FUNDER_BITS) - 1});
        left[number] = (int) (figure & {(1 << LEFT_BITS) - 1}L); told_of |= 1 << number;
      }}
      left[{MOST_FUNDERS}] = told_of;
    }}
    long delta = span & {NO_START}; long early = begins; long late = begins;
    if (delta == {NO_START}) {{ early = on; late = {LAST_DAY}; }}
    else if (permanent) {{ if (begins < on) {{ early = on; late = on; }} }}
    else {{ late = begins + delta; }}
    int first = interval(edges, early); int last = interval(edges, late); int worth = -1;
    for (int row = 0; row < count; row++) {{
      int of = row * {ROW}; int states = meets[of];
      if (best[row] >= enough || (states & 1) == 0 && ((states >> state) & 1) == 0) {{ continue; }}
      int under = meets[of + 1]; int least = meets[of + 2]; int greatest = meets[of + 3];
      if (some) {{
        boolean untold = meets[of + 4] == 1 && paying == 0 && least < 0 && greatest < 0;
        boolean pays = (under & 1) == 1 || (under & paying) != 0;
        if (!untold && (!pays || !seats(under, least, greatest, left))) {{ continue; }}
      }}
      if (some || worth < 0) {{
        worth = value(
          p, told, asking, atoms, paying, left, under, least, greatest, position, doc, early, late, first, last
        );
      }}
      if (worth > best[row]) {{ best[row] = worth; }}
    }}
  }}
  return best;
}}
"""


def _packed(source: str) -> str:
    """Return a script in one line: it is sent with each search."""
    return " ".join(source.split())


# Whether the best value over the sessions of the one row is a wanted one.
IS_WORTH: Final = _packed(
    f"{_FUNCTIONS} int best = bests(doc, params)[0]; return best >= 0 && ((params.wanted >> best) & 1) == 1;"
)
# How many offers have a wanted value by the sessions of each row.
NEW_COUNTERS: Final = "state.counters = new long[params.names.size()]"
COUNT_ROWS: Final = _packed(
    f"""{_FUNCTIONS} int[] best = bests(doc, params); long[] counters = (long[]) state.counters;
    for (int row = 0; row < best.length; row++) {{
      if (best[row] >= 0 && ((params.wanted >> best[row]) & 1) == 1) {{ counters[row]++; }}
    }}"""
)
# How many offers have each value by the sessions of the one row.
COUNT_VALUES: Final = _packed(
    f"""{_FUNCTIONS} int best = bests(doc, params)[0]; long[] counters = (long[]) state.counters;
    if (best >= 0) {{ counters[best]++; }}"""
)
