"""Columns of exact amounts: price in cents and hours in hundredths, whole numbers whose sums lose nothing."""

from collections.abc import Mapping
from typing import Any, Final

FIELDS: Final = ("price_cents", "hours_hundredths")


def index_amounts(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a stored offer; an amount that is not told has none.

    >>> index_amounts({"price": 1234.56, "hours": 35}), index_amounts({"price": 0.0}), index_amounts({})
    ({'price_cents': 123456, 'hours_hundredths': 3500}, {'price_cents': 0}, {})
    """
    amounts = {"price_cents": offer.get("price"), "hours_hundredths": offer.get("hours")}
    return {name: round(amount * 100) for name, amount in amounts.items() if amount is not None}
