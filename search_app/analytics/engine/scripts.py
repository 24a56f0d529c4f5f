"""The scripts of a pivot: one pass over the offers found, which adds up the sums of total, rows, columns and cells.

There is one source for all pivots, and everything that differs is a parameter: the engine compiles few sources a
minute. The sums of an offer are made once for each set of funders and each key of a session (its state, a period), and
added to every group of cells that the offer is in.

A group is the total, the rows, the columns or the cells; ``params.kinds`` tells what has the keys of rows and columns
(``Kind`` in plan), and "" is the key of what has none. Sessions must meet the same conditions as in
``search_app.search.query.session_scripts``; the test of random pivots compares both with an evaluator of its own.
"""

from typing import Final

from mappings.columns.purchases import BETWEEN
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
from search_app.analytics.engine.sums import AT, SESSION_SUMS, SIZE

NONE, OFFER, FUNDER, LINE, STATE, PERIOD = range(6)  # what has the keys of a dimension
PERIODS: Final = 8192  # more than there are months between 1900 and 2200; a key of a session is state × this + period
_SESSION: Final = LEFT_BITS + FUNDER_BITS
_LEFT: Final = f"{(1 << LEFT_BITS) - 1}L"
_FUNDER: Final = (1 << FUNDER_BITS) - 1

# Parameters are looked up once; ``asked`` has the numbers. ``all`` are the funders of an offer: every bit but that of
# "any" (0).
INIT: Final = """
state.asked = new long[] {(long) params.first, (long) params.last, (long) params.first2, (long) params.last2,
  (long) params.today, (long) params.states, (long) params.least, (long) params.most};
state.starts = new long[params.starts.size()]; state.ends = new long[params.ends.size()];
for (int i = 0; i < params.starts.size(); i++) {
  state.starts[i] = (long) params.starts.get(i); state.ends[i] = (long) params.ends.get(i);
}
state.groups = [new HashMap(), new HashMap(), new HashMap(), new HashMap()];
state.different = [new HashMap(), new HashMap(), new HashMap(), new HashMap()];
"""

_SUM_SESSIONS: Final = f"""
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

# ``seats`` of one group entry: [seats bought, lines that tell them]. A line is [funder, programme, market, seats].
_LINES: Final = f"""
List linesOf(Map doc, List allowed) {{
  List lines = new ArrayList(); def packed = doc.get('purchase_lines');
  if (packed.size() == 0) {{
    for (def values : allowed) {{ if (!values.isEmpty() && !values.containsKey('')) {{ return lines; }} }}
    lines.add(['', '', '', '']); return lines;
  }}
  for (def text : packed) {{
    String[] parts = text.splitOnToken('{BETWEEN}');
    boolean passes = true;
    for (int i = 0; i < 3; i++) {{
      Map values = (Map) allowed.get(i);
      if (!values.isEmpty() && !values.containsKey(parts[i + 1])) {{ passes = false; }}
    }}
    if (passes) {{ lines.add([parts[1], parts[2], parts[3], parts[4]]); }}
  }}
  return lines;
}}

long[] boughtOf(Map doc, int counted) {{
  ScriptDocValues.Longs bought = (ScriptDocValues.Longs) doc.get('bought'); long[] seats = new long[2];
  for (int i = 0; i < bought.size(); i++) {{
    long line = bought.get(i).longValue();
    if (((counted >> ((int) (line >> 31) & 31)) & 1) == 1) {{ seats[0] += line & 2147483647L; seats[1]++; }}
  }}
  return seats;
}}

List keysOf(Map doc, String field, Map allowed) {{
  List keys = new ArrayList(); def values = doc.get(field);
  for (def value : values) {{
    String key = value.toString();
    if (allowed.isEmpty() || allowed.containsKey(key)) {{ keys.add(key); }}
    else if (field == 'formacode' && allowed.containsKey(key.substring(0, 3))) {{ keys.add(key); }}
  }}
  if (values.size() == 0 && (allowed.isEmpty() || allowed.containsKey(''))) {{ keys.add(''); }}
  return keys;
}}

