"""The scripts that find overlaps: certification, zone d'emploi and quarter with offers of several providers.

Maps are nested by certification, zone and period, and a session is only looked at for its periods: texts joined to
keys and sums over seats took two thirds of the time of a request.
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
from search_app.analytics.engine.scripts import INIT_SESSIONS

_SESSION: Final = LEFT_BITS + FUNDER_BITS
_LEFT: Final = f"{(1 << LEFT_BITS) - 1}L"
_FUNDER: Final = (1 << FUNDER_BITS) - 1

INIT: Final = (
    INIT_SESSIONS
    + """
state.found = new HashMap();
state.numbers = new int[] {(int) params.seen, (int) params.part, (int) params.parts};
state.figures = (boolean) params.figures;
state.chosen = [params.rncp, params.employment_zone];
"""
)

# The sessions are those of ``session_sums.SUM_SESSIONS`` by period; ``figures``: a condition on seats is set.
_PERIODS: Final = f"""
boolean[] periodsOf(Map doc, long[] asked, long[] starts, long[] ends, int seen, boolean figures) {{
  ScriptDocValues.Longs spans = (ScriptDocValues.Longs) doc.get('session_spans'); int sessions = spans.size();
  ScriptDocValues.Longs left = null; int lefts = 0; int l = 0; boolean[] found = null;
  if (figures) {{ left = (ScriptDocValues.Longs) doc.get('session_left'); lefts = left.size(); }}
  for (int index = 0; index < sessions; index++) {{
    long span = spans.get(index).longValue();
    long first = (span >> {FIRST_AT}) & {DAY_MASK}; long last = (span >> {LAST_AT}) & {DAY_MASK};
    if (last < asked[4]) {{ continue; }}
    int kind = (int) ((span >> {STATE_AT}) & {STATE_MASK});
    if ((asked[5] & 1) == 0 && ((asked[5] >> kind) & 1) == 0) {{ continue; }}
    if (figures) {{
      long position = span >> {POSITION_AT}; long most = -1;
      while (l < lefts && (left.get(l).longValue() >> {_SESSION}) < position) {{ l++; }}
      while (l < lefts && (left.get(l).longValue() >> {_SESSION}) == position) {{
        long figure = left.get(l++).longValue(); int funder = (int) (figure >> {LEFT_BITS}) & {_FUNDER};
        if (((seen >> funder) & 1) == 1 && (figure & {_LEFT}) > most) {{ most = figure & {_LEFT}; }}
      }}
      if (most < asked[6] || most > asked[7]) {{ continue; }}
    }}
    for (int period = 0; period < starts.length; period++) {{
      if (first > ends[period]) {{ continue; }}
      if (last < starts[period]) {{ break; }}
      if (found == null) {{ found = new boolean[starts.length]; }}
      found[period] = true;
    }}
  }}
  return found;
}}
"""
# A case is [[offers, bits of their funders], set of SIRENs]; bit 0 is an offer whose funders are not told.
MAP: Final = (
    _PERIODS
    + """
def codes = doc['rncp']; def zones = doc['employment_zone'];
if (codes.size() == 0 || zones.size() == 0) { return; }
int[] numbers = (int[]) state.numbers; Map chosenCodes = (Map) state.chosen.get(0);
Map chosenZones = (Map) state.chosen.get(1); Map all = (Map) state.found;
boolean[] periods = null; String siren = null; long funders = 0;
for (def each : codes) {
  String code = (String) each;
  if (!chosenCodes.isEmpty() && !chosenCodes.containsKey(code)) { continue; }
  if (numbers[2] > 1 && (code.hashCode() & 2147483647) % numbers[2] != numbers[1]) { continue; }
  if (periods == null) {
    periods = periodsOf(doc, (long[]) state.asked, (long[]) state.starts, (long[]) state.ends, numbers[0],
      (boolean) state.figures);
    if (periods == null) { return; }
    def body = doc['provider.siren']; siren = body.size() == 0 ? null : (String) body.value;
    def payers = doc['funder'];
    for (def payer : payers) { funders |= 1L << (Integer.parseInt((String) payer) + 1); }
    if (payers.size() == 0) { funders = 1L; }
  }
  Map byZone = (Map) all.get(code);
  if (byZone == null) { byZone = new HashMap(); all.put(code, byZone); }
  for (def zone : zones) {
    if (!chosenZones.isEmpty() && !chosenZones.containsKey(zone)) { continue; }
    List cases = (List) byZone.get(zone);
    if (cases == null) {
      cases = new ArrayList();
      for (int i = 0; i < periods.length; i++) { cases.add(null); }
      byZone.put(zone, cases);
    }
    for (int period = 0; period < periods.length; period++) {
      if (!periods[period]) { continue; }
      List found = (List) cases.get(period);
      if (found == null) { found = new ArrayList(); found.add(new long[2]); found.add(new HashSet());
        cases.set(period, found); }
      long[] sums = (long[]) found.get(0); sums[0]++; sums[1] |= funders;
      if (siren != null) { ((Set) found.get(1)).add(siren); }
    }
  }
}
"""
)
COMBINE: Final = "return state.found"
REDUCE: Final = """
Map whole = new HashMap();
for (def part : states) {
  if (part == null) { continue; }
  for (def code : ((Map) part).entrySet()) {
    Map byZone = (Map) whole.get(code.getKey());
    if (byZone == null) { whole.put(code.getKey(), code.getValue()); continue; }
    for (def zone : ((Map) code.getValue()).entrySet()) {
      List cases = (List) byZone.get(zone.getKey()); List others = (List) zone.getValue();
      if (cases == null) { byZone.put(zone.getKey(), others); continue; }
      for (int period = 0; period < others.size(); period++) {
        List other = (List) others.get(period); List found = (List) cases.get(period);
        if (other == null) { continue; }
        if (found == null) { cases.set(period, other); continue; }
        long[] sums = (long[]) found.get(0); long[] more = (long[]) other.get(0);
        sums[0] += more[0]; sums[1] |= more[1];
        ((Set) found.get(1)).addAll((Set) other.get(1));
      }
    }
  }
}
List rows = new ArrayList();
for (def code : whole.entrySet()) { for (def zone : ((Map) code.getValue()).entrySet()) {
  List cases = (List) zone.getValue();
  for (int period = 0; period < cases.size(); period++) {
    List found = (List) cases.get(period);
    if (found == null || ((Set) found.get(1)).size() < 2) { continue; }
    rows.add([code.getKey(), zone.getKey(), period, found.get(1), found.get(0)]);
  }
} }
rows.sort((a, b) -> {
  int order = ((Set) b.get(3)).size() - ((Set) a.get(3)).size();
  if (order == 0) { order = ((String) a.get(0)).compareTo((String) b.get(0)); }
  if (order == 0) { order = ((String) a.get(1)).compareTo((String) b.get(1)); }
  return order != 0 ? order : (int) a.get(2) - (int) b.get(2);
});
Map answer = new HashMap(); answer.put('total', rows.size());
answer.put('rows', rows.size() > params.size ? new ArrayList(rows.subList(0, (int) params.size)) : rows);
return answer;
"""
