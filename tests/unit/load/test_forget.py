"""Forgetting a source tells how far it is only where there is something to remove."""

from types import SimpleNamespace
from typing import Any

import pytest

from indexer.lifecycle.forget import _remove_offers


@pytest.mark.parametrize(("total", "told"), [(0, ""), (2, "Removing: 0 of 2 offers\n")])
def test_nothing_is_told_of_no_offers(
    total: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("indexer.lifecycle.forget.write_operations", lambda *_: iter(()))
    indices: Any = SimpleNamespace(
        refresh=lambda _: None, count=lambda *_: total, live_hashes=lambda *_: iter(()), engine=None
    )
    assert _remove_offers(indices, "offers", "one", quiet=False) == total
    assert capsys.readouterr().err == told
