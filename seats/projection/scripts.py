"""Painless scripts that change the figures of an offer where it is stored, by the rules of ``projection.write``."""

from typing import Final

from mappings.session_index import (
    DAY_BITS,
    DAY_MASK,
    FIRST_AT,
    FULL,
    FUNDER_BITS,
    LAST_AT,
    LEFT_BITS,
    STATE_AT,
    STATE_BITS,
    STATE_MASK,
    TIER_BITS,
    UNKNOWN,
    WHATEVER,
    WHOLLY_FULL,
)

# The same rules as figures_to_left and figures_to_capacity, of the figures in ``seats``; a test compares them.
LEFT_RULE: Final = """
  Map left = new HashMap();
  Map capacity = new HashMap();
  for (def figure : seats) {
    if (figure.observed_at.compareTo(params.cutoff) < 0) { continue; }
    boolean pays = funders.contains(figure.funder);
    if (pays && figure.capacity != null) { capacity[figure.funder] = figure.capacity; }
    int available = figure.available == null ? -1 : figure.available;
    if (available < 0) { continue; }
    if (pays) { left[figure.funder] = available; }
    if (left.any == null || left.any < available) { left.any = available; }
  }
"""

_PLACE: Final = DAY_BITS + STATE_BITS + TIER_BITS + FUNDER_BITS  # bits of a combination with a day

# The same rules as seats_rows, and as index_seats of mappings.session_index and index_values of
# mappings.value_sets: what the offer has of its sessions' seats.
INDEX_RULE: Final = f"""
if (changed) {{
  Set rows = new HashSet();
  TreeSet windows = new TreeSet();
  TreeSet figures = new TreeSet();
  TreeSet capacities = new TreeSet();
  Map contradictions = new HashMap();
  Set paid = new HashSet();
  paid.addAll(funders);
  paid.add('any');
  long position = 0;
  for (def session : ctx._source.sessions) {{
    Map left = session.left == null ? [:] : session.left;
    Map capacity = session.capacity == null ? [:] : session.capacity;
    def any = left.any;
    if (any == null) {{ rows.add('unknown'); }}
    else if (any == 0) {{ rows.add('full'); }}
    else {{ for (int least : params.least) {{ if (any >= least) {{ rows.add(least.toString()); }} }} }}
    if (any != null) {{
      String kind = any == 0 && session.recruiting == 'open' ? 'open_full'
        : any > 0 && session.recruiting == 'closed' ? 'closed_left' : '';
      if (kind != '') {{ contradictions[kind] = contradictions.getOrDefault(kind, 0) + 1; }}
    }}
    long span = ctx._source.session_spans[(int) position];
    long state = (span >> {STATE_AT}) & {STATE_MASK};
    long first = (span >> {FIRST_AT}) & {DAY_MASK};
    long last = (span >> {LAST_AT}) & {DAY_MASK};
    for (def code : paid) {{
      long funder = code == 'any' ? 0 : Integer.parseInt(code) + 1;
      def seats = left[code];
      List tiers = new ArrayList();
      if (funder == 0) {{ tiers.add({WHATEVER}); }}
      else {{
        def all = capacity[code];
        if (all != null) {{ capacities.add((position << {FUNDER_BITS} | funder) << {LEFT_BITS} | (long) all); }}
      }}
      if (seats == null) {{ tiers.add({UNKNOWN}); }}
      else {{
        figures.add((position << {FUNDER_BITS} | funder) << {LEFT_BITS} | (long) seats);
        if (seats == 0) {{
          tiers.add({FULL});
          if (funder != 0 && any == 0) {{ tiers.add({WHOLLY_FULL}); }}
        }}
        for (int i = 0; i < params.tiers.size(); i++) {{ if (seats >= params.tiers[i]) {{ tiers.add(i + 1); }} }}
      }}
      for (int tier : tiers) {{
        long base = (funder << {TIER_BITS} | tier) << {STATE_BITS} << {DAY_BITS};
        windows.add((base + first) << {_PLACE} | (base + last));
        base += state << {DAY_BITS};
        windows.add((base + first) << {_PLACE} | (base + last));
      }}
    }}
    position++;
  }}
  List ordered = new ArrayList();
  for (def row : params.rows) {{ if (rows.contains(row)) {{ ordered.add(row); }} }}
  ctx._source.seats_rows = ordered;
  ordered = new ArrayList(ordered);
  ordered.sort((a, b) -> a.compareTo(b));
  ctx._source.value_sets.seats = [String.join(',', ordered)];
  List ranges = new ArrayList();
  for (long window : windows) {{ ranges.add(['gte': window >> {_PLACE}, 'lte': window & {(1 << _PLACE) - 1}L]); }}
  ctx._source.windows = ranges;
  ctx._source.session_left = new ArrayList();
  ctx._source.session_left.addAll(figures);
  ctx._source.session_capacity = new ArrayList();
  ctx._source.session_capacity.addAll(capacities);
  ctx._source.contradictions = contradictions;
}} else {{ ctx.op = 'none'; }}
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
  if (!touched && left.equals(session.left == null ? [:] : session.left)
    && capacity.equals(session.capacity == null ? [:] : session.capacity)) {{ continue; }}
  changed = true;
  seats.sort((a, b) -> a.funder.compareTo(b.funder));
  session.seats = seats;
  session.left = left;
  session.capacity = capacity;
}}
{INDEX_RULE}"""

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
  session.capacity = capacity;
}}
{INDEX_RULE}"""
