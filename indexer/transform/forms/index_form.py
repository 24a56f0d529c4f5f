"""Converts the index form to the shape of LHEO 2: resumes, one per session, become one action."""

from collections.abc import Sequence
from typing import Final

from indexer.sources.identifiers import action_of_resume
from indexer.transform.leftovers import set_down_unread
from indexer.transform.tree import NO_ATTRIBUTES, Node

ADDRESS: Final = ("codepostal", "code-INSEE-commune", "ville", "departement", "region")
TRAINING: Final = ("intitule-formation", "certifiante", "code-niveau-entree")
ACTION: Final = ("modalites-enseignement", "nombre-heures-total", "prise-en-charge-frais-possible")
EXTRA_TRAINING: Final = ("code-niveau-sortie",)
EXTRA_ACTION: Final = ("conventionnement", "modalites-entrees-sorties", "niveau-entree-obligatoire")
EXTRAS: Final = ("extras:lheo", "extras:complements")  # extras; the first one to state a value takes precedence


def to_lheo2(resumes: Sequence[Node]) -> Node:
    """Return the formation with one action for its resumes; the first one provides the fields of the action.

    Resumes are sorted by number, because their order in the document may change every night.
    """
    resumes = sorted(resumes, key=lambda resume: resume.attributes.get("numero", ""))
    first = resumes[0]
    told = frozenset(set_down_unread(first, ""))
    number = first.attributes.get("numero", "").strip()
    action = Node(
        _texts(first, ACTION) | _extras(first, EXTRA_ACTION),
        {
            "code-public-vise": first.all("code-public-vise"),
            "lieu-de-formation": [_place(resume) for resume in resumes],
            "session": [session for resume in resumes for session in _sessions(resume)],
        },
        {"numero": action_of_resume(number)} if number else NO_ATTRIBUTES,
    )
    boxes = {
        "domaine-formation": first.all("domaine-formation"),
        "certification": first.all("certification"),
        "organisme-formation-responsable": [_provider(first)],
        "contact-formation": [_contact(node) for node in first.all("contact-formation-resume")],
        "action": [action],
    }
    others = [row for resume in resumes for row in resume.others]
    others += [row for resume in resumes[1:] for row in set_down_unread(resume, "") if _differs(row, told)]
    return Node(_texts(first, TRAINING) | _extras(first, EXTRA_TRAINING), boxes, NO_ATTRIBUTES, others)


def _differs(row: tuple[str, str], told: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a text of a later resume differs from the first one; the place belongs to its session."""
    return row not in told and not row[0].startswith("geolocalisation/")


def _texts(node: Node, names: Sequence[str]) -> dict[str, list[str]]:
    return {name: node.take(name) for name in names if name in node.texts}


def _extras(node: Node, names: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for box in (box for wrapper in EXTRAS for box in node.all(wrapper)):
        for name in names:
            if values := box.take(f"extra:{name}"):
                found.setdefault(name, []).extend(values)
    return found


def _place(resume: Node) -> Node:
    geolocation = {"extras:geolocalisation": resume.all("extras:geolocalisation")}
    address = Node(_texts(resume, ADDRESS), geolocation)
    return Node(boxes={"coordonnees": [Node(boxes={"adresse": [address]})]})


def _provider(resume: Node) -> Node:
    return Node(_texts(resume, ("nom-organisme",)), {"SIRET-organisme-formation": [Node(_texts(resume, ("SIRET",)))]})


def _contact(node: Node) -> Node:
    coordinates = Node(_texts(node, ("nom", "courriel")), {"telfixe": node.all("telfixe")})
    return Node(_texts(node, ("type-contact",)), {"coordonnees": [coordinates]})


def _sessions(resume: Node) -> list[Node]:
    """Give the first session of a resume the resume's number, which includes that of the session."""
    sessions = resume.all("session")
    number = resume.attributes.get("numero", "").strip()
    if sessions and number and action_of_resume(number) != number and "numero" not in sessions[0].attributes:
        sessions[0].attributes = {**sessions[0].attributes, "numero": number}
    return sessions
