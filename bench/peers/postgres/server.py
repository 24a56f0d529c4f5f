"""A thin HTTP app over PostgreSQL: ``GET /api/v1/offers`` for the requests of ``bench.kinds``, one process.

``python -m bench.peers.postgres.server DIR --port 8391 --day 2026-11-29``: DIR is that of ``bench.peers setup``.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.peers.packages import load_package
from bench.peers.postgres.cluster import Cluster
from bench.peers.postgres.codes import Codes
from bench.peers.postgres.lists import Lists
from bench.peers.postgres.parameters import Asked, NotAnswered, Values, enough_words, read_request
from bench.peers.postgres.parts import Numbered, numbered
from bench.peers.postgres.statements import STATEMENTS, UNDERSTAND

CONNECTIONS: Final = 8
WIDE: Final = "everything"  # the one statement that gains by parallel workers: elsewhere starting them costs more
SQL: Final = {name: numbered(statement.sql) for name, statement in STATEMENTS.items()}
MEANING: Final = numbered(UNDERSTAND)


@dataclass
class Database:
    """Connections, lent one at a time, and what is read once."""

    narrow: "asyncio.Queue[Any]"
    wide: "asyncio.Queue[Any]"
    codes: Codes
    lists: Lists
    span: int

    async def ask(self, asked: Asked) -> bytes:
        """Return the answer to a request; words take a first round trip for the jobs that they name."""
        connections = self.wide if asked.statement == WIDE else self.narrow
        connection = await connections.get()
        try:
            values = asked.values
            if asked.words is not None:
                query, jobs = await _row(connection, MEANING, {"words": asked.words})
                values = values | {"q": enough_words(query), "jobs": jobs}
            total, numbers, counts, cards, order = await _row(connection, SQL[asked.statement], values)
        finally:
            connections.put_nowait(connection)
        return self.lists.answer(asked, total or 0, (numbers, counts), (cards, order))


async def _row(connection: Any, statement: Numbered, values: Values) -> Any:
    cursor = connection.cursor(binary=True)
    await cursor.execute(statement.sql, [values[name] for name in statement.names], prepare=True)
    return await cursor.fetchone()


async def connect(cluster: Cluster, plans: str) -> Database:
    """Open all connections and read the numbers and labels of values."""
    psycopg = load_package("psycopg")
    narrow: asyncio.Queue[Any] = asyncio.Queue()
    wide: asyncio.Queue[Any] = asyncio.Queue()
    for queue, number, workers in ((narrow, CONNECTIONS, 0), (wide, 2, 2)):
        for _ in range(number):
            connection = await psycopg.AsyncConnection.connect(
                cluster.address(), autocommit=True, cursor_factory=psycopg.AsyncRawCursor
            )
            await connection.execute(f"SET max_parallel_workers_per_gather = {workers}")
            await connection.execute(f"SET plan_cache_mode = {plans}")
            queue.put_nowait(connection)
    rows = await (await connection.execute("SELECT code, facet, value, label FROM facet_code ORDER BY code")).fetchall()
    span = (await (await connection.execute("SELECT span FROM bound")).fetchone())[0]
    found: dict[str, list[str]] = {}
    for _, facet, value, _ in rows:
        found.setdefault(facet, []).append(value)
    codes = Codes.of(found)
    return Database(narrow, wide, codes, Lists(codes, {number: label for number, _, _, label in rows}), span)


def create_app(cluster: Cluster, today: date, plans: str) -> Starlette:
    """Return the app."""

    async def offers(request: Request) -> Response:
        database: Database = request.app.state.database
        try:
            asked = read_request(dict(request.query_params), database.codes, today, database.span)
        except (NotAnswered, KeyError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return Response(await database.ask(asked), media_type="application/json")

    async def ready(_: Request) -> Response:
        return JSONResponse({"status": "ready"})

    routes = [Route("/api/v1/offers", offers), Route("/readyz", ready)]
    return Starlette(routes=routes, lifespan=_lifespan(cluster, plans))


def _lifespan(cluster: Cluster, plans: str) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.database = await connect(cluster, plans)
        yield

    return lifespan


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers.postgres.server", description=__doc__)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--port", type=int, default=8391)
    parser.add_argument("--day", type=date.fromisoformat, default=date.today())
    parser.add_argument("--plans", default="auto", choices=("auto", "force_generic_plan", "force_custom_plan"))
    options = parser.parse_args()
    cluster = Cluster(options.dir.resolve())
    app = create_app(cluster, options.day, options.plans)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
