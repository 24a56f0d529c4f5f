"""``python -m bench.app.connection``: CPU of one engine call with our connection and with the library's own.

A server in another process answers every request with the same JSON, of the size of a search answer. Measured is the
CPU of this process for a call whose answer is parsed into the structures of a search: the minimum of several rounds,
both connections in turns.
"""

import argparse
import asyncio
import multiprocessing
import sys
import time
from multiprocessing.connection import Connection as Pipe
from typing import Any

import orjson
from opensearchpy import AIOHttpConnection, AsyncOpenSearch

from bench.tables import table
from engine.byte_connection import ByteConnection
from engine.connection import Connection
from search_app.search.stored import read_answer

PLACE = {"town": "Albi", "postal_code": "81000", "department": "81", "region": "76", "lat": 43.9, "lon": 2.1}
SESSION = {"key": "0123456789abcdef", "start": "2026-12-01", "start_last": "2026-12-01", "end": "2027-03-01"}
OFFER = {
    "id": "AF_1",
    "key": "0123456789abcdef",
    "training_key": "fedcba9876543210",
    "title": "Soudage à l’arc électrique",
    "source": "one",
    "places": [PLACE],
    "sessions": [{"id": f"SE_{n}", **SESSION} for n in range(8)],
}


def answer_of(offers: int) -> bytes:
    """Return the answer to a search with that many offers."""
    hits = [{"_source": OFFER, "_score": 1.0} for _ in range(offers)]
    shards = {"total": 1, "successful": 1, "failed": 0}
    found = {"total": {"value": offers}, "hits": hits}
    return orjson.dumps({"took": 1, "timed_out": False, "_shards": shards, "hits": found})


def serve(answer: bytes, pipe: Pipe) -> None:
    """Answer every request of kept-alive connections; send back the port."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=UTF-8\r\ncontent-length: %d\r\n\r\n"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.readuntil(b"\r\n\r\n"):
            _, _, rest = asked.lower().partition(b"content-length: ")
            if rest:
                await reader.readexactly(int(rest.partition(b"\r")[0]))
            writer.write(head % len(answer) + answer)

    async def listen() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())


async def measure(port: int, calls: int, rounds: int) -> dict[str, float]:
    """Return the minimum CPU of a call in ms, by the name of the connection."""
    options = Connection([f"http://127.0.0.1:{port}"]).options()
    kinds: dict[str, Any] = {"the library's": AIOHttpConnection, "ours": ByteConnection}
    clients = {name: AsyncOpenSearch(**options, connection_class=kind) for name, kind in kinds.items()}
    least = dict.fromkeys(kinds, float("inf"))
    for _ in range(rounds):
        for name, client in clients.items():
            began = time.process_time_ns()
            for _ in range(calls):
                read_answer(await client.transport.perform_request("POST", "/x/_search", body={"size": 20}))
            least[name] = min(least[name], (time.process_time_ns() - began) / 1e6 / calls)
    for client in clients.values():
        await client.close()
    return least


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, nargs="+", default=[0, 20, 100], help="hits of the answers")
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9, help="of which the least counts")
    options = parser.parse_args()
    rows = []
    for offers in options.offers:
        answer, (here, there) = answer_of(offers), multiprocessing.Pipe()
        server = multiprocessing.Process(target=serve, args=(answer, there), daemon=True)
        server.start()
        least = asyncio.run(measure(here.recv(), options.calls, options.rounds))
        server.terminate()
        rows.append([f"{len(answer) / 1000:.0f} kB", *(f"{spent:.3f}" for spent in least.values())])
    print(table(["CPU ms a call", "the library's connection", "ours"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
