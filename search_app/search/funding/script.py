"""The Painless script that finds a session that meets the conditions of a search and is what a rule wants.

It runs only for the few offers of which ranges do not tell (``sessions``).
"""

from typing import Final

from mappings.session_index import DAY_BITS, DAY_MASK, LAST_DAY, NO_START
from search_app.search.query.session_scripts import each_session

# Parts of a number of ``session_months``, counted in bits from the end.
MONTHS_BITS: Final = 8
_MONTHS_MASK: Final = (1 << MONTHS_BITS) - 1
STATES: Final = 3  # of the CPF: declared for the start, not declared, unknown

# The extras are a table: by the places of the least and of the greatest length, the last row for an unknown one, and in
# each row by the state of the CPF.
_FUNCTIONS: Final = f"""
int interval(List edges, long day) {{
  int at = 0; while (at < edges.size() && edges.get(at) <= day) {{ at++; }} return at;
}}
int place(List cuts, long months) {{
  int at = 0; while (at < cuts.size() && cuts.get(at) < months) {{ at++; }} return at;
}}
int row(List cuts, def lengths, long position) {{
  int places = cuts.size() + 1;
  for (def told : lengths) {{
    if ((told >> {2 * MONTHS_BITS}) == position) {{
      return place(cuts, (told >> {MONTHS_BITS}) & {_MONTHS_MASK}) * places + place(cuts, told & {_MONTHS_MASK});
    }}
  }}
  return places * places;
}}
int cpf(def periods, long from_day, long to_day) {{
  if (periods.size() == 0) {{ return 2; }}
  int state = 1;
  for (def period : periods) {{
    long begins = period >> {DAY_BITS}; long ends = period & {DAY_MASK};
    if (begins <= from_day && to_day <= ends) {{ return 0; }}
    if (begins <= to_day && from_day <= ends) {{ state = 2; }}
  }}
  return state;
}}
"""
_BEFORE: Final = f"""
long on = params.on; List edges = params.edges; List rows = params.rows;
List cuts = params.cuts; List extras = params.extras;
boolean permanent = doc['entry'].size() > 0 && doc['entry'].value == 'permanent';
if (params.without && doc['session_spans'].size() == 0) {{
  int present = interval(edges, on);
  return ((rows.get(present) >> present) & 1) == 1 && (extras.size() == 0
    || extras.get((cuts.size() + 1) * (cuts.size() + 1) * {STATES} + cpf(doc['cpf_periods'], on, {LAST_DAY})));
}}
"""
_EACH: Final = f"""
  long delta = span & {NO_START}; long from_day = first; long to_day = first;
  if (delta == {NO_START}) {{ from_day = on; to_day = {LAST_DAY}; }}
  else if (permanent) {{ if (first < on) {{ from_day = on; to_day = on; }} }}
  else {{ to_day = first + delta; }}
  if (((rows.get(interval(edges, from_day)) >> interval(edges, to_day)) & 1) == 0) {{ continue; }}
  if (extras.size() > 0) {{
    int told = row(cuts, doc['session_months'], position) * {STATES} + cpf(doc['cpf_periods'], from_day, to_day);
    if (!extras.get(told)) {{ continue; }}
  }}
  return true;"""

IS_ONE: Final = _FUNCTIONS + _BEFORE + each_session(_EACH) + " return false;"
