"""Middleware around every route: address limit, rate limit, security headers, metrics; pure ASGI, without buffering."""

import math
import time
from collections.abc import Iterable

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_app.base.errors import AppError, RequestTooLarge, TooManyRequests
from search_app.base.metrics import count_answer
from search_app.base.private import private_fault
from search_app.base.rates import RateLimiter
from search_app.web.error_answers import handle_unexpected, to_response
from search_app.web.health import PROBES
from search_app.web.policies import headers_by_path

LONGEST_ADDRESS = 32_768  # bytes of path and query: shorter ones get faults by the parameter's name
API, OFFERS, SEARCH = "/api/", "/api/v1/offers/", "/api/v1/offers/search"


class PublicApi:
    """ASGI middleware: allows scripts of other sites to read the API, to ask it about a person, and nothing else."""

    def __init__(self, app: ASGIApp, tiles_origin: str = "", ancestors: str = "*") -> None:
        self.headers_of = headers_by_path(tiles_origin, ancestors)
        exposed = ["Age", "ETag", "Retry-After", "Content-Disposition", "X-Total-Count"]
        self.app = app
        self._reading = CORSMiddleware(
            app, ["*"], ["GET", "HEAD"], allow_headers=["If-None-Match"], expose_headers=exposed
        )
        # A JSON body is no simple request: browsers ask first, and need Content-Type among the headers.
        self._asking = CORSMiddleware(
            app, ["*"], ["GET", "HEAD", "POST"], allow_headers=["Content-Type"], expose_headers=exposed
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        public = scope["type"] == "http" and scope["path"].startswith(API)
        if not public:
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":  # an answer to a browser that asks first comes from no route
                add_headers(message, self.headers_of(scope["path"], scope["method"]))
            await send(message)

        app = self._asking if takes_posts(scope["path"]) else self._reading
        await app(scope, receive, send_with_headers if scope["method"] == "OPTIONS" else send)


def add_headers(message: Message, usual: Iterable[tuple[bytes, bytes]]) -> None:
    """Add those headers to the start of an answer that it does not have."""
    given = {name for name, _ in message["headers"]}
    message["headers"] = [*message["headers"], *(row for row in usual if row[0] not in given)]


def takes_posts(path: str) -> bool:
    """Tell whether other sites may post to a path of the API: a search with a person, and an offer's verdicts."""
    return path == SEARCH or (path.startswith(OFFERS) and path.endswith("/funding"))


class GuardMiddleware:
    """ASGI middleware: refuses requests over a limit, adds the security headers and counts responses."""

    def __init__(self, app: ASGIApp, rate_limit: float, tiles_origin: str = "", ancestors: str = "*") -> None:
        self.app = app
        self.headers_of = headers_by_path(tiles_origin, ancestors)
        self.limiter = RateLimiter(rate_limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        begun = time.perf_counter()
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                count_answer(scope, message["status"], time.perf_counter() - begun)
                add_headers(message, self.headers_of(scope["path"], scope["method"]))
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            try:
                await self.app(scope, receive, send_with_headers)
            except Exception as error:
                if not started:  # Starlette would answer outside of this middleware: without headers, and uncounted
                    answer = await handle_unexpected(Request(scope, receive), error)
                    await answer(scope, receive, send_with_headers)
                raise
            return
        await to_response(Request(scope, receive), refusal)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> AppError | None:
        private = private_fault(scope["query_string"])
        if private is not None:
            return private
        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return RequestTooLarge(f"Cette adresse est trop longue ({LONGEST_ADDRESS} octets au plus).")
        if scope["path"] in PROBES:  # monitoring must not be locked out
            return None
        client = scope.get("client")
        wait = self.limiter.wait_for(client[0] if client else "", time.monotonic())
        if wait:
            refusal = TooManyRequests("Trop de requêtes. Réessayez dans un instant.")
            refusal.retry_after = math.ceil(wait)
            return refusal
        return None
