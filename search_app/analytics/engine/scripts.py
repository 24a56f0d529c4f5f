"""The scripts of a pivot: one pass over the offers found, which adds up the sums of total, rows, columns and cells.

There is one source for all pivots, and everything that differs is a parameter: the engine compiles few sources a
minute. The sums of an offer are made once for each set of funders and each key of a session (its state, a period), and
added to every group of cells that the offer is in.

A group is the total, the rows, the columns or the cells; ``params.kinds`` tells what has the keys of rows and columns
(``Kind`` in plan), and "" is the key of what has none.
"""

from typing import Final

from mappings.columns.purchases import BETWEEN
from search_app.analytics.engine.session_sums import PERIODS, SUM_SESSIONS
from search_app.analytics.engine.sums import AT, SESSION_SUMS, SIZE

NONE, OFFER, FUNDER, LINE, STATE, PERIOD = range(6)  # what has the keys of a dimension

# Parameters are looked up once; ``asked`` has the numbers.
INIT_SESSIONS: Final = """
state.asked = new long[] {(long) params.first, (long) params.last, (long) params.first2, (long) params.last2,
  (long) params.today, (long) params.states, (long) params.least, (long) params.most};
state.starts = new long[params.starts.size()]; state.ends = new long[params.ends.size()];
for (int i = 0; i < params.starts.size(); i++) {
  state.starts[i] = (long) params.starts.get(i); state.ends[i] = (long) params.ends.get(i);
}
"""
INIT: Final = (
    INIT_SESSIONS
    + """state.numbers = new int[] {(int) params.kinds.get(0), (int) params.kinds.get(1), (int) params.groups,
  (int) params.seen, (int) params.counted, (int) params.parts3.get(0), (int) params.parts3.get(1), (int) params.parts,
  (int) params.part};
state.flags = new boolean[] {params.lines, params.bought, params.sessions, params.figures, params.amounts,
  params.different, params.conditions, params.trainings, params.providers};
state.groups = [new HashMap(), new HashMap(), new HashMap(), new HashMap()];
state.different = [new HashMap(), new HashMap(), new HashMap(), new HashMap()];"""
)

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
int[] numbers = (int[]) state.numbers; boolean[] flags = (boolean[]) state.flags;
int rowKind = numbers[0]; int columnKind = numbers[1]; int parts = numbers[7]; int part = numbers[8];
boolean linesWanted = flags[0]; boolean boughtWanted = flags[1]; boolean sessionsWanted = flags[2];
boolean conditions = flags[6];
long[] asked = (long[]) state.asked; long[] starts = (long[]) state.starts; long[] ends = (long[]) state.ends;
List allGroups = (List) state.groups; List allDifferent = (List) state.different;
List rowKeys = null; List columnKeys = null;
if (rowKind == {OFFER} || rowKind == {FUNDER}) {{
  rowKeys = keysOf(doc, (String) params.fields.get(0), (Map) params.allowed.get(0));
  if (parts > 1) {{
    List mine = new ArrayList();
    for (def key : rowKeys) {{ if ((key.hashCode() & 2147483647) % parts == part) {{ mine.add(key); }} }}
    rowKeys = mine;
    if (rowKeys.size() == 0) {{ return; }}
  }}
}}
if (columnKind == {OFFER} || columnKind == {FUNDER}) {{
  columnKeys = keysOf(doc, (String) params.fields.get(1), (Map) params.allowed.get(1));
}}
long[] amounts = null;
if (flags[4]) {{
  def price = doc.get('price_cents'); def hours = doc.get('hours_hundredths'); amounts = new long[3];
  if (price.size() != 0 && hours.size() != 0 && hours.value > 0) {{
    amounts[0] = price.value; amounts[1] = hours.value; amounts[2] = 1;
  }}
}}
List told = null;
if (flags[5]) {{
  def training = doc.get('training_key'); def provider = doc.get('provider.siren');
  told = [flags[7] && training.size() != 0 ? training.value : null,
    flags[8] && provider.size() != 0 ? provider.value : null];
}}
List lines = linesWanted ? linesOf(doc, (List) params.lineValues) : null;
List only = new ArrayList(); only.add('');
Map plain = new HashMap(); Map keyed = new HashMap();
for (int group = 0; group < 4; group++) {{
  if ((numbers[2] >> group & 1) == 0) {{ continue; }}
  int row = (group & 1) == 0 ? {NONE} : rowKind; int column = (group & 2) == 0 ? {NONE} : columnKind;
  boolean byLine = linesWanted && (row == {LINE} || column == {LINE} || row == {FUNDER} || column == {FUNDER});
  int kinds = (row == {PERIOD} || column == {PERIOD} ? 1 : 0) | (row == {STATE} || column == {STATE} ? 2 : 0);
  Map entries = null;
  if (lines != null) {{
    entries = new HashMap();
    for (def line : lines) {{
      String key = byLine ? (row == {LINE} || row == {FUNDER} ? line.get(numbers[5]) : '')
        + '{BETWEEN}' + (column == {LINE} || column == {FUNDER} ? line.get(numbers[6]) : '') : '';
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
    if (row == {LINE} || (byLine && row == {FUNDER})) {{
      String mine = key.substring(0, cut);
      if (parts > 1 && (mine.hashCode() & 2147483647) % parts != part) {{ continue; }}
      rows = new ArrayList(); rows.add(mine);
    }}
    else if (row == {OFFER} || row == {FUNDER}) {{ rows = rowKeys; }}
    if (column == {LINE} || (byLine && column == {FUNDER})) {{
      columns = new ArrayList(); columns.add(key.substring(cut + 1));
    }} else if (column == {OFFER} || column == {FUNDER}) {{ columns = columnKeys; }}
    for (def rowKey : rows) {{ for (def columnKey : columns) {{
      int seen = numbers[3]; int counted = numbers[4];
      if (row == {FUNDER} || column == {FUNDER}) {{
        String funder = (String) (row == {FUNDER} ? rowKey : columnKey);
        seen = funder.length() == 0 ? 0 : 1 << (Integer.parseInt(funder) + 1); counted = seen;
      }}
      long[] seats = null;
      if (lines != null) {{ seats = (long[]) entries.get(byLine ? key : ''); }}
      else if (boughtWanted) {{ seats = boughtOf(doc, counted); }}
      if (kinds == 0) {{
        long[] sums = null;
        if (sessionsWanted) {{
          sums = (long[]) plain.get(counted);
          if (sums == null) {{
            sums = new long[{SESSION_SUMS}]; plain.put(counted, sums);
            sumSessions(doc, asked, starts, ends, 0, seen, counted,
              flags[3], sums, null);
          }}
          if (conditions && sums[0] == 0) {{ continue; }}
        }}
        add((Map) allGroups.get(group), (Map) allDifferent.get(group), (String) rowKey, (String) columnKey, sums,
          seats, amounts, told);
        continue;
      }}
      String name = counted + '/' + kinds; Map found = (Map) keyed.get(name);
      if (found == null) {{
        found = new HashMap(); keyed.put(name, found);
        sumSessions(doc, asked, starts, ends, kinds, seen, counted,
          flags[3], null, found);
      }}
      for (def each : found.entrySet()) {{
        int session = (int) each.getKey();
        String kind = String.valueOf(session / {PERIODS}); String period = String.valueOf(session % {PERIODS});
        add((Map) allGroups.get(group), (Map) allDifferent.get(group),
          row == {STATE} ? kind : row == {PERIOD} ? period : (String) rowKey,
          column == {STATE} ? kind : column == {PERIOD} ? period : (String) columnKey,
          (long[]) each.getValue(), seats, amounts, told);
      }}
    }} }}
  }}
}}
"""
MAP: Final = SUM_SESSIONS + _LINES + _EACH_OFFER
COMBINE: Final = "return [state.groups, state.different]"
