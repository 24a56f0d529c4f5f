"""The index form into the shape of LHEO 2: resumes, one for each session, into one action."""

from collections.abc import Sequence

from indexer.sources.identifiers import action_of_resume
from indexer.transform.tree import NO_ATTRIBUTES, Node

ADDRESS = ("codepostal", "code-INSEE-commune", "ville", "departement", "region", "extras:geolocalisation")
TRAINING = ("domaine-formation", "intitule-formation", "certifiante", "code-niveau-entree", "certification")
ACTION = ("code-public-vise", "modalites-enseignement", "nombre-heures-total", "prise-en-charge-frais-possible")
EXTRA_TRAINING = ("code-niveau-sortie",)
EXTRA_ACTION = ("conventionnement", "modalites-entrees-sorties", "niveau-entree-obligatoire")
EXTRAS = ("extras:complements", "extras:lheo")


def to_lheo2(resumes: Sequence[Node]) -> Node:
    """Return the formation with its one action that the resumes stand for; the first one speaks for all of them."""
    first = resumes[0]
    training = _pick(first, TRAINING) | _extras(first, EXTRA_TRAINING)
    training["organisme-formation-responsable"] = [_provider(first)]
    training["contact-formation"] = [_contact(node) for node in first.all("contact-formation-resume")]
    action = _pick(first, ACTION) | _extras(first, EXTRA_ACTION)
    action["lieu-de-formation"] = [_wrap("coordonnees", _place(resume)) for resume in resumes]
    action["session"] = [session for resume in resumes for session in _sessions(resume)]
    number = first.attributes.get("numero", "").strip()
    attributes = {"numero": action_of_resume(number)} if number else NO_ATTRIBUTES
    training["action"] = [Node(None, attributes, action)]
    return Node(None, NO_ATTRIBUTES, training, [row for resume in resumes for row in resume.others])


def _pick(node: Node, names: Sequence[str]) -> dict[str, list[Node]]:
    return {name: node.children[name] for name in names if name in node.children}


def _extras(node: Node, names: Sequence[str]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for wrapper in EXTRAS:
        for name in names:
            values = node.inside(wrapper).all(f"extra:{name}")
            if values:
                found[name] = values
    return found


def _wrap(name: str, node: Node) -> Node:
    return Node(None, NO_ATTRIBUTES, {name: [node]})


def _place(resume: Node) -> Node:
    return _wrap("adresse", Node(None, NO_ATTRIBUTES, _pick(resume, ADDRESS)))


def _provider(resume: Node) -> Node:
    siret = Node(None, NO_ATTRIBUTES, _pick(resume, ("SIRET",)))
    return Node(None, NO_ATTRIBUTES, _pick(resume, ("nom-organisme",)) | {"SIRET-organisme-formation": [siret]})


def _contact(node: Node) -> Node:
    coordinates = Node(None, NO_ATTRIBUTES, _pick(node, ("nom", "telfixe", "courriel")))
    return Node(None, NO_ATTRIBUTES, _pick(node, ("type-contact",)) | {"coordonnees": [coordinates]})


def _sessions(resume: Node) -> list[Node]:
    """Give the first session of a resume the resume's number, which holds that of the session."""
    sessions = resume.all("session")
    number = resume.attributes.get("numero", "").strip()
    if sessions and number and action_of_resume(number) != number and "numero" not in sessions[0].attributes:
        sessions[0].attributes = {**sessions[0].attributes, "numero": number}
    return sessions
