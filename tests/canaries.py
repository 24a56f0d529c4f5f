"""Posts whose values appear nowhere else, and where they are looked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

CANARY: Final = "zq9canary"
VALID: Final[dict[str, Any]] = {
    "status": "csp", "csp_since": "1997-03-02", "cpf_euros": 7391.17, "department": "2B", "age": "30-34",
    "allowance": "aah", "disabled": True, "child_under_12": True,
}  # fmt: skip
# The canary in any case and spelling, and the values of VALID that no offer, rule or code table has.
TRACES: Final = re.compile(r"zq9canary|7391[.,]17|1997-03-02|19970302|0?2[/. ](03|mars)[/. ]1997", re.IGNORECASE)
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Post:
    """One request; ``valid`` ones are answered."""

    name: str
    content: bytes
    kind: str = JSON
    query: str = ""
    valid: bool = False


def json_posts() -> Iterator[Post]:
    """Yield posts to an address that takes JSON."""
    yield Post("valid", _json({"person": VALID}), valid=True)
    yield Post("day", _json({"person": VALID, "on": "1997-03-02"}))
    yield Post("another session", _json({"person": VALID, "session": CANARY}))
    for name, value in _wrong_values():
        yield Post(f"wrong {name}", _json({"person": {**VALID, name: value}}))
    for person in (CANARY, [CANARY], {CANARY: CANARY}, {**VALID, CANARY: 1}, {"status": {CANARY: [CANARY]}}):
        yield Post("wrong person", _json({"person": person}))
    for name in ("session", "on", CANARY):
        yield Post("wrong name", _json({name: [CANARY], "person": VALID}))
    whole = _json({"person": VALID, CANARY: CANARY})
    yield from (Post("cut", whole[:-2]), Post("no object", _json([CANARY])), Post("not UTF-8", b"\xff" + whole))
    yield Post("too long", whole[:-1] + b" " * 40_000 + b"}")
    yield from _other_kinds(whole)
    yield from _addresses(_json({"person": {}}), JSON)


def form_posts() -> Iterator[Post]:
    """Yield posts to an address that takes a form."""
    fields = {name: str(value).lower() if value is True else str(value) for name, value in VALID.items()}
    yield Post("valid", urlencode(fields).encode(), FORM, valid=True)
    for name, value in _wrong_values():
        yield Post(f"wrong {name}", urlencode({**fields, name: value}).encode(), FORM)
    yield Post("wrong session", urlencode({"session": CANARY}).encode(), FORM)
    yield Post("unknown", urlencode({CANARY: CANARY}).encode(), FORM)
    yield Post("twice", urlencode([("status", "csp"), ("status", CANARY)]).encode(), FORM)
    yield Post("too long", urlencode({**fields, CANARY: "x" * 40_000}).encode(), FORM)
    yield from _other_kinds(urlencode(fields).encode())
    yield from _addresses(urlencode({"age": "30-34"}).encode(), FORM)


def _wrong_values() -> Iterator[tuple[str, Any]]:
    for name in VALID:
        yield name, CANARY
    yield from (("cpf_euros", "7391.17.1"), ("csp_since", "1997-03-02T00:00"), ("department", f"2B{CANARY}"))


def _other_kinds(body: bytes) -> Iterator[Post]:
    part = f'--{CANARY}\r\nContent-Disposition: form-data; name="{CANARY}"; filename="{CANARY}"\r\n\r\n'.encode()
    multipart = part + body + f"\r\n--{CANARY}--\r\n".encode()
    yield Post("multipart", multipart, f"multipart/form-data; boundary={CANARY}")
    yield from (Post("text", body, "text/plain"), Post("named", body, f"application/{CANARY}"), Post("none", body, ""))


def _addresses(body: bytes, kind: str) -> Iterator[Post]:
    for key in ("status", "age", "cpf_euros", "csp_since", "%63pf_euros", "disabled", "allowance", "child_under_12"):
        value = {"cpf_euros": "7391.17", "csp_since": "1997-03-02"}.get(key, CANARY)
        yield Post(f"address {key}", body, kind, f"q=a&{key}={value}")


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def traces(text: str | bytes) -> list[str]:
    """Return what of the posted values is in a text, with what is around it."""
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return [told[max(0, found.start() - 60) : found.end() + 30] for found in TRACES.finditer(told)]
