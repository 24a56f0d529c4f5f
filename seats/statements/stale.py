"""Explains to a sender why a statement was stale: its sequence does not exceed the ledger's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seats.ledger.store import to_figure
from seats.statements.parse import Statement


@dataclass(frozen=True, slots=True)
class StaleReason:
    """The explanation of one line; ``known_sequence`` is the ledger's, ``reason`` is French."""

    line: int
    session: str
    funder: str
    sequence: int
    known_sequence: int
    reason: str


def why_stale(line: int, statement: Statement, known: Mapping[str, Any]) -> StaleReason | None:
    """Return why the ledger kept its figure; None for ordinary cases: a repeat, or an older sequence of the same
    sender.

    Late, repeated and reordered statements are expected. A sequence that the sender did not choose, or used twice, is
    not.
    """
    highest = known["sequence"]
    if statement.sequence > highest or to_figure(known) == to_figure(statement.to_dict()):
        return None
    if statement.is_numbered_by_arrival:
        reason = (
            "ce tableau n’a pas de colonne numero_ordre : l’heure d’arrivée, en millisecondes, en tient lieu, et le "
            "registre a déjà un numéro d’ordre aussi grand. L’horloge du serveur a reculé, ou ce chiffre a été envoyé "
            "avec un numéro : ajoutez une colonne numero_ordre qui va au-delà"
        )
    elif statement.sequence == highest:
        reason = "le registre a déjà ce numéro d’ordre, avec un autre contenu : un numéro ne sert qu’une fois"
    else:
        return None
    return StaleReason(line, statement.session[:200], statement.funder, statement.sequence, highest, reason)
