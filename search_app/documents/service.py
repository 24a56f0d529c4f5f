"""Services of the documents for API, exports, pages and assistants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from search_app.base.errors import NotFound
from search_app.documents.answer import DocumentResults, DocumentView
from search_app.documents.asking import Stored, ask_documents, ask_in_parts, find_document, stored_of, total_of
from search_app.documents.body import DocumentRequest, build_documents_body, build_newest_body, build_total_body
from search_app.documents.params import DocumentParams, read_documents
from search_app.documents.present import to_document, to_documents
from search_app.documents.words import read_words
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services

NO_DOCUMENT: Final = "Aucun document n’est connu à cette adresse."


@dataclass(frozen=True, slots=True)
class DocumentSearch:
    """Parameters, and the search of offers in the same place, which has found it."""

    params: DocumentParams
    around: ResolvedSearch


def read_document_search(
    services: Services, pairs: Iterable[tuple[str, str]], *, ignore_unknown: bool = False, paged: bool = True
) -> DocumentSearch:
    """Return the search of an address; raises BadParameters with every fault, that of the place included."""
    params, faults = read_documents(pairs, ignore_unknown=ignore_unknown, paged=paged)
    return DocumentSearch(params, services.resolve(params.to_place(), faults=faults))


async def search_documents(services: Services, search: DocumentSearch) -> DocumentResults:
    """Answer a search with one request; words that find nothing are asked again with other spelling, then loosely.

    Raises EngineError.
    """
    request = _to_request(services, search)
    answer = await ask_in_parts(services, build_documents_body(request))
    if not total_of(answer):
        other = await _that_finds(services, request, search)
        if other is not request:
            request, answer = other, await ask_in_parts(services, build_documents_body(other))
    return to_documents(answer, request, search.around.place, search.around.snapshot)


async def newest_documents(services: Services, search: DocumentSearch, most: int) -> Sequence[DocumentView]:
    """Return the documents of a search that changed last; raises EngineError."""
    request = await _that_finds(services, _to_request(services, search), search)
    answer = await ask_documents(services, build_newest_body(request, most))
    return [to_document(stored, request.today) for stored in stored_of(answer)]


async def stored_document(services: Services, key: str) -> Stored:
    """Return the stored document of a key, in either case of its letters; a tombstone, too. Raises NotFound,
    EngineError.
    """
    stored = await find_document(services, key.lower())
    if stored is None:
        raise NotFound(NO_DOCUMENT)
    return stored


async def count_documents(services: Services) -> int:
    """Return how many documents there are; raises EngineError."""
    request = DocumentRequest(DocumentParams(), services.settings.current_day(), services.settings.engine_timeout)
    return total_of(await ask_documents(services, build_total_body(request)))


def _to_request(services: Services, search: DocumentSearch) -> DocumentRequest:
    params, around = search.params, search.around
    words = read_words(params.q, around.snapshot, around.today) if params.q else None
    place = around.places[0] if around.places else None
    return DocumentRequest(params, around.today, services.settings.engine_timeout, place, words)


async def _that_finds(services: Services, request: DocumentRequest, search: DocumentSearch) -> DocumentRequest:
    """Return the request in the first wording of which any document has enough: as typed, corrected, loosely."""
    if request.words is None or await _any_has(services, request):
        return request
    corrected = read_words(search.params.q, search.around.snapshot, search.around.today, corrected=True)
    if corrected.meant.corrections:
        request = replace(request, words=corrected)
        if await _any_has(services, request):
            return request
    return replace(request, words=corrected.loosely())


async def _any_has(services: Services, request: DocumentRequest) -> bool:
    return bool(total_of(await ask_documents(services, build_total_body(request.only_words()))))
