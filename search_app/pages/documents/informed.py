"""Pages of the portal and of schemes with documents that share their codes, asked for while the page is made.

The documents are not kept with a page that is: they change at other times than the catalogue.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Final, TypeVar

from starlette.requests import Request

from mappings.codes import region_by_department
from search_app.documents.related import SharedCodes, related_documents
from search_app.pages.documents.block import SHEETS, build_block, own_search
from search_app.pages.portal.job_page import JobPage
from search_app.pages.portal.list_page import ListPage
from search_app.pages.schemes.sheet_page import SheetPage
from search_app.pages.subjects.subjects import Subject
from search_app.search.service import services_of

Informed = TypeVar("Informed", bound=JobPage | ListPage | SheetPage)
SHEETS_OF_SCHEMES: Final = "boussole-financements"  # source of the documents that are such pages themselves


async def informed(request: Request, codes: SharedCodes, making: Awaitable[Informed]) -> Informed:
    """Return the page that is being made, with the block « S’informer » if there are documents; raises what making it
    raises. A further page of a list has none.
    """
    if "page" in request.path_params:
        return await making
    page, found = await asyncio.gather(making, related_documents(services_of(request), codes))
    block = build_block(found, own_search(codes))
    if block is None:
        return page
    return replace(page, inform=block, layout=replace(page.layout, sheets=(*page.layout.sheets, *SHEETS)))


def codes_of_subject(subject: Subject, department: str = "") -> SharedCodes:
    """Return the codes of a page of the portal; ``department`` is that of a commune. A training has none."""
    territory = department or (subject.code if subject.kind in ("department", "job_in") else "")
    within = SharedCodes(
        region=(region_by_department()[territory],) if territory in region_by_department() else (),
        department=(territory,) if territory else (),
        of_territory=subject.kind in ("department", "commune"),
    )
    if subject.kind in ("job", "job_in"):
        return replace(within, rome=(dict(subject.pairs)["rome"],))
    if subject.kind == "domain":
        return SharedCodes(domain=(subject.code,))
    return SharedCodes(region=(subject.code,), of_territory=True) if subject.kind == "region" else within


def codes_of_scheme(funders: tuple[str, ...]) -> SharedCodes:
    """Return the codes of a scheme, whose own sheet and others are left out."""
    return SharedCodes(funder=funders, but_source=SHEETS_OF_SCHEMES)
