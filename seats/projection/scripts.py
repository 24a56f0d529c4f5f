"""Painless scripts that change the figures of an offer where it is stored, by the rules of ``projection.write``."""

from typing import Final

# The same rule as figures_to_left (seats left of the figures in ``seats``); a test compares them.
LEFT_RULE: Final = """
  Map left = new HashMap();
  for (def figure : seats) {
    if (figure.available == null || figure.observed_at.compareTo(params.cutoff) < 0) { continue; }
    int available = figure.available > params.limit ? params.limit : figure.available;
    if (funders.contains(figure.funder)) { left[figure.funder] = available; }
    if (left.any == null || left.any < available) { left.any = available; }
  }
"""

# The same rule as seats_rows: the offer's copy of its sessions' seats.
ROWS_RULE: Final = """
if (changed) {
  Set rows = new HashSet();
  for (def session : ctx._source.sessions) {
    def any = session.left == null ? null : session.left.any;
    if (any == null) { rows.add('unknown'); }
    else if (any == 0) { rows.add('full'); }
    else { for (int least : params.least) { if (any >= least) { rows.add(least.toString()); } } }
  }
  List ordered = new ArrayList();
  for (def row : params.rows) { if (rows.contains(row)) { ordered.add(row); } }
  ctx._source.seats_rows = ordered;
} else { ctx.op = 'none'; }
"""

# The same rule as merge_figures; seats left are recomputed, because a figure may have become too old meanwhile.
UPDATE_SCRIPT: Final = f"""
boolean changed = false;
List funders = ctx._source.funder == null ? [] : ctx._source.funder;
for (def session : ctx._source.sessions) {{
  List fresh = params.figures[session.key];
  if (fresh == null) {{ continue; }}
  List seats = session.seats == null ? new ArrayList() : session.seats;
  boolean touched = false;
  for (def figure : fresh) {{
    int at = -1;
    for (int i = 0; i < seats.size(); i++) {{ if (seats[i].funder == figure.funder) {{ at = i; }} }}
    if (at < 0) {{ seats.add(figure); touched = true; }}
    else if (seats[at].sequence < figure.sequence) {{ seats[at] = figure; touched = true; }}
  }}
  {LEFT_RULE}
  if (!touched && left.equals(session.left == null ? new HashMap() : session.left)) {{ continue; }}
  changed = true;
  seats.sort((a, b) -> a.funder.compareTo(b.funder));
  session.seats = seats;
  session.left = left;
}}
{ROWS_RULE}"""

# Removes figures with exactly these sequences; newer ones stay.
REMOVE_SCRIPT: Final = f"""
boolean changed = false;
List funders = ctx._source.funder == null ? [] : ctx._source.funder;
for (def session : ctx._source.sessions) {{
  List gone = params.figures[session.key];
  if (gone == null || session.seats == null) {{ continue; }}
  List seats = new ArrayList();
  for (def figure : session.seats) {{
    boolean stays = true;
    for (def each : gone) {{
      if (each.funder == figure.funder && each.sequence == figure.sequence) {{ stays = false; }}
    }}
    if (stays) {{ seats.add(figure); }}
  }}
  if (seats.size() == session.seats.size()) {{ continue; }}
  changed = true;
  {LEFT_RULE}
  session.seats = seats;
  session.left = left;
}}
{ROWS_RULE}"""
