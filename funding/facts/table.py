"""All facts by name."""

from typing import Final

from funding.facts.fact import Fact
from funding.facts.offer_facts import OFFER_FACTS
from funding.facts.person_facts import PERSON_FACTS

FACTS: Final[dict[str, Fact]] = {fact.name: fact for fact in (*PERSON_FACTS, *OFFER_FACTS)}
PERSON: Final[dict[str, Fact]] = {fact.short: fact for fact in PERSON_FACTS}
