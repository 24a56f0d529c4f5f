"""The one parameter of the schemes: the day on which they are shown."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from starlette.requests import Request

from search_app.search.params import Parameter, refuse
from search_app.search.params.parameter import day
from search_app.search.params.parse import read_fields
from search_app.search.service import services_of

ON: Final = day("on", "Jour auquel les règles sont montrées ; aujourd’hui par défaut.", "2027-01-01")
VOCABULARY: Final[Mapping[str, Parameter]] = {ON.name: ON}


def asked_day(request: Request, *, ignore_unknown: bool = False) -> date:
    """Return the day of an address, today without one; raises BadParameters."""
    fields, faults = read_fields(request.query_params.multi_items(), VOCABULARY, ignore_unknown=ignore_unknown)
    refuse(faults)
    found: date = fields.get(ON.name) or services_of(request).settings.current_day()
    return found
