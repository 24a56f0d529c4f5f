"""The script that puts the parts of a pivot together: the sums of shards and slices, the order of rows, one page."""

from typing import Final

from search_app.analytics.engine.sums import AT, SIZE

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
