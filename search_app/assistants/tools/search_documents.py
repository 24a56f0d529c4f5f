"""``search_documents``: sheets, official texts, guides, job sheets and news."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from search_app.assistants.offer_lines import SHORT, USUAL, Lengths
from search_app.assistants.quotation import plain, quote, visible
from search_app.assistants.tools.answer import MOST_OF_DEFAULT, QUOTED, Answer, Arguments, Asked
from search_app.assistants.tools.arguments import read_arguments
from search_app.assistants.tools.search_arguments import DEFAULT_SIZE, PAGE, SIZE, site_lines
from search_app.documents.answer import DocumentResults, DocumentView, UnderstoodWords
from search_app.documents.labels import KIND_LABELS, PATH
from search_app.documents.params import VOCABULARY, DocumentParams, to_pairs
from search_app.documents.service import DocumentSearch, search_documents
from search_app.pages.documents.card import told_day, validity_warning
from search_app.search.links import address, without
from search_app.search.params import Parameter
from search_app.search.params.parse import read_fields
from search_app.text import wording

LONGEST_WORDS: Final = 90
LONGEST_KEY: Final = 40
NATIONAL: Final = "Les documents nationaux n’ont pas de territoire : les chercher sans place."
ARGUMENTS: Final[Mapping[str, Parameter]] = {**VOCABULARY, "size": SIZE, "page": PAGE}


async def find_documents(asked: Asked, arguments: Arguments) -> Answer:
    """Return the exact total and a page of documents, each with its kind, source, date and validity."""
    pairs, faults = read_arguments(arguments, ARGUMENTS)
    fields, more = read_fields(pairs, ARGUMENTS)
    params = DocumentParams(**{"size": DEFAULT_SIZE, **fields})
    around = asked.services.resolve(params.to_place(), faults=[*faults, *more])
    results = await search_documents(asked.services, DocumentSearch(params, around))
    answer = _answer(asked, results, params, USUAL)
    if len(results.results) <= DEFAULT_SIZE and answer.length > MOST_OF_DEFAULT:
        return _answer(asked, results, params, SHORT)
    return answer


def _answer(asked: Asked, results: DocumentResults, params: DocumentParams, lengths: Lengths) -> Answer:
    lines = list(_head(results, params))
    for each in results.results:
        lines += _lines(each, asked.site, lengths)
    url = asked.site + address(without(to_pairs(params), "size"), PATH)
    told = url if len(url) <= lengths.address else None
    return Answer([*map(visible, lines), *site_lines(told)], _values(results, told, lengths))


def _head(results: DocumentResults, params: DocumentParams) -> Iterator[str]:
    where = f", {results.place.label}" if results.place else ""
    words = f" pour {quote(params.q, LONGEST_WORDS)}" if params.q else ""
    yield f"{wording.counted(results.total, 'document trouvé', 'documents trouvés')}{words}{where}."
    if results.place:
        yield NATIONAL
    if results.understood:
        yield from _understood(results.understood, found=results.total > 0)
    if results.results:
        yield f"Page {results.page} sur {results.pages}. {QUOTED}"
    elif results.total:
        yield f"Cette page est vide : il y en a {results.pages}."


def _understood(words: UnderstoodWords, *, found: bool) -> Iterator[str]:
    if words.corrected:
        yield f"Orthographe corrigée, mots cherchés : {quote(words.words, LONGEST_WORDS)}."
    if words.approximate:
        yield (
            "Aucun document n’a assez de ces mots : ceux-ci en ont une partie, ou des mots proches."
            if found
            else "Aucun document n’a ces mots, ni des mots proches."
        )


def _lines(view: DocumentView, site: str, lengths: Lengths) -> Iterator[str]:
    """Yield a document in at most four lines, its key first."""
    yield f"{plain(view.key, LONGEST_KEY)} {quote(view.title, lengths.title)}"
    source = quote(view.publisher, lengths.name) if view.publisher else None
    facts = [KIND_LABELS.get(view.kind, "Document"), source, told_day(view), validity_warning(view)]
    yield " ; ".join(fact for fact in facts if fact)
    if view.description:
        yield quote(view.description, lengths.line // 2)
    yield site + view.page


def _values(results: DocumentResults, url: str | None, lengths: Lengths) -> dict[str, Any]:
    rows = [
        {
            "key": plain(each.key, LONGEST_KEY), "title": plain(each.title, lengths.title), "kind": each.kind,
            "published": each.published, "validity": each.validity,
        }
        for each in results.results
    ]  # fmt: skip
    return {"total": results.total, "page": results.page, "pages": results.pages, "url": url, "results": rows}
