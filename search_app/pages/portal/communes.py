"""The communes of a département that have a page, with the totals of their searches."""

from typing import Any, Final

from mappings.communes import FIELD
from search_app.pages.subjects.subjects import FEWEST, UPCOMING, Subject, to_commune
from search_app.search.query import SearchRequest, build_count_body
from search_app.search.service import Services

COUNTED: Final = "communes"
ALL_COMMUNES: Final = 2_000  # more than any département has


async def communes_of(services: Services, department: str) -> list[tuple[Subject, int]]:
    """Return the communes with enough offers to come; raises EngineError."""
    search = services.read_search((("department", department), UPCOMING))
    answer = (await services.ask(search, _body))[1]
    rows = answer["aggregations"][COUNTED]["buckets"]
    snapshot = services.reference.known()
    communes = snapshot.reference.communes
    inside = [row["key"] for row in rows if row["doc_count"] >= FEWEST and row["key"] in communes
              and communes[row["key"]].department == department]  # fmt: skip
    subjects = [subject for code in inside if (subject := to_commune(code, snapshot))]
    totals = await services.count([services.read_search(subject.pairs) for subject in subjects])
    return list(zip(subjects, totals, strict=True))


def _body(request: SearchRequest) -> dict[str, Any]:
    return build_count_body(request) | {"aggs": {COUNTED: {"terms": {"field": FIELD, "size": ALL_COMMUNES}}}}