void add(Map group, Map different, String row, String column, long[] sums, long[] seats, long[] amounts, List told) {{
  Map columns = (Map) group.get(row);
  if (columns == null) {{ columns = new HashMap(); group.put(row, columns); }}
  long[] to = (long[]) columns.get(column);
  if (to == null) {{ to = new long[{SIZE}]; columns.put(column, to); }}
  to[0]++;
  if (sums != null) {{ for (int i = 0; i < {SESSION_SUMS}; i++) {{ to[i + 1] += sums[i]; }} }}
  if (seats != null) {{ to[{AT["bought"]}] += seats[0]; to[{AT["bought_told"]}] += seats[1]; }}
  if (amounts != null) {{
    to[{AT["price"]}] += amounts[0]; to[{AT["hours"]}] += amounts[1]; to[{AT["priced"]}] += amounts[2];
  }}
  if (told == null) {{ return; }}
  Map sets = (Map) different.get(row);
  if (sets == null) {{ sets = new HashMap(); different.put(row, sets); }}
  List two = (List) sets.get(column);
  if (two == null) {{ two = [new HashSet(), new HashSet()]; sets.put(column, two); }}
  for (int i = 0; i < 2; i++) {{ if (told.get(i) != null) {{ two.get(i).add(told.get(i)); }} }}
}}
"""

_EACH_OFFER: Final = f"""
int rowKind = (int) params.kinds.get(0); int columnKind = (int) params.kinds.get(1);
List rowKeys = null; List columnKeys = null;
if (rowKind == {OFFER} || rowKind == {FUNDER}) {{
  rowKeys = keysOf(doc, (String) params.fields.get(0), (Map) params.allowed.get(0));
  if (params.parts > 1) {{
    List mine = new ArrayList();
    for (def key : rowKeys) {{ if ((key.hashCode() & 2147483647) % params.parts == params.part) {{ mine.add(key); }} }}
    rowKeys = mine;
    if (rowKeys.size() == 0) {{ return; }}
  }}
}}
if (columnKind == {OFFER} || columnKind == {FUNDER}) {{
  columnKeys = keysOf(doc, (String) params.fields.get(1), (Map) params.allowed.get(1));
}}
long[] amounts = null;
if (params.amounts) {{
  def price = doc.get('price_cents'); def hours = doc.get('hours_hundredths'); amounts = new long[3];
  if (price.size() != 0 && hours.size() != 0 && hours.value > 0) {{
    amounts[0] = price.value; amounts[1] = hours.value; amounts[2] = 1;
  }}
}}
List told = null;
if (params.different) {{
  def training = doc.get('training_key'); def provider = doc.get('provider.siren');
  told = [params.trainings && training.size() != 0 ? training.value : null,
    params.providers && provider.size() != 0 ? provider.value : null];
}}
List lines = params.lines ? linesOf(doc, (List) params.lineValues) : null;
List only = new ArrayList(); only.add('');
Map plain = new HashMap(); Map keyed = new HashMap();
for (int group = 0; group < 4; group++) {{
  if (((int) params.groups >> group & 1) == 0) {{ continue; }}
  int row = (group & 1) == 0 ? {NONE} : rowKind; int column = (group & 2) == 0 ? {NONE} : columnKind;
  boolean byLine = params.lines && (row == {LINE} || column == {LINE} || row == {FUNDER} || column == {FUNDER});
  int kinds = (row == {PERIOD} || column == {PERIOD} ? 1 : 0) | (row == {STATE} || column == {STATE} ? 2 : 0);
  Map entries = null;
  if (lines != null) {{
    entries = new HashMap();
    for (def line : lines) {{
      String key = byLine ? (row == {LINE} || row == {FUNDER} ? line.get((int) params.parts3.get(0)) : '')
        + '{BETWEEN}' + (column == {LINE} || column == {FUNDER} ? line.get((int) params.parts3.get(1)) : '') : '';
      long[] seats = (long[]) entries.get(key);
      if (seats == null) {{ seats = new long[2]; entries.put(key, seats); }}
      String number = (String) line.get(3);
      if (number.length() != 0 && number != '0') {{ seats[0] += Long.parseLong(number); seats[1]++; }}
    }}
  }}
  List keys = only;
  if (byLine) {{ keys = new ArrayList(entries.keySet()); }}
  for (def key : keys) {{
    List rows = only; List columns = only;
    int cut = byLine ? ((String) key).indexOf('{BETWEEN}') : 0;
    if (row == {LINE} || (byLine && row == {FUNDER})) {{ rows = new ArrayList(); rows.add(key.substring(0, cut)); }}
    else if (row == {OFFER} || row == {FUNDER}) {{ rows = rowKeys; }}
    if (column == {LINE} || (byLine && column == {FUNDER})) {{
      columns = new ArrayList(); columns.add(key.substring(cut + 1));
    }} else if (column == {OFFER} || column == {FUNDER}) {{ columns = columnKeys; }}
    for (def rowKey : rows) {{ for (def columnKey : columns) {{
      int seen = (int) params.seen; int counted = (int) params.counted;
      if (row == {FUNDER} || column == {FUNDER}) {{
        String funder = (String) (row == {FUNDER} ? rowKey : columnKey);
        seen = funder.length() == 0 ? 0 : 1 << (Integer.parseInt(funder) + 1); counted = seen;
      }}
      long[] seats = null;
      if (lines != null) {{ seats = (long[]) entries.get(byLine ? key : ''); }}
      else if (params.bought) {{ seats = boughtOf(doc, counted); }}
      if (kinds == 0) {{
        long[] sums = null;
        if (params.sessions) {{
          sums = (long[]) plain.get(counted);
          if (sums == null) {{
            sums = new long[{SESSION_SUMS}]; plain.put(counted, sums);
            sumSessions(doc, (long[]) state.asked, (long[]) state.starts, (long[]) state.ends, 0, seen, counted,
              (boolean) params.figures, sums, null);
          }}
          if (params.conditions && sums[0] == 0) {{ continue; }}
        }}
        add((Map) state.groups.get(group), (Map) state.different.get(group), (String) rowKey, (String) columnKey, sums,
          seats, amounts, told);
        continue;
      }}
      String name = counted + '/' + kinds; Map found = (Map) keyed.get(name);
      if (found == null) {{
        found = new HashMap(); keyed.put(name, found);
        sumSessions(doc, (long[]) state.asked, (long[]) state.starts, (long[]) state.ends, kinds, seen, counted,
          (boolean) params.figures, null, found);
      }}
      for (def each : found.entrySet()) {{
        int session = (int) each.getKey();
        String kind = String.valueOf(session / {PERIODS}); String period = String.valueOf(session % {PERIODS});
        add((Map) state.groups.get(group), (Map) state.different.get(group),
          row == {STATE} ? kind : row == {PERIOD} ? period : (String) rowKey,
          column == {STATE} ? kind : column == {PERIOD} ? period : (String) columnKey,
          (long[]) each.getValue(), seats, amounts, told);
      }}
    }} }}
  }}
}}
"""
MAP: Final = _SUM_SESSIONS + _LINES + _EACH_OFFER
COMBINE: Final = "return [state.groups, state.different]"

# Adds up what shards and slices return; then sorts the rows by ``params.sort`` and keeps those of a page, and their
# cells. ``sort`` is [sum, sum to divide by or -1, sum of the figures told or -1]; what is not told comes last.
REDUCE: Final = f"""
List groups = [new HashMap(), new HashMap(), new HashMap(), new HashMap()];
for (int group = 0; group < 4; group++) {{
  Map whole = (Map) groups.get(group); Map sets = new HashMap();
  for (def part : states) {{
    if (part == null) {{ continue; }}
    for (def row : ((Map) part.get(0).get(group)).entrySet()) {{
      Map columns = (Map) whole.get(row.getKey());
      if (columns == null) {{ whole.put(row.getKey(), row.getValue()); continue; }}
      for (def cell : ((Map) row.getValue()).entrySet()) {{
        long[] to = (long[]) columns.get(cell.getKey());
        if (to == null) {{ columns.put(cell.getKey(), cell.getValue()); continue; }}
        long[] of = (long[]) cell.getValue();
        for (int i = 0; i < {SIZE}; i++) {{ to[i] += of[i]; }}
      }}
    }}
    for (def row : ((Map) part.get(1).get(group)).entrySet()) {{
      Map columns = (Map) sets.get(row.getKey());
      if (columns == null) {{ sets.put(row.getKey(), row.getValue()); continue; }}
      for (def cell : ((Map) row.getValue()).entrySet()) {{
        List two = (List) columns.get(cell.getKey());
        if (two == null) {{ columns.put(cell.getKey(), cell.getValue()); continue; }}
        two.get(0).addAll(cell.getValue().get(0)); two.get(1).addAll(cell.getValue().get(1));
      }}
    }}
  }}
  for (def row : sets.entrySet()) {{ for (def cell : ((Map) row.getValue()).entrySet()) {{
    long[] to = (long[]) ((Map) whole.get(row.getKey())).get(cell.getKey());
    to[{AT["trainings"]}] = cell.getValue().get(0).size(); to[{AT["providers"]}] = cell.getValue().get(1).size();
  }} }}
}}
Map answer = new HashMap();
Map total = (Map) groups.get(0).get('');
answer.put('total', total == null ? null : total.get(''));
List rows = new ArrayList();
for (def row : ((Map) groups.get(1)).entrySet()) {{ rows.add([row.getKey(), row.getValue().get('')]); }}
answer.put('count', rows.size());
if (params.keys) {{
  List keys = new ArrayList();
  for (def row : rows) {{ keys.add(row.get(0)); }}
  answer.put('keys', keys); rows = new ArrayList();
}} else if (params.sort.size() != 0) {{
  int of = (int) params.sort.get(0); int over = (int) params.sort.get(1); int known = (int) params.sort.get(2);
  for (def row : rows) {{
    long[] sums = (long[]) row.get(1);
    double value = over < 0 ? (double) sums[of] : (double) sums[of] / sums[over];
    row.add(known >= 0 && sums[known] == 0 ? -1.0 : value);
  }}
  rows.sort((a, b) -> {{
    int order = Double.compare((double) b.get(2), (double) a.get(2));
    return order != 0 ? order : ((String) a.get(0)).compareTo((String) b.get(0));
  }});
  int from = (int) params.from; int size = (int) params.size;
  rows = from >= rows.size() ? [] : new ArrayList(rows.subList(from, (int) Math.min(from + size, rows.size())));
}}
answer.put('rows', rows);
List columns = new ArrayList();
Map acrossOne = (Map) groups.get(2).get('');
answer.put('columnCount', acrossOne == null ? 0 : acrossOne.size());
if (acrossOne != null && acrossOne.size() <= params.mostColumns) {{
  for (def column : acrossOne.entrySet()) {{ columns.add([column.getKey(), column.getValue()]); }}
}}
answer.put('columns', columns);
List cells = new ArrayList();
Map across = (Map) groups.get(3);
if (params.sort.size() != 0) {{
  for (def row : rows) {{
    Map found = (Map) across.get(row.get(0));
    if (found != null) {{
      for (def cell : found.entrySet()) {{ cells.add([row.get(0), cell.getKey(), cell.getValue()]); }}
    }}
  }}
}} else {{
  for (def row : across.entrySet()) {{
    for (def cell : ((Map) row.getValue()).entrySet()) {{ cells.add([row.getKey(), cell.getKey(), cell.getValue()]); }}
  }}
}}
answer.put('cells', cells);
return answer;
"""
