"""Sessions of an action."""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from indexer.normalize.dates import open_until, start_window
from indexer.normalize.texts import clean_line
from indexer.transform.faults import Faults
from indexer.transform.leftovers import ALL_SESSION_OTHERS, OthersBudget, read_leftovers, said_of, to_others
from indexer.transform.organisations import read_address, read_contacts
from indexer.transform.read import coded, compact, line, read_day, urls
from indexer.transform.session_parts import read_cycles, read_meetings, read_references, read_skills
from indexer.transform.tree import Node
from mappings.codes import RECRUITING_BY_LHEO, Entry
from mappings.days import NO_DAY, is_inverted
from mappings.keys import key_of


def read_sessions(
    action: Node, action_id: str, entry: Entry | None, addresses: Sequence[Node], faults: Faults
) -> list[dict[str, Any]]:
    """Return the sessions in feed order; repeated numbers are kept for the caller to settle."""
    found = []
    budget = OthersBudget(ALL_SESSION_OTHERS)
    derived = Counter[str]()
    for node in action.all("session"):
        number = clean_line(node.attributes.get("numero"))
        if number is None:
            number = _derive_number(node, action_id, derived)
        session = read_session(node, number, entry, faults)
        left = read_leftovers(node, "", addresses)
        others = to_others(left, said_of(addresses), budget, faults) if left else {}
        found.append(session | {"others": others} if others else session)
    return found


def _derive_number(session: Node, action_id: str, derived: Counter[str]) -> str:
    """Return a number for a session without one, stable as long as its period's texts are; ``derived`` counts the
    sessions of each period.
    """
    period = session.inside("periode")
    texts = "|".join(text for name in ("debut", "fin") for text in period.texts.get(name, ()))
    number = f"{action_id}_SE_{blake2b(texts.encode(), digest_size=5).hexdigest()}"
    derived[number] += 1
    return number if derived[number] == 1 else f"{number}_{derived[number]}"


def read_session(node: Node, number: str, entry: Entry | None, faults: Faults) -> dict[str, Any]:
    """Return one session, without its other elements."""
    period = node.inside("periode")
    start_text, start = read_day(period, "debut", faults)
    end_text, end = read_day(period, "fin", faults)
    if is_inverted(start, end):
        faults.add("inverted-period", "periode", f"{start_text} {end_text}")
        end = NO_DAY
    window = start_window(start, end, entry)
    over = line(node.inside("extras:session-perimee"), "extra:session-perimee", faults)
    web = urls(node, "url-session", faults)
    node.others += [("url-session/urlweb", url) for url in web[1:]]
    return compact(
        {
            "id": number,
            "key": key_of(number),
            "start": start.first,
            "start_last": start.last,
            "start_precision": start.precision,
            "end": end.last,
            "end_precision": end.precision,
            "start_text": start_text,
            "end_text": end_text,
            "window": {"gte": window[0], "lte": window[1]} if window else None,
            "open_until": open_until(start, end, entry),
            "recruiting": coded(node, "etat-recrutement", RECRUITING_BY_LHEO, faults, mute="0") or "unknown",
            "registration": read_registration(node, faults),
            "contacts": read_contacts(node, ("contact-session",), faults) if "contact-session" in node.boxes else None,
            "url": web[0] if web else None,
            "meetings": read_meetings(node, faults),
            "certifications": read_references(node, faults),
            "skills": read_skills(node, faults),
            "cycles": read_cycles(node, faults),
            "over": True if over == "1" else None,
        }
    )


def read_registration(session: Node, faults: Faults) -> dict[str, Any]:
    """Return how, where and until when one can register; dates stay texts."""
    period = session.inside("periode-inscription", "periode")
    address = session.inside("adresse-inscription").first("adresse")
    return compact(
        {
            "start_text": read_day(period, "debut", faults)[0],
            "end_text": read_day(period, "fin", faults)[0],
            "address": read_address(address, faults) if address else None,
            "how": line(session, "modalites-inscription", faults),
        }
    )
