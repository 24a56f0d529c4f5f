"""``seats_history``: what was stated about the seats of a session in the last thirty days."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mappings.codes import FUNDER_LABELS
from search_app.assistants.quotation import plain, visible
from search_app.assistants.tools.answer import Answer, Arguments, Asked
from search_app.assistants.tools.arguments import one_text, read_pairs
from search_app.text import wording
from seats.ledger.history import fetch_history

MOST_ROWS: Final = 40
KEY: Final = "la clé ou le numéro d’une session, que donne get_offer"


async def seats_history(asked: Asked, arguments: Arguments) -> Answer:
    """Return the public statements of a session, the newest first; raises BadParameters."""
    session = one_text(read_pairs(arguments, ("session",)), "session", KEY)
    engine = asked.services.engine
    rows = await engine.run(fetch_history(engine.names, session, datetime.now(UTC)))
    if not rows:
        told = f"Aucun chiffre de places reçu en trente jours pour la session {plain(session, 60)}."
        return Answer([told, f"Possible : {KEY}."], {"total": 0, "statements": []})
    count = wording.counted(len(rows), "chiffre", "chiffres")
    lines = [f"Session {rows[0]['session_key']} : {count}, le plus récent d’abord :", *map(_line, rows[:MOST_ROWS])]
    if len(rows) > MOST_ROWS:
        lines.append(f"Et {len(rows) - MOST_ROWS} plus anciens.")
    names = ("funder", "available", "capacity", "observed_at")
    values = [{name: row.get(name) for name in names} for row in rows[:MOST_ROWS]]
    return Answer(list(map(visible, lines)), {"total": len(rows), "statements": values})


def _line(row: Mapping[str, Any]) -> str:
    left, capacity = row.get("available"), row.get("capacity")
    told = "chiffre retiré" if left is None else wording.counted(left, "place restante", "places restantes")
    of_all = f" sur {capacity}" if capacity and left is not None else ""
    funder = str(row["funder"])
    return f"- {wording.moment(str(row['observed_at']))} : {told}{of_all} ({FUNDER_LABELS.get(funder, funder)})"
