"""Columns of the legal bodies of an offer: the responsible one, and those that deliver.

``trainer``
    SIRENs of the delivering bodies, each once.
``bodies``
    each body as a JSON array: "responsible" or "trainer", SIREN, SIRET, declaration number and name, null if not told;
    the responsible one first. The census of providers reads it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

FIELDS: Final = ("trainer", "bodies")
LONGEST_NAME: Final = 1_000  # characters: the array is one term of a column


def is_body(siren: str | None) -> bool:
    """Tell whether a SIREN is that of a body: zeros are a filler.

    >>> is_body("041427865"), is_body("000000000"), is_body(None)
    (True, False, False)
    """
    return bool(siren and siren.strip("0"))


def index_bodies(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a stored offer.

    >>> index_bodies({"provider": {"siren": "041427865", "name": "AFPA"}, "trainers": [{"siren": "000000000"}]})
    {'bodies': ['["responsible","041427865",null,null,"AFPA"]']}
    """
    trainers = [body for body in offer.get("trainers", ()) if is_body(body.get("siren")) or _has_no_siren(body)]
    made = {
        "trainer": sorted({body["siren"] for body in trainers if "siren" in body}),
        "bodies": list(dict.fromkeys(_packed(offer.get("provider", {}), trainers))),
    }
    return {name: values for name, values in made.items() if values}


def _has_no_siren(body: Mapping[str, Any]) -> bool:
    return body.get("siren") is None and bool(body.get("name"))


def _packed(provider: Mapping[str, Any], trainers: list[Mapping[str, Any]]) -> Iterator[str]:
    for kind, body in (("responsible", provider), *(("trainer", body) for body in trainers)):
        facts = (body.get("siren"), body.get("siret"), body.get("declaration"), body.get("name"))
        if any(facts):
            siren, siret, declaration, name = facts
            yield orjson.dumps([kind, siren, siret, declaration, name and name[:LONGEST_NAME]]).decode()
