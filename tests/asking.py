"""Asks for every face of stored offers, and tells what is wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from engine.fake.source import Cut
from indexer.offers.gone import FIELDS
from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.faces import AT_ONCE, CALENDARS, FRAMES, GONE, GONE_OF_MANY, OF_MANY, OFFER, PAGE, TODAY, Face, calendar_at
from tests.fake_engine import Documents, fake_engine
from tests.stored_offers import Document

NAMES = ("id", "key", "title", "training_key")
Alone = Callable[[Document], httpx.AsyncClient]


def problems_of(documents: Sequence[Document]) -> list[str]:
    """Return what is wrong with the faces of offers over an engine in memory: each with the face and the number."""
    with asyncio.Runner() as runner:
        return [
            told
            for start in range(0, len(documents), AT_ONCE)
            for told in runner.run(_problems(documents[start : start + AT_ONCE]))
        ]


def answers_of(documents: Sequence[Document], *addresses: str) -> list[str]:
    """Return what addresses answer over an engine in memory that holds these offers."""

    async def ask() -> list[str]:
        async with _browser(documents) as browser:
            return [(await browser.get(address)).raise_for_status().text for address in addresses]

    return asyncio.run(ask())


async def _problems(documents: Sequence[Document]) -> list[str]:
    # What is kept of a gone offer is little: most that differ in one field are the same.
    kept = {repr([value for name, value in _kept(each).items() if name not in NAMES]): each for each in documents}
    async with _browser(documents) as live, _browser([], documents) as later:
        found = await ask_live(live, documents, lambda each: _browser([each]))
        return found + await ask_gone(later, list(kept.values()))


def _kept(document: Document) -> Document:
    """Return what the indexer keeps of an offer that is gone."""
    return Cut(FIELDS.split(","))(document)


def _browser(live: Sequence[Document], gone: Sequence[Document] = ()) -> httpx.AsyncClient:
    kept = [{"removed_at": "2026-11-20T04:00:00+00:00", "offer": _kept(each)} for each in gone]
    settings = Settings(today=TODAY)
    return browser_of(create_app(settings, fake_engine(Documents(live, kept), settings)))


def browser_of(app: Any) -> httpx.AsyncClient:
    """Return a client of an app; what the app raises comes out of it."""
    headers = {"Accept-Encoding": "identity"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver", headers=headers)


async def ask_live(
    browser: httpx.AsyncClient, documents: Sequence[Document], alone: Alone | None = None, *, all_match: bool = True
) -> list[str]:
    """Return what is wrong with the faces of offers that are live.

    ``all_match``: every search finds them, whatever it asks for. What fails for many is asked for each ``alone``.
    """
    found: list[str] = []
    for face in OF_MANY:
        shows_all = face.shows_all and (all_match or not face.narrowed)
        together = (await _get(browser, face, documents, shows_all=shows_all))[0]
        found += (await _told_apart(face, documents, alone) if together and alone else []) or together
    for document in documents:
        found += (await _get(browser, OFFER, [document]))[0]
        for frame in FRAMES:
            found += (await _get(browser, frame, [document]))[0]
        problems, page = await _get(browser, PAGE, [document])
        found += problems
        for address in dict.fromkeys(CALENDARS.findall(page)):
            found += (await _get(browser, calendar_at(address.decode()), [document]))[0]
    return found


async def ask_gone(browser: httpx.AsyncClient, documents: Sequence[Document]) -> list[str]:
    """Return what is wrong with the faces of offers that are gone."""
    found: list[str] = []
    for face in GONE_OF_MANY:
        found += (await _get(browser, face, documents))[0]
    for document in documents:
        found += (await _get(browser, GONE, [document]))[0]
    return found


async def _told_apart(face: Face, documents: Sequence[Document], alone: Alone) -> list[str]:
    found: list[str] = []
    for each in documents:
        async with alone(each) as browser:
            found += (await _get(browser, face, [each]))[0]
    return found


async def _get(
    browser: httpx.AsyncClient, face: Face, documents: Sequence[Document], *, shows_all: bool | None = None
) -> tuple[list[str], bytes]:
    """Return what is wrong with an answer, and the answer."""
    keys = [document["key"] for document in documents]
    about = f"{face.name}, {documents[0]['id'] if len(documents) == 1 else len(documents)}"
    try:
        answer = await browser.get(face.path(".".join(keys)))
        if answer.status_code != face.status:
            return [f"{about}: {answer.status_code} {answer.text[:200]}"], b""
        told = [*face.check(answer.content)]
    except Exception as error:
        return [f"{about}: {type(error).__name__}: {str(error)[:300]}"], b""
    if face.shows_all if shows_all is None else shows_all:
        told += [f"{key} is not in it" for key in keys if key.encode() not in answer.content]
    return [f"{about}: {each}" for each in told], answer.content
