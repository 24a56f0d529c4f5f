"""Converts errors of the engine layer into those of the API: one row per class, counted, with the reason logged.

A failure of the engine is a 503 that names it. Only a request that the engine rejects as invalid is our fault: 500.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from engine import errors as engine_errors
from search_app.base import errors
from search_app.base.metrics import engine_faults

logger = logging.getLogger(__name__)

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


class Told(NamedTuple):
    """Treatment of an error of the engine: its label in ``/metrics`` (empty: no fault), our error, the sentence."""

    label: str
    kind: type[errors.AppError]
    message: str


TOLD: Final[dict[type[engine_errors.EngineError], Told]] = {
    engine_errors.EngineError: Told("failed", errors.EngineFailed, UNABLE),
    engine_errors.EngineUnreachable: Told("unavailable", errors.EngineUnavailable, SILENT),
    engine_errors.EngineTimeout: Told("timeout", errors.EngineTimeout, LATE),
    engine_errors.EngineUnavailable: Told("unavailable", errors.EngineUnavailable, UNABLE),
    engine_errors.EngineBusy: Told("busy", errors.EngineOverloaded, BUSY),
    engine_errors.EngineFull: Told("full", errors.EngineFull, FULL),
    engine_errors.EngineNotFound: Told("", errors.NothingLoaded, NOTHING_LOADED),
    engine_errors.EngineConflict: Told("failed", errors.EngineFailed, UNABLE),
    engine_errors.EngineRefused: Told("refused", errors.EngineRefused, REFUSED),
    engine_errors.EngineFailed: Told("failed", errors.EngineFailed, UNABLE),
    engine_errors.NotStored: Told("not_stored", errors.EngineOverloaded, NOT_STORED),
    engine_errors.BadAnswer: Told("unreadable", errors.EngineUnreadable, UNREADABLE),
    engine_errors.LateAnswer: Told("late", errors.EngineTimeout, STOPPED),
    engine_errors.PartialAnswer: Told("shard", errors.EngineIncomplete, PARTIAL),
    engine_errors.FailedDocument: Told("document", errors.EngineIncomplete, PARTIAL),
}
A_PROXYS_404: Final = Told("unavailable", errors.EngineFailed, UNABLE)  # a 404 of a proxy before the engine
UNLOGGED: Final = (404, 429)  # nothing loaded, too busy: no fault, and reported to the client
# A successful response with unusable content, or with an operation that was not done.
OF_AN_ANSWER: Final = (engine_errors.BadAnswer, engine_errors.NotStored, engine_errors.EngineFull)


@contextmanager
def as_app_errors() -> Iterator[None]:
    """Convert errors of the engine layer that leave the block into those of the API."""
    try:
        yield
    except engine_errors.EngineError as error:
        raise to_app_error(error) from error


def to_app_error(error: engine_errors.EngineError) -> errors.AppError:
    """Return the API's error for one of the engine layer; it is counted, and logged in one line if it is a fault."""
    _log(error)
    told = A_PROXYS_404 if type(error) is engine_errors.EngineFailed and error.status == 404 else TOLD[type(error)]
    if told.label:
        engine_faults.labels(told.label).inc()
    return told.kind(told.message)


def _log(error: engine_errors.EngineError) -> None:
    if error.status is not None:
        if error.status not in UNLOGGED:
            logger.warning("the engine answered %s: %s", error.status, error.told)
    elif isinstance(error, OF_AN_ANSWER):
        reason = " ".join(str(error).split())[: engine_errors.LONGEST_REASON]
        logger.warning("the engine's answer could not be used: %s", reason)
