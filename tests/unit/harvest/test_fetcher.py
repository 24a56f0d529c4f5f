"""The limits of a whole harvest."""

import time

import pytest

from indexer.harvest.faults import SourceFault
from indexer.harvest.fetch.exchange import Bounds
from indexer.harvest.fetch.fetcher import Fetcher


@pytest.mark.parametrize(("seconds", "told"), [(12, "0.2"), (21_600, "360"), (0, "0")])
def test_harvest_that_takes_too_long_asks_nothing_more(seconds: float, told: str) -> None:
    fetcher = Fetcher("https://a.example/", Bounds(run=seconds), began=time.monotonic() - seconds - 1)
    with pytest.raises(SourceFault, match=f"the harvest takes longer than {told} minutes$"):
        fetcher.get("https://a.example/")
    assert fetcher.requests == 0
