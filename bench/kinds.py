"""The measured kinds of request; values are drawn anew each time, so that no cache can answer."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Drawn = dict[str, str]

WORDS = (
    "soudeur", "soudage industriel", "anglais professionnel", "secrétaire médicale", "aide soignant",
    "cuisinier", "agent de sécurité", "conducteur routier", "comptabilité", "développeur web",
    "gestion de projet", "maçon", "électricien", "plombier chauffagiste", "vente en magasin", "management",
    "petite enfance", "coiffure", "logistique", "ressources humaines", "marketing digital",
    "mécanique automobile", "boulanger pâtissier", "infirmier", "paysagiste", "animation sportive",
    "immobilier", "assistante de direction", "bureautique", "maintenance industrielle", "peintre", "menuisier",
    "commerce international", "tourisme", "bâtiment", "informatique réseau", "audit", "communication",
    "aide à domicile", "hôtellerie", "viticulture", "élevage", "banque assurance", "qualité sécurité",
    "design graphique",
)  # fmt: skip
TOWNS = (
    (43.929, 2.132), (43.605, 1.444), (48.857, 2.351), (45.758, 4.832), (43.296, 5.370), (50.637, 3.063),
    (48.573, 7.752), (44.838, -0.579), (47.218, -1.554), (48.112, -1.680), (43.611, 3.877), (43.703, 7.266),
    (45.188, 5.725), (47.322, 5.041), (49.443, 1.099), (49.182, -0.370), (45.834, 1.262), (45.777, 3.083),
    (47.394, 0.685), (47.903, 1.909), (46.580, 0.340), (48.692, 6.184), (49.258, 4.032), (49.894, 2.296),
    (42.699, 2.895), (43.295, -0.371), (48.390, -4.486), (47.237, 6.024),
)  # fmt: skip


class Values:
    """Values of parameters, from the app's own facets."""

    def __init__(self, facets: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.codes = {name: [row["value"] for row in rows if row["count"]][:20] for name, rows in facets.items()}

    def draw(self, rng: random.Random, name: str) -> str:
        """Return one of the more frequent values, weighted by frequency."""
        return str(rng.choice(self.codes[name][: rng.randint(1, len(self.codes[name]))]))


def words(rng: random.Random) -> Drawn:
    """Return one or two words."""
    first, second = rng.sample(WORDS, 2)
    return {"q": first if rng.random() < 0.6 else f"{first} {second.split()[0]}"}


def window(rng: random.Random, today: date) -> Drawn:
    """Return some weeks in which a session starts."""
    begins = today + timedelta(days=rng.randint(-60, 240))
    return {"start_from": begins.isoformat(), "start_to": (begins + timedelta(days=rng.randint(20, 45))).isoformat()}


def radius(rng: random.Random) -> Drawn:
    """Return a circle around a place near a town."""
    lat, lon = rng.choice(TOWNS)
    return {
        "lat": f"{lat + rng.uniform(-0.1, 0.1):.4f}",
        "lon": f"{lon + rng.uniform(-0.1, 0.1):.4f}",
        "radius": rng.choice(("20", "30", "40")),
    }


def _seats(rng: random.Random) -> Drawn:
    return {"seats": str(rng.choice((1, 1, 2, 3)))}


def no_condition(rng: random.Random) -> Drawn:
    """No condition; the page's length varies so that bodies differ."""
    return {"size": str(rng.randint(15, 25)), "facet_size": str(rng.randint(80, 120))}


def kinds(values: Values, today: date) -> dict[str, Callable[[random.Random], Drawn]]:
    """Return the measured kinds by name; every request asks for all facets."""

    def codes(rng: random.Random, *names: str) -> Drawn:
        return {name: values.draw(rng, name) for name in names}

    return {
        "words": words,
        "words + start + seats": lambda rng: words(rng) | window(rng, today) | _seats(rng),
        "words + region + level + funder + seats": lambda rng: (
            {"q": rng.choice(WORDS).split()[0]} | codes(rng, "region", "level", "funder") | {"seats": "1"}
        ),
        "radius + start + seats": lambda rng: radius(rng) | window(rng, today) | _seats(rng),
        "radius + start + funder + seats": lambda rng: (
            radius(rng) | window(rng, today) | codes(rng, "funder") | _seats(rng)
        ),
        "start + funder + seats, whole country": lambda rng: window(rng, today) | codes(rng, "funder") | _seats(rng),
        "no condition at all": no_condition,
    }
