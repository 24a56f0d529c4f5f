"""Figures of the census for reports and status: bodies, facts, gaps."""

from typing import Any, Final

from engine.blocking import LONG
from indexer.census.gaps import WITHOUT_DOCUMENT
from indexer.census.state import is_current, live_census, read_state, to_json
from indexer.installation.indices import Indices
from mappings.census.provider import GAP_CODES

FLAGS: Final = ("listed", "responsible", "trainer")
ROWS: Final = ("state_rows", "qualiopi_rows", "gap_codes")


def summarize(indices: Indices) -> dict[str, Any]:
    """Return the state of the census: edition, bodies, gaps by code; zeros and nulls if there is none."""
    live = live_census(indices)
    counts = _counts(indices, live) if live else {}
    return {
        "index": live,
        "edition": to_json(read_state(indices, live)),
        "bodies": counts.get("bodies", 0),
        **{flag: counts.get(flag, 0) for flag in FLAGS},
        "certified": counts.get("qualiopi_rows", {}).get("any", 0),
        "ceased": counts.get("state_rows", {}).get("ceased", 0),
        "gaps": _gaps(indices, counts),
        "is_current": is_current(indices),
    }


def count_gaps(indices: Indices) -> dict[str, int]:
    """Return the number of bodies with each gap; of offers for `no-siren`, which belongs to no body."""
    live = live_census(indices)
    return _gaps(indices, _counts(indices, live) if live else {})


def _gaps(indices: Indices, counts: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = counts.get("gap_codes", {}) | {WITHOUT_DOCUMENT: count_without_siren(indices)}
    return {code: found.get(code, 0) for code in GAP_CODES}


def count_without_siren(indices: Indices) -> int:
    """Return the number of live offers whose responsible body has no SIREN."""
    live = indices.live_index()
    if live is None:
        return 0
    query = {"query": {"bool": {"must_not": {"exists": {"field": "provider.siren"}}}}}
    return int(indices.engine.call("POST", f"/{live}/_count", query, timeout=LONG)["count"])


def _counts(indices: Indices, live: str) -> dict[str, Any]:
    flags = {flag: {"filter": {"term": {flag: True}}} for flag in FLAGS}
    rows = {name: {"terms": {"field": name, "size": 100}} for name in ROWS}
    body = {"size": 0, "track_total_hits": True, "aggs": {**flags, **rows}}
    answer = indices.engine.call("POST", f"/{live}/_search", body, timeout=LONG)
    found = answer["aggregations"]
    return {
        "bodies": answer["hits"]["total"]["value"],
        **{flag: found[flag]["doc_count"] for flag in FLAGS},
        **{name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]} for name in ROWS},
    }


def census_lines(summary: dict[str, Any]) -> list[str]:
    """Return the summary as lines of the status."""
    edition = summary["edition"]
    register = _register_text(edition) if edition else "no register loaded"
    lines = [
        f"  census: {summary['bodies']} bodies, {register}; {summary['listed']} listed,"
        f" {summary['certified']} certified, {summary['responsible']} responsible for offers,"
        f" {summary['trainer']} deliver some"
    ]
    found = ", ".join(f"{count} {code}" for code, count in summary["gaps"].items() if count)
    return lines + ([f"  gaps: {found}"] if found else [])


def _register_text(edition: dict[str, Any]) -> str:
    if edition["is_told"]:
        return f"register of {edition['date']}, {edition['rows']} rows"
    return f"register loaded on {edition['date']}, its date is not known (--edition), {edition['rows']} rows"
