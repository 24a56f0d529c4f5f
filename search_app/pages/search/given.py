"""What a request for results gives: the search in its address and its form, and a posted situation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from funding.evaluation.facet import VALUES
from search_app.base.errors import Fault
from search_app.base.posted import read_form, without_values
from search_app.pages.funding.asked.posted import NOTHING_ASKED, Asked, read_asked
from search_app.pages.funding.asked.questions import PREFIX
from search_app.pages.funding.on_results import PAID
from search_app.search.funding.situation import Situation
from search_app.search.links import Pairs, from_form, without
from search_app.search.params import PARAMETERS


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters of the search as pairs, and of a POST the situation with the chosen values of who pays.

    A situation with faults is none: then only its faults are shown beside the results.
    """

    pairs: Pairs
    posted: bool = False
    asked: Asked = field(default=NOTHING_ASKED, repr=False)
    funding: Pairs = ()
    situation: Situation | None = field(default=None, repr=False)


def told_again(given: Given, faults: Sequence[Fault]) -> tuple[Pairs, Sequence[Fault]]:
    """Return what the page of wrong parameters repeats of a search, and its faults: nothing wrong that was posted."""
    if not given.posted:
        return given.pairs, faults
    return without(given.pairs, *(fault.parameter for fault in faults)), without_values(faults, PARAMETERS)


async def read_given(request: Request) -> Given:
    """Return what a request gives; the search of a POST is in its address or in its form. Raises faults of the form."""
    address = tuple(request.query_params.multi_items())
    if request.method != "POST":
        return Given(without(from_form(address), PAID))
    fields = await read_form(request)
    person, asked = read_asked((name, text) for name, text in fields if name.startswith(PREFIX))
    pairs = from_form((*address, *((name, text) for name, text in fields if not name.startswith(PREFIX))))
    values = tuple(value for value in VALUES if (PAID, value) in pairs)
    situation = None if asked.faults else Situation(person, values)
    chosen = () if asked.faults else tuple((PAID, value) for value in values)
    return Given(without(pairs, PAID), True, asked, chosen, situation)
