"""The part of the pivot's script that adds up the sessions of one offer which meet the conditions.

They are the same conditions as those of ``search_app.search.query.session_scripts``.
"""

from typing import Final

from mappings.session_index import (
    DAY_MASK,
    FIRST_AT,
    FUNDER_BITS,
    LAST_AT,
    LEFT_BITS,
    POSITION_AT,
    STATE_AT,
    STATE_MASK,
)
from search_app.analytics.engine.sums import SESSION_SUMS

PERIODS: Final = 8192  # more than there are months between 1900 and 2200; a key of a session is state × this + period
_SESSION: Final = LEFT_BITS + FUNDER_BITS
_LEFT: Final = f"{(1 << LEFT_BITS) - 1}L"
_FUNDER: Final = (1 << FUNDER_BITS) - 1

# ``kinds``: 1 by period, 2 by state; without either the sums go to ``plain``, else to ``keyed``. ``seen`` are the
# funders whose seats a condition is about, ``counted`` those whose seats are added up, as bits.
SUM_SESSIONS: Final = f"""
void addSession(long[] to, long[] of) {{ for (int i = 0; i < {SESSION_SUMS}; i++) {{ to[i] += of[i]; }} }}

void sumSessions(Map doc, long[] asked, long[] starts, long[] ends, int kinds, int seen, int counted, boolean figures,
    long[] plain, Map keyed) {{
  ScriptDocValues.Longs spans = (ScriptDocValues.Longs) doc.get('session_spans'); int sessions = spans.size();
  ScriptDocValues.Longs left = (ScriptDocValues.Longs) doc.get('session_left');
  ScriptDocValues.Longs capacity = (ScriptDocValues.Longs) doc.get('session_capacity');
  int lefts = figures ? left.size() : 0; int capacities = figures ? capacity.size() : 0; int l = 0; int c = 0;
  boolean byPeriod = (kinds & 1) != 0; boolean byState = (kinds & 2) != 0;
  long[] one = new long[{SESSION_SUMS}];
  for (int index = 0; index < sessions; index++) {{
    long span = spans.get(index).longValue();
    long first = (span >> {FIRST_AT}) & {DAY_MASK}; long last = (span >> {LAST_AT}) & {DAY_MASK};
    if (byPeriod) {{ if (last < asked[4]) {{ continue; }} }}
    else if ((last < asked[0] || first > asked[1]) && (last < asked[2] || first > asked[3])) {{ continue; }}
    int kind = (int) ((span >> {STATE_AT}) & {STATE_MASK});
    if ((asked[5] & 1) == 0 && ((asked[5] >> kind) & 1) == 0) {{ continue; }}
    long position = span >> {POSITION_AT};
    long most = -1; long best = -1; long filled = 0; long filledTold = 0; long filledCapacity = 0;
    long leftSum = 0; long leftTold = 0; long capacitySum = 0; long capacityTold = 0;
    while (c < capacities && (capacity.get(c).longValue() >> {_SESSION}) < position) {{ c++; }}
    int begin = c;
    while (c < capacities && (capacity.get(c).longValue() >> {_SESSION}) == position) {{
      long figure = capacity.get(c++).longValue(); int funder = (int) (figure >> {LEFT_BITS}) & {_FUNDER};
      if (((counted >> funder) & 1) == 1) {{ capacitySum += figure & {_LEFT}; capacityTold++; }}
    }}
    while (l < lefts && (left.get(l).longValue() >> {_SESSION}) < position) {{ l++; }}
    while (l < lefts && (left.get(l).longValue() >> {_SESSION}) == position) {{
      long figure = left.get(l++).longValue(); int funder = (int) (figure >> {LEFT_BITS}) & {_FUNDER};
      long seats = figure & {_LEFT};
      if (((seen >> funder) & 1) == 1 && seats > most) {{ most = seats; }}
      if (((counted >> funder) & 1) == 1) {{
        leftSum += seats; leftTold++;
        if (seats > best) {{ best = seats; }}
        for (int i = begin; i < c; i++) {{
          long other = capacity.get(i).longValue();
          if (((int) (other >> {LEFT_BITS}) & {_FUNDER}) == funder && (other & {_LEFT}) >= seats) {{
            filled += (other & {_LEFT}) - seats; filledTold++; filledCapacity += other & {_LEFT};
          }}
        }}
      }}
    }}
    if (most < asked[6] || most > asked[7]) {{ continue; }}
    one[0] = 1; one[1] = capacitySum; one[2] = capacityTold; one[3] = leftSum; one[4] = leftTold; one[5] = filled;
    one[6] = filledTold; one[7] = filledCapacity; one[8] = best < 0 ? 0 : best; one[9] = best < 0 ? 0 : 1;
    if (keyed == null) {{ addSession(plain, one); continue; }}
    int key = byState ? kind * {PERIODS} : 0;
    if (!byPeriod) {{
      if (!keyed.containsKey(key)) {{ keyed.put(key, new long[{SESSION_SUMS}]); }}
      addSession((long[]) keyed.get(key), one); continue;
    }}
    for (int period = 0; period < starts.length; period++) {{
      if (first > ends[period]) {{ continue; }}
      if (last < starts[period]) {{ break; }}
      if (!keyed.containsKey(key + period)) {{ keyed.put(key + period, new long[{SESSION_SUMS}]); }}
      addSession((long[]) keyed.get(key + period), one);
    }}
  }}
}}
"""
