"""Resumption tokens keep a position and refuse everything else."""

import base64
import hmac
from typing import Any

import orjson
import pytest

from search_app.base.settings import Settings
from search_app.exports.oai.arguments import LIST_RECORDS, Selection
from search_app.exports.oai.faults import OaiRefusal
from search_app.exports.oai.token import Position, key_of, seal, unseal

KEY = key_of(Settings())
POSITION = Position(LIST_RECORDS, Selection("2026-01-01", "2026-12-31", "region:76"), "n33nhrxdjcpe", 100)


def forged(value: Any) -> str:
    """Return a token of any value with a right signature: without BOUSSOLE_OAI_KEY everybody can make one."""
    payload = orjson.dumps(value)
    parts = (payload, hmac.new(KEY, payload, "sha256").digest()[:16])
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_token_keeps_its_position() -> None:
    token = seal(POSITION, KEY)
    assert unseal(token, LIST_RECORDS, KEY) == POSITION
    assert len(token) < 200


@pytest.mark.parametrize(
    "value",
    [
        [LIST_RECORDS, "", "", "", 100, ""],
        [LIST_RECORDS, "", "", "", 100, "k" * 101],
        [LIST_RECORDS, "", "", "", 0, "k"],
        [LIST_RECORDS, "", "", "", True, "k"],
        [LIST_RECORDS, "", "", "", 10**9, "k"],
        [LIST_RECORDS, "", "", "", 100, ["k"]],
        [LIST_RECORDS, "2026-13-01", "", "", 100, "k"],
        [LIST_RECORDS, "2026-02-01", "2026-01-01", "", 100, "k"],
        [LIST_RECORDS, "", "", "not a set", 100, "k"],
        [LIST_RECORDS, None, "", "", 100, "k"],
        ["ListIdentifiers", "", "", "", 100, "k"],
        [LIST_RECORDS, "", "", "", 100],
        {"verb": LIST_RECORDS},
        None,
    ],
)
def test_signed_nonsense_is_refused(value: Any) -> None:
    with pytest.raises(OaiRefusal, match="badResumptionToken"):
        unseal(forged(value), LIST_RECORDS, KEY)


@pytest.mark.parametrize("token", ["", ".", "a.b", "é", "\x00", "=.=", "[" * 1_500, "a" * 2_001, "a" * 2_001 + ".b"])
def test_unsigned_nonsense_is_refused(token: str) -> None:
    with pytest.raises(OaiRefusal, match="badResumptionToken"):
        unseal(token, LIST_RECORDS, KEY)


def test_key_is_that_of_the_installation() -> None:
    same = Settings(index_prefix="a-", public_url="https://a.example")
    assert key_of(same) == key_of(same.model_copy())
    keys = {key_of(each) for each in (Settings(), same, Settings.model_validate({"oai_key": "k" * 16}))}
    assert len(keys) == 3


def test_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 characters or more"):
        Settings.model_validate({"oai_key": "k" * 15})
