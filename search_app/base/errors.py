"""The one tree of errors that a reader of the API or of a page can meet; each has a stable code and a status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPMethod
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong parameter: name, value given (cut at 100 characters), what is allowed, a French sentence.

    ``plain`` is the sentence for readers of pages, without names and codes of the API; empty where ``message`` will do.
    ``nearest`` are values that may have been meant; the message names them too.
    """

    parameter: str
    value: str
    allowed: str
    message: str
    plain: str = ""
    nearest: tuple[str, ...] = ()

    def to_json(self) -> dict[str, str]:
        """Return what the API tells."""
        return {"parameter": self.parameter, "value": self.value, "allowed": self.allowed, "message": self.message}


class AppError(Exception):
    """Base of the tree; ``message`` is French and for readers."""

    status = 500
    code = "internal"
    retry_after: int | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def to_json(self) -> dict[str, Any]:
        """Return the one JSON shape that every error has."""
        return {"error": {"code": self.code, "message": self.message}}

    def headers(self) -> dict[str, str]:
        """Return the headers of the answer; an error is never kept."""
        headers = {"Cache-Control": "no-store"}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return headers


class BadParameters(AppError):
    """At least one parameter is wrong; carries every fault."""

    status = 400
    code = "bad_parameters"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "Un paramètre est incorrect." if len(faults) == 1 else f"{len(faults)} paramètres sont incorrects."
        )
        self.faults = tuple(faults)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON shape of an error, with the faults."""
        body = super().to_json()
        body["error"]["faults"] = [fault.to_json() for fault in self.faults]
        return body


class PrivateParameters(BadParameters):
    """The address tells the situation of a person; the faults name its parameters and repeat no value."""

    def headers(self) -> dict[str, str]:
        """Return the headers of the answer; what is loaded by its page is not told this address."""
        return super().headers() | {"Referrer-Policy": "no-referrer"}


class OtherHost(AppError):
    """The request names a host that is not the site's."""

    status = 421
    code = "other_host"


class OtherOrigin(AppError):
    """The request comes from a page of another site."""

    status = 403
    code = "other_origin"


class BadForm(AppError):
    """What was posted is no JSON object, no form, or a table of statements that lacks the columns needed."""

    status = 400
    code = "bad_form"


class Unauthorized(AppError):
    """A token is missing, wrong or was withdrawn."""

    status = 401
    code = "unauthorized"

    def headers(self) -> dict[str, str]:
        """Return the headers of the answer, with the way to say who one is."""
        return super().headers() | {"WWW-Authenticate": "Bearer"}


class UnsupportedForm(AppError):
    """The body is of a kind that is not taken here."""

    status = 415
    code = "unsupported_form"


class UnsupportedFormat(AppError):
    """The answer is not made in the format that was asked for."""

    status = 501
    code = "unsupported_format"


class TooSlow(AppError):
    """The body came in too slowly."""

    status = 408
    code = "too_slow"

    def headers(self) -> dict[str, str]:
        """Return the headers of the answer, with word that nothing more is read."""
        return super().headers() | {"Connection": "close"}


class NotFound(AppError):
    """There is nothing at this address."""

    status = 404
    code = "not_found"


class UnknownOffer(NotFound):
    """No offer is known at this address, and none that was removed."""


class MethodNotAllowed(AppError):
    """The address exists but does not take this method; ``allowed`` are those that it takes, at least one.

    They are members of HTTPMethod, so that no text can be taken for them: a text is a sequence, too, of its letters.
    """

    status = 405
    code = "method_not_allowed"

    def __init__(self, allowed: Iterable[HTTPMethod]) -> None:
        *others, last = sorted(HTTPMethod(method).value for method in allowed)
        named = f"seuls {', '.join(others)} et {last} sont acceptés" if others else f"seul {last} est accepté"
        super().__init__(f"Méthode non autorisée : {named}.")
        self.allowed = (*others, last)

    def headers(self) -> dict[str, str]:
        """Return the headers of the answer, with the methods that the address takes."""
        return super().headers() | {"Allow": ", ".join(self.allowed)}


class RequestTooLarge(AppError):
    """The address or the body is longer than the limit."""

    status = 413
    code = "too_large"


class TooManyRequests(AppError):
    """The client asked more often than the rate limit allows."""

    status = 429
    code = "too_many_requests"
    retry_after = 1


class BadRequest(AppError):
    """What came in is no HTTP request."""

    status = 400
    code = "bad_request"


class HeadTooLarge(AppError):
    """Request line and headers together are longer than the limit, or the headers are too many."""

    status = 431
    code = "head_too_large"


class HeadTooSlow(AppError):
    """The head of a request did not come in whole in time."""

    status = 408
    code = "head_too_slow"


class ConnectionsFull(AppError):
    """This process answers as many connections as it may."""

    status = 503
    code = "connections_full"
    retry_after = 5


class StreamsFull(AppError):
    """This process holds as many streams as it may, or is about to end."""

    status = 503
    code = "streams_full"
    retry_after = 30


class ExportsFull(AppError):
    """As many exports are open as this process or the engine takes; searches are answered as ever."""

    status = 503
    code = "exports_full"
    retry_after = 10


class EngineError(AppError):
    """The engine did not answer in full, so there is no answer at all."""

    status = 503
    code = "engine_unavailable"
    retry_after = 5


class EngineUnavailable(EngineError):
    """The engine cannot be reached."""


class EngineTimeout(EngineError):
    """The engine did not answer in time."""

    code = "engine_timeout"


class EngineIncomplete(EngineError):
    """A shard failed: counts and hits would be wrong, so they are not shown."""

    code = "engine_incomplete"


class EngineOverloaded(EngineError):
    """The engine refuses work for now."""

    code = "engine_overloaded"


class EngineFull(EngineError):
    """The engine refuses to write: its disk is full, or its indices were made read-only."""

    code = "engine_full"
    retry_after = 60


class EngineUnreadable(EngineError):
    """The engine, or something between it and us, answered what is no answer to the request."""

    code = "engine_unreadable"


class EngineFailed(EngineError):
    """The engine failed on a request (500), or does not let us in (401, 403)."""

    code = "engine_failed"


class NothingLoaded(EngineError):
    """The engine answers but holds no catalogue yet."""

    code = "nothing_loaded"


class OtherShape(EngineError):
    """The offers index was made by another version of the indexer: this one would search it wrongly."""

    code = "other_shape"
    retry_after = 60


class EngineRefused(AppError):
    """The engine refused a request of ours as wrong (400): a fault of this program, which repeating does not mend."""

    code = "engine_refused"
