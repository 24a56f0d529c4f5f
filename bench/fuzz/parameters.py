"""Sends random addresses until the time is over: the app must answer each or name every fault.

``python -m bench.fuzz.parameters URL [--seconds 600] [--seed N]`` over an app that serves a loaded catalogue.
Parameters come from the app's own OpenAPI document; their values are examples, truncated, repeated, joined and damaged,
and characters known to break programs. Prints each address that failed; exit status 1 if there is one.
"""

import argparse
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

SLOWEST_SECONDS: Final = 2.0  # for one response, on a machine with other load
LONGEST_ADDRESS: Final = 60_000
PAGES: Final = ("/", "/offres", "/selection", "/sources", "/offres/{id}", "/selection.csv", "/sitemap.xml", "/{id}")
STREAMED: Final = (".csv", ".ndjson", ".ics", ".atom")  # everything that matches: only their response heads are read
GOOD: Final = frozenset((200, 204, 301, 302, 303, 304, 307, 308, 400, 404, 405, 410, 413, 414, 429, 431))
WORDS: Final = (
    "", " ", "soudeur", "Albi", "81000", "75000 PARIS", "près d’Albi en mars", "bts mco à distance",
    "licence d'anglais", "moins de 500 €", "avant le 31/02/2027", "RNCP38565", "76_AF_0000011179|76_AF_2",
    "' OR 1=1 --", "{{7*7}}", "${jndi:x}", "<script>alert(1)</script>", "../../etc/passwd", "\x00", "\ud800",
    "\u202eq", "💩", "e\u0301", "\u00ad", "ﬁ", "İ", "ß", "ٱ", "NaN", "inf", "-0", "1e308", "1e-400", "0x10", "٣",
    "9" * 400, "44.123456789012345", "2027-02-31", "0000-00-00", "true", "*", "?", "a* OR b~2", "\"", "(((((",
    "[" * 50, "AND", "/" * 40, ";", "&", "=", "%", "+", "\n", "\t", "a" * 3000, "é" * 400,
)  # fmt: skip


def draw_value(rng: random.Random, examples: Sequence[str]) -> str:
    """Return a value: valid, unusual, or damaged."""
    value = rng.choice(examples) if examples and rng.random() < 0.5 else rng.choice(WORDS)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 4))):
        at = rng.randint(0, len(value))
        value = rng.choice(
            (
                value[:at],
                value[at:] + value[:at],
                value[:at] + chr(rng.choice((rng.randrange(0x20, 0x7F), rng.randrange(0x250), rng.randrange(0x10FFFF))))
                + value[at:],
                value + rng.choice((" ", ",", "|", ".", "")) + rng.choice(WORDS),
                value.swapcase(),
                value * rng.randint(1, 5),
            )
        )  # fmt: skip
    return value[:5000]


def encode(rng: random.Random, text: str) -> str:
    """Return a text percent-encoded, occasionally with bytes that are invalid in UTF-8."""
    if rng.random() < 0.03:
        return "".join(f"%{rng.randrange(256):02X}" for _ in range(rng.randint(1, 12)))
    return quote(text.encode("utf-8", "surrogatepass"), safe="" if rng.random() < 0.8 else "+;,/:|[]")


def draw_address(rng: random.Random, operations: Mapping[str, Mapping[str, list[str]]]) -> str:
    """Return path and query of a request: mostly parameters of its route, occasionally others."""
    path = rng.choice((*operations, *PAGES))
    known = dict(operations.get(path) or operations["/api/v1/offers"])
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        path = before + encode(rng, draw_value(rng, known.get(name, ["x"])))[:3000].replace("{", "") + after
    pairs = []
    for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 5, 12))):
        name = rng.choice([*known]) if known and rng.random() < 0.93 else draw_value(rng, [*known])
        pairs.append(f"{encode(rng, name)}={encode(rng, draw_value(rng, known.get(name, [])))}")
    return (path + ("?" + "&".join(pairs) if pairs else ""))[:LONGEST_ADDRESS]


def read_operations(document: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Return the GET paths of an OpenAPI document, each with its parameters and valid values."""
    operations: dict[str, dict[str, list[str]]] = {}
    for path, methods in document["paths"].items():
        if "get" in methods and "stream" not in path:
            rows = [_resolved(document, row) for row in methods["get"].get("parameters", ())]
            operations[path] = {row["name"]: _examples(row) for row in rows}
    return operations


def _resolved(document: Mapping[str, Any], row: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in row:
        return row
    found: Any = document
    for part in row["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _examples(row: Mapping[str, Any]) -> list[str]:
    schema = row.get("schema", {})
    schema = schema.get("items", schema)
    given = [row.get("example"), schema.get("example"), *schema.get("enum", ())]
    return [str(value) for value in given if value is not None and not isinstance(value, list)]


def ask(connection: http.client.HTTPConnection, address: str) -> str | None:
    """Request an address; return what is wrong with the response, None if nothing is."""
    method = "HEAD" if any(ending in address for ending in STREAMED) else "GET"
    began = time.perf_counter()
    connection.request(method, address)
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    if answer.status not in GOOD:
        return f"status {answer.status}: {body[:200]!r}"
    if seconds > SLOWEST_SECONDS:
        return f"{seconds:.1f} s"
    if answer.status == 400 and body and "json" in (answer.getheader("Content-Type") or ""):
        faults = json.loads(body)["error"].get("faults")
        if not faults or not all(fault["parameter"] is not None and fault["message"] for fault in faults):
            return f"a 400 that names no fault: {body[:200]!r}"
    return None


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None, help="a fresh one if it is not given")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    rng = random.Random(seed)
    host = urlsplit(options.url).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", "/api/v1/openapi.json")
    operations = read_operations(json.loads(connection.getresponse().read()))
    deadline, asked, failed = time.monotonic() + options.seconds, 0, Counter[str]()
    while time.monotonic() < deadline:
        address = draw_address(rng, operations)
        asked += 1
        try:
            trouble = ask(connection, address)
        except (OSError, http.client.HTTPException, ValueError) as error:
            trouble = f"{type(error).__name__}: {error}"[:200]
            connection.close()
        if trouble:
            failed[trouble[:40]] += 1
            if failed[trouble[:40]] <= 3:
                print(f"{trouble}\n  {address[:2000]}", flush=True)
    print(f"seed {seed}: {asked} addresses, {failed.total()} failed", dict(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
