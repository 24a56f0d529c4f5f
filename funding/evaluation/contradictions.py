"""What an offer or a person says that cannot be true together: said, and never guessed."""

from collections.abc import Iterator
from typing import Final

from funding.facts.offer import OfferFacts
from funding.facts.person import Person

EMPLOYED: Final = ("employee", "public_agent")
DOUBTFUL: Final = "L’offre se dit non conventionnée et nomme pourtant un financeur public : à vérifier avec l’organisme"
WITHOUT_WORK: Final = "Un contrat de travail et une situation sans emploi"
WITHOUT_CSP: Final = "Une date de début de CSP et une autre situation que le CSP"
WITHOUT_ARE: Final = "La durée de l’ARE et une autre allocation que l’ARE"
TOO_YOUNG: Final = "L’âge et la situation ne vont pas ensemble"


def find_contradictions(person: Person, offer: OfferFacts) -> Iterator[str]:
    """Yield each contradiction as a French sentence; facts of the person are not repeated."""
    if offer.is_doubtful():
        yield DOUBTFUL
    # A CDDI and a PEC may go with being registered: France Travail follows these people.
    if person.contract in ("cdi", "cdd", "temp") and person.status not in (None, *EMPLOYED):
        yield WITHOUT_WORK
    if person.csp_since is not None and person.status not in (None, "csp"):
        yield WITHOUT_CSP
    if person.allowance_outlasts is not None and person.allowance not in (None, "are"):
        yield WITHOUT_ARE
    if person.age == "15" and person.status in ("csp", "military", "public_agent"):
        yield TOO_YOUNG
