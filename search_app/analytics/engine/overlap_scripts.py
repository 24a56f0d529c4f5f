"""The scripts that find overlaps: certification, zone d'emploi and quarter with offers of several providers."""

from typing import Final

from mappings.columns.purchases import BETWEEN
from search_app.analytics.engine.scripts import INIT_SESSIONS
from search_app.analytics.engine.session_sums import SUM_SESSIONS

INIT: Final = INIT_SESSIONS + "state.found = new HashMap();"
MAP: Final = (
    SUM_SESSIONS
    + f"""
def codes = doc['rncp']; def zones = doc['employment_zone']; def siren = doc['provider.siren'];
if (codes.size() == 0 || zones.size() == 0) {{ return; }}
Map periods = null;
for (def code : codes) {{
  if (!params.rncp.isEmpty() && !params.rncp.containsKey(code)) {{ continue; }}
  if ((code.hashCode() & 2147483647) % params.parts != params.part) {{ continue; }}
  if (periods == null) {{
    periods = new HashMap();
    sumSessions(doc, (long[]) state.asked, (long[]) state.starts, (long[]) state.ends, 1, (int) params.seen,
      (int) params.counted, true, null, periods);
  }}
  for (def zone : zones) {{
    if (!params.employment_zone.isEmpty() && !params.employment_zone.containsKey(zone)) {{ continue; }}
    for (def period : periods.keySet()) {{
      String key = code + '{BETWEEN}' + zone + '{BETWEEN}' + period;
      Map found = (Map) state.found.get(key);
      if (found == null) {{ found = new HashMap(); state.found.put(key, found); }}
      String body = siren.size() == 0 ? '' : siren.value;
      found.put(body, (long) found.getOrDefault(body, 0L) + 1L);
    }}
  }}
}}
"""
)
COMBINE: Final = "return state.found"
REDUCE: Final = f"""
Map whole = new HashMap();
for (def part : states) {{
  if (part == null) {{ continue; }}
  for (def entry : ((Map) part).entrySet()) {{
    Map bodies = (Map) whole.get(entry.getKey());
    if (bodies == null) {{ whole.put(entry.getKey(), entry.getValue()); continue; }}
    for (def body : ((Map) entry.getValue()).entrySet()) {{
      bodies.put(body.getKey(), (long) bodies.getOrDefault(body.getKey(), 0L) + (long) body.getValue());
    }}
  }}
}}
List rows = new ArrayList();
for (def entry : whole.entrySet()) {{
  Map bodies = (Map) entry.getValue(); long offers = 0;
  for (def number : bodies.values()) {{ offers += (long) number; }}
  bodies.remove('');
  if (bodies.size() < 2) {{ continue; }}
  String[] parts = ((String) entry.getKey()).splitOnToken('{BETWEEN}');
  rows.add([parts[0], parts[1], parts[2], new ArrayList(bodies.keySet()), offers, entry.getKey()]);
}}
rows.sort((a, b) -> {{
  int order = ((List) b.get(3)).size() - ((List) a.get(3)).size();
  return order != 0 ? order : ((String) a.get(5)).compareTo((String) b.get(5));
}});
List first = new ArrayList();
for (int i = 0; i < rows.size() && i < params.size; i++) {{ first.add(rows.get(i).subList(0, 5)); }}
Map answer = new HashMap(); answer.put('total', rows.size()); answer.put('rows', first);
return answer;
"""
