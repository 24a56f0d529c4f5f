"""The environment variables that the programs read, so that a misspelt one is reported instead of ignored."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

PREFIX: Final = "BOUSSOLE_"
# Read by tests and measurements themselves.
FREE: Final = (f"{PREFIX}TEST_", f"{PREFIX}BENCH_")
# Variables of app and indexer together, which usually share an environment; a test compares the set with their
# settings.
SETTINGS: Final = frozenset(
    (
        *("alerts_key", "answer_seconds", "mail_from", "smtp_url"),
        *("connections", "connections_per_client", "contact", "demonstration", "editor", "engine_connections"),
        *("engine_timeout", "export_seconds", "exports", "exports_per_client", "head_bytes", "head_seconds", "host"),
        *("pivots", "pivots_per_client"),
        *("hosted_by", "idle_seconds", "index_prefix", "opensearch_ca", "opensearch_password", "opensearch_url"),
        *("mcp", "oai_key"),
        *("opensearch_user", "port", "public_url", "publisher", "rate_limit", "reference_max_mb", "refresh_seconds"),
        *("replicas", "seats_max_age_days", "seats_old_after_days", "seats_tokens", "shards", "shutdown_seconds"),
        *("stale_after_days", "stalled_seconds", "stream_seconds", "streams", "streams_per_client"),
        *("tiles_attribution", "tiles_url", "today", "trusted_proxies", "widgets_ancestors", "work_dir"),
        *("workers", "write_timeout"),
    )
)


def unknown_variables(environment: Iterable[str]) -> str | None:
    """Return one line naming the variables with our prefix that no program reads, None if there are none.

    >>> unknown_variables(["BOUSSOLE_RATELIMIT", "BOUSSOLE_ZZ", "BOUSSOLE_HOST", "HOME"])
    'ignored, no such setting: BOUSSOLE_RATELIMIT (BOUSSOLE_RATE_LIMIT?), BOUSSOLE_ZZ'
    """
    known = {PREFIX + name.upper() for name in SETTINGS}
    unknown = sorted(
        name for name in environment if name.startswith(PREFIX) and name not in known and not name.startswith(FREE)
    )
    return f"ignored, no such setting: {', '.join(_with_nearest(name, known) for name in unknown)}" if unknown else None


def _with_nearest(name: str, known: Iterable[str]) -> str:
    words = {each.removeprefix(PREFIX): each for each in known}
    nearest = get_close_matches(name.removeprefix(PREFIX), words, n=1)
    return f"{name} ({words[nearest[0]]}?)" if nearest else name
