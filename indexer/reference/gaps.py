"""What a file of communes leaves out, told when it is loaded: a search goes on without it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from mappings.reference import Commune


def find_gaps(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Yield a line for each kind of gap in the rows of a ``communes`` table.

    >>> rows = [["81004", "Albi", [], 0, "81", "76", None, None], ["81999", "Albi", [], 0, "81", "76", 43.9, 2.1]]
    >>> list(find_gaps(rows))
    ['1 without a centre', '2 without inhabitants', '2 named like another one of their département']
    """
    communes = [Commune(*row) for row in rows]
    named = Counter((commune.name, commune.department) for commune in communes)
    counted = {
        "without a centre": sum(commune.lat is None or commune.lon is None for commune in communes),
        "without inhabitants": sum(not commune.population for commune in communes),
        "named like another one of their département": sum(number for number in named.values() if number > 1),
    }
    return (f"{number} {what}" for what, number in counted.items() if number)
