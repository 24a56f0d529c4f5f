"""The meetings of a stored session, as far as this version can read them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from mappings.offer import Meeting


def read_meetings(session: Mapping[str, Any]) -> list[Meeting]:
    """Return the meetings of a stored session; fields of other indexer versions are left out."""
    return [_read_meeting(row) for row in session.get("meetings") or () if isinstance(row, Mapping)]


def _read_meeting(row: Mapping[str, Any]) -> Meeting:
    try:
        return Meeting.model_validate(row, extra="ignore")
    except ValidationError as error:
        unreadable = {fault["loc"][0] for fault in error.errors(include_url=False, include_input=False)}
        return Meeting.model_validate({name: row[name] for name in row.keys() - unreadable}, extra="ignore")
