"""What `status` tells of harvested sources: when each was last whole, and what is stored of it."""

from datetime import UTC, datetime
from typing import Any

from indexer.harvest.faults import without_secrets
from indexer.harvest.store import count_documents, count_records, fetch_states
from indexer.installation.indices import Indices


def harvest_status(indices: Indices) -> dict[str, Any]:
    """Return the harvested sources with their age and records, and the number of documents."""
    counts = count_records(indices)
    states = fetch_states(indices)
    now = datetime.now(UTC)
    rows = [
        {
            "name": state.source,
            "kind": state.kind,
            "url": without_secrets(state.url),
            "set": state.set,
            "prefix": state.prefix,
            "complete_at": state.complete_at,
            "full_at": state.full_at,
            "age_days": (now - datetime.fromisoformat(state.complete_at)).days,
            "next_from": state.next_from,
            "records": state.records,
        }
        for state in states
    ]
    never = sorted(counts.keys() - {state.source for state in states})
    rows += [{"name": name, "complete_at": None, "records": counts[name]} for name in never]
    return {"documents": count_documents(indices), "records": sum(counts.values()), "sources": rows}


def harvest_lines(status: dict[str, Any]) -> list[str]:
    """Return what ``status`` tells as lines for a terminal; none before the first harvest."""
    if not status["records"] and not status["sources"]:
        return []
    lines = [f"  {status['documents']} documents of {status['records']} records"]
    for row in status["sources"]:
        if row["complete_at"] is None:
            lines.append(f"  documents of {row['name']}: {row['records']} records, never harvested to the end")
            continue
        what = f"{row['name']} (set {row['set']})" if row["set"] else row["name"]
        age = f"{row['age_days']} days old" if row["age_days"] else "today"
        lines.append(f"  documents of {what}: {row['records']} records, harvested {row['complete_at']}, {age}")
    return lines
