"""What a failure of the engine is called: one error of our own for each kind, counted, with the engine's reason logged.

Its own fault, whatever it is, is a 503 that names the engine. Only a request that it calls wrong (400) is ours: 500.
"""

import logging
from typing import Any, Final, TypeVar

from opensearchpy import exceptions as client_errors

from engine.answers import BadAnswer, FailedDocument, LateAnswer, PartialAnswer, is_no_room
from search_app.base import errors
from search_app.base.metrics import engine_faults
from seats.ledger.store import NoRoom, SeatsNotStored

logger = logging.getLogger(__name__)
Raised = TypeVar("Raised", bound=errors.AppError)

AWAY: Final = frozenset((502, 503, 504))  # nobody could answer
OURS: Final = frozenset((400, 405, 413))  # of a request that is wrong whenever it is sent
LONGEST_REASON: Final = 300  # characters of the engine's words in the log

SILENT: Final = "Le moteur de recherche ne répond pas. Réessayez dans un instant."
UNABLE: Final = "Le moteur de recherche ne peut pas répondre. Réessayez dans un instant."
LATE: Final = "Le moteur de recherche n’a pas répondu à temps. Réessayez dans un instant."
STOPPED: Final = "Le moteur de recherche a mis trop de temps. Réessayez, ou ajoutez un critère."
PARTIAL: Final = (
    "Une partie du moteur de recherche ne répond pas : la réponse serait incomplète. Réessayez dans un instant."
)
UNREADABLE: Final = "La réponse du moteur de recherche est illisible. Réessayez dans un instant."
BUSY: Final = "Le moteur de recherche a trop à faire. Réessayez dans un instant."
FULL: Final = "Le moteur de recherche n’a plus de place pour écrire. Rien n’est perdu : envoyez de nouveau plus tard."
NOT_STORED: Final = "Le moteur de recherche n’a pas pu enregistrer ces places. Envoyez-les de nouveau."
NOTHING_LOADED: Final = "Aucun catalogue n’est encore chargé dans le moteur de recherche."
REFUSED: Final = "Cette recherche n’a pas pu être faite."


def fault_of(error: BadAnswer | SeatsNotStored) -> errors.EngineError:
    """Return the error for an answer that cannot be used, or that says that something was not stored; it is logged."""
    logger.warning("the engine's answer could not be used: %s", " ".join(str(error).split())[:LONGEST_REASON])
    match error:
        case NoRoom():
            return _counted("full", errors.EngineFull(FULL))
        case SeatsNotStored():
            return _counted("not_stored", errors.EngineOverloaded(NOT_STORED))
        case LateAnswer():
            return _counted("late", errors.EngineTimeout(STOPPED))
        case FailedDocument():
            return _counted("document", errors.EngineIncomplete(PARTIAL))
        case PartialAnswer():
            return _counted("shard", errors.EngineIncomplete(PARTIAL))
    return _counted("unreadable", errors.EngineUnreadable(UNREADABLE))


def to_app_error(error: client_errors.OpenSearchException) -> errors.AppError:
    """Turn any exception of the client library into one of our own; the reason of a status is logged."""
    if isinstance(error, client_errors.ConnectionTimeout):
        return _counted("timeout", errors.EngineTimeout(LATE))
    if isinstance(error, client_errors.ConnectionError):
        return _counted("unavailable", errors.EngineUnavailable(SILENT))
    status = error.status_code if isinstance(error, client_errors.TransportError) else None
    if not isinstance(status, int):
        return _counted("failed", errors.EngineFailed(UNABLE))
    assert isinstance(error, client_errors.TransportError)
    log_refusal(status, error.info)
    return error_of_status(status, error.info)


def error_of_status(status: int, info: Any) -> errors.AppError:
    """Return the error that a status of the engine stands for; ``info`` is the body of its answer, if it was JSON."""
    told = info.get("error") if isinstance(info, dict) else None
    kind = told.get("type") if isinstance(told, dict) else None
    if is_no_room(status, kind):
        return _counted("full", errors.EngineFull(FULL))
    if status == 404:
        if isinstance(info, dict) and info:  # the engine says what is missing; a proxy's 404 is not of the engine
            return errors.NothingLoaded(NOTHING_LOADED)
        return _counted("unavailable", errors.EngineFailed(UNABLE))
    if status == 429:
        return _counted("busy", errors.EngineOverloaded(BUSY))
    if status in AWAY:
        return _counted("unavailable", errors.EngineUnavailable(UNABLE))
    if status in OURS:
        return _counted("refused", errors.EngineRefused(REFUSED))
    return _counted("failed", errors.EngineFailed(UNABLE))


def _counted(kind: str, error: Raised) -> Raised:
    engine_faults.labels(kind).inc()
    return error


def log_refusal(status: int, info: Any) -> None:
    """Log one line with the engine's reason for a status that is a fault of a request or of the engine.

    ``info`` is the body of its answer; of it only type and reason are told, cut, on one line.
    """
    if status in (404, 429):  # nothing loaded, too much to do: no fault, and told to the reader
        return
    error = info.get("error") if isinstance(info, dict) else None
    if not isinstance(error, dict):
        error = {}
    causes = error.get("root_cause") or [error]  # the outer reason of a search is "all shards failed"
    kind, reason = causes[0].get("type") or error.get("type"), causes[0].get("reason") or error.get("reason")
    told = " ".join(f"{kind}: {reason}".split())[:LONGEST_REASON] if kind else "no reason given"
    logger.warning("the engine answered %s: %s", status, told)
