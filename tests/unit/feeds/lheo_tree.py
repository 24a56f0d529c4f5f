"""The elements of LHEO as a tree, with the kind of value that each one holds, and records made of all of them.

``BOXES`` names the children of each element that holds others, an asterisk after those that may come several times.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from mappings.codes import lheo_table

BOXES: Final = {
    "domaine-formation": "code-FORMACODE* code-NSF* code-ROME*",
    "contact-formation": "type-contact coordonnees",
    "contact-session": "type-contact coordonnees",
    "certification": "code-RNCP code-CERTIFINFO code-RS code-CPF reference-code-FORMACODE",
    "reference-certification": "reference-code-RNCP reference-code-CERTIFINFO reference-code-RS",
    "code-type-formation": "code-CPF code-ELU",
    "formation": (
        "domaine-formation intitule-formation objectif-formation resultats-attendus contenu-formation"
        " certifiante contact-formation* parcours-de-formation code-niveau-entree objectif-general-formation"
        " certification* code-type-formation* code-niveau-sortie url-formation action*"
        " organisme-formation-responsable identifiant-module positionnement sous-modules modules-prerequis"
    ),
    "action": (
        "rythme-formation code-public-vise* info-public-vise niveau-entree-obligatoire modalites-alternance"
        " modalites-enseignement conditions-specifiques prise-en-charge-frais-possible lieu-de-formation*"
        " modalites-entrees-sorties url-action duree-cycle session* adresse-information date-information*"
        " restauration hebergement transport acces-handicapes langue-formation* modalites-recrutement"
        " modalites-pedagogiques code-modalite-pedagogique* equipement* frais-restants"
        " code-perimetre-recrutement infos-perimetre-recrutement prix-horaire-TTC prix-total-TTC"
        " duree-indicative nombre-heures-centre nombre-heures-entreprise nombre-heures-total"
        " detail-conditions-prise-en-charge conventionnement duree-conventionnee organisme-formateur*"
        " organisme-financeur* enseignement*"
    ),
    "organisme-formation-responsable": (
        "numero-activite SIRET-organisme-formation nom-organisme raison-sociale coordonnees-organisme"
        " contact-organisme* renseignements-specifiques potentiel code-UAI-organisme-formation"
    ),
    "potentiel": "code-FORMACODE*",
    "organisme-formateur": (
        "SIRET-formateur raison-sociale-formateur contact-formateur* potentiel code-UAI-formateur"
        " reference-certification*"
    ),
    "url-formation": "urlweb*",
    "lieu-de-formation": "SIRET-lieu-formation code-UAI-lieu-formation coordonnees",
    "recrutement": (
        "modalite-recrutement code-perimetre-recrutement infos-perimetre-recrutement a-distance adresse"
        " urlweb nb-places periode heure-debut heure-fin commentaire"
    ),
    "enseignement": "libelle-enseignement type-enseignement obligatoire commentaire",
    "equipement": "type-equipement cout-indicatif-equipement commentaire",
    "rythme-alternance": "unite-rythme-alternance unites-entreprise unites-centre",
    "alternance": "type-alternance rythme-alternance",
    "cycle": "type-cycle annee-cycle* effectif-minimal capacite-simultanee capacite-cumulee alternance",
    "session": (
        "periode adresse-inscription modalites-inscription periode-inscription etat-recrutement recrutement*"
        " url-session contact-session* reference-certification* blocs-competences* cycle*"
    ),
    "adresse-inscription": "adresse",
    "adresse-information": "adresse",
    "date-information": "date",
    "url-action": "urlweb*",
    "url-session": "urlweb*",
    "SIRET-organisme-formation": "SIRET",
    "code-UAI-organisme-formation": "code-UAI",
    "SIRET-lieu-formation": "SIRET",
    "code-UAI-lieu-formation": "code-UAI",
    "coordonnees-organisme": "coordonnees",
    "contact-organisme": "type-contact coordonnees",
    "contact-formateur": "type-contact coordonnees",
    "organisme-financeur": "code-financeur nb-places-financees",
    "SIRET-formateur": "SIRET",
    "code-UAI-formateur": "code-UAI",
    "bloc-competences": "libelle-bloc code-bloc",
    "blocs-competences": "validation-blocs reference-certification bloc-competences*",
    "sous-modules": "sous-module*",
    "modules-prerequis": "reference-module*",
    "sous-module": "reference-module type-module",
    "coordonnees": "civilite nom prenom ligne* adresse telfixe portable fax courriel web",
    "adresse": (
        "denomination ligne* codepostal ville departement code-INSEE-commune code-INSEE-canton region pays"
        " geolocalisation"
    ),
    "geolocalisation": "latitude longitude",
    "web": "urlweb*",
    "telfixe": "numtel*",
    "portable": "numtel*",
    "fax": "numtel*",
    "periode": "debut fin",
    "periode-inscription": "periode",
    "resume-offre": (
        "domaine-formation intitule-formation nom-organisme SIRET codepostal code-INSEE-commune ville"
        " departement region certifiante code-niveau-entree prise-en-charge-frais-possible"
        " modalites-enseignement code-public-vise* nombre-heures-total session* contact-formation-resume*"
        " certification*"
    ),
    "contact-formation-resume": "type-contact nom telfixe courriel",
}
# LHEO 1.3 has other boxes around the same elements.
BOXES_1_3: Final = BOXES | {
    "offre-formation": "action-formation organisation-formation organismes",
    "action-formation": (
        "domaine-formation intitule-action objectif-formation resultats-attendus contenu-formation diplomante"
        " codes-public-vise rythme-formation duree-indicative contact-offre parcours-de-formation"
        " objectif-general-formation certification* code-niveau-sortie url-formation"
    ),
    "domaine-formation": "codes-FORMACODE codes-NSF codes-ROME",
    "codes-FORMACODE": "code-FORMACODE*",
    "codes-NSF": "code-NSF*",
    "codes-ROME": "code-ROME*",
    "codes-public-vise": "code-public-vise*",
    "contact-offre": "coordonnees",
    "organisation-formation": (
        "conditions-pedagogiques conditions-administratives modalites-acces organisation-pedagogique"
        " organisation-administrative organisation-materielle"
    ),
    "conditions-pedagogiques": (
        "code-niveau-entree niveau-entree-obligatoire modalite-alternance FOAD conditions-specifiques info-public-vise"
    ),
    "conditions-administratives": "prise-en-charge-frais-possible remuneration-possible",
    "modalites-acces": (
        "lieu-de-formation modalite-entrees-sorties url-action sessions adresse-information date-information*"
    ),
    "sessions": "session*",
    "session": "periode adresse-inscription modalites-inscription periode-inscription etat-recrutement",
    "organisation-pedagogique": (
        "langue-formation modalites-recrutement modalites-pedagogiques positionnement sous-modules modules-prerequis"
    ),
    "organisation-administrative": (
        "code-perimetre-recrutement infos-perimetre-recrutement prix-horaire-TTC prix-total-TTC nombre-heures-centre"
        " nombre-heures-entreprise nombre-heures-total detail-conditions-prise-en-charge conventionnement"
        " duree-conventionnee frais-restants"
    ),
    "organisation-materielle": "restauration hebergement transport acces-handicapes",
    "organismes": "organisme-formation-responsable organisme-formateur* organismes-financeurs",
    "organismes-financeurs": "code-financeur*",
}

# Elements that hold a code of a table of LHEO.
TABLES: Final = {
    "certifiante": "dict-boolean",
    "niveau-entree-obligatoire": "dict-boolean",
    "prise-en-charge-frais-possible": "dict-boolean",
    "a-distance": "dict-boolean",
    "obligatoire": "dict-boolean",
    "conventionnement": "dict-boolean",
    "diplomante": "dict-boolean",
    "FOAD": "dict-boolean",
    "parcours-de-formation": "dict-type-parcours",
    "objectif-general-formation": "dict-AIS",
    "code-niveau-entree": "dict-niveaux",
    "code-niveau-sortie": "dict-niveaux",
    "modalites-enseignement": "dict-modalites-enseignement",
    "type-equipement": "dict-type-equipement",
    "modalite-recrutement": "dict-modalite-recrutement",
    "type-enseignement": "dict-type-enseignement",
    "modalites-entrees-sorties": "dict-modalites-es",
    "modalite-entrees-sorties": "dict-modalites-es",
    "type-alternance": "dict-type-alternance",
    "unite-rythme-alternance": "dict-unite-rythme",
    "type-cycle": "dict-type-cycle",
    "type-contact": "dict-type-contact",
    "code-perimetre-recrutement": "dict-perimetre-recrutement",
    "code-financeur": "dict-financeurs",
    "positionnement": "dict-type-positionnement",
    "etat-recrutement": "dict-etat-recrutement",
    "validation-blocs": "dict-type-validation-blocs",
    "type-module": "dict-type-module",
}
_NUMBERS: Final = (
    "nb-places cout-indicatif-equipement effectif-minimal capacite-simultanee capacite-cumulee unites-entreprise"
    " unites-centre duree-cycle nb-places-financees nombre-heures-centre nombre-heures-entreprise"
    " nombre-heures-total duree-conventionnee prix-total-TTC codepostal code-INSEE-commune code-FORMACODE"
    " code-public-vise code-RNCP reference-code-RNCP code-RS reference-code-RS code-CERTIFINFO"
    " reference-code-CERTIFINFO"
)
NUMBERS: Final = frozenset(_NUMBERS.split())
DATES: Final = frozenset({"debut", "fin", "date"})
# What other elements hold: a value that a feed may have, and the part of it that is looked for.
FORMS: Final[dict[str, Callable[[int], tuple[str, str]]]] = {
    "SIRET": lambda n: (f"{n:09}00017", f"{n:09}00017"),
    "code-CPF": lambda n: (f"CPF{n}", f"{n}"),
    "code-NSF": lambda n: (f"{100 + n % 900}", f"{100 + n % 900}"),
    "code-ROME": lambda n: (f"A{1000 + n % 9000}", f"A{1000 + n % 9000}"),
    "annee-cycle": lambda n: (f"{n % 100}", f"{n % 100}"),
    "courriel": lambda n: (f"mot{n}@example.org", f"mot{n}@example.org"),
    "urlweb": lambda n: (f"https://www.example.org/mot{n}", f"https://www.example.org/mot{n}"),
    "latitude": lambda n: (f"44.{n}1", f"44.{n}1"),
    "longitude": lambda n: (f"2.{n}1", f"2.{n}1"),
    "heure-debut": lambda n: (f"{n // 60 % 24}h{n % 60:02}", f"{n // 60 % 24:02}:{n % 60:02}"),
    "heure-fin": lambda n: (f"{n // 60 % 24}:{n % 60:02}", f"{n // 60 % 24:02}:{n % 60:02}"),
}
MUTE: Final = ("0", "1")  # codes that say « not told » in most tables


@dataclass
class Element:
    """One element of a record; a leaf has a ``value``; ``told`` is what of it must be found again, if it is its own."""

    path: str
    value: str = ""
    told: str = ""
    children: list["Element"] = field(default_factory=list)
    attributes: str = ""

    @property
    def name(self) -> str:
        """The element's name, the last of its path."""
        return self.path.rpartition("/")[2]

    def all(self) -> Iterator["Element"]:
        """Yield the element and all that it holds."""
        yield self
        for child in self.children:
            yield from child.all()

    def to_xml(self, without: "Element | None" = None) -> str:
        """Return the element as XML, without one of those that it holds."""
        inner = "".join(child.to_xml(without) for child in self.children if child is not without)
        return f"<{self.name}{self.attributes}>{self.value}{inner}</{self.name}>"


class Grower:
    """Makes records whose elements have values of their own as far as their kinds allow, or the ``fixed`` ones."""

    def __init__(self, boxes: dict[str, str], *, repeated: bool, fixed: dict[str, str] | None = None) -> None:
        self._boxes = boxes
        self._times = 2 if repeated else 1
        self._fixed = fixed or {}
        self._numbers = count(10_001)

    def grow(self, name: str, parent: str = "") -> Element:
        """Return an element with all that it may hold."""
        path = f"{parent}/{name}" if parent else name
        if name not in self._boxes:
            value, told = self._value(name)
            return Element(path, value, told)
        children = [
            self.grow(child.rstrip("*"), path)
            for child in self._boxes[name].split()
            for _ in range(self._times if child.endswith("*") and child != "action*" else 1)
        ]
        return Element(path, children=children)

    def _value(self, name: str) -> tuple[str, str]:
        """Return a value and what of it is looked for; a code of a short table is no element's own."""
        number = next(self._numbers)
        if name in self._fixed:
            return self._fixed[name], ""
        if name in TABLES:
            codes = [code for code in lheo_table(TABLES[name]) if code not in MUTE] or ["1"]
            return codes[number % len(codes)], ""
        if name in NUMBERS:
            return str(number), str(number)
        if name in DATES:
            date = f"2027{1 + number // 28 % 12:02}{1 + number % 28:02}"
            return date, date
        if name in FORMS:
            return FORMS[name](number)
        return f"mot{number}", f"mot{number}"


def is_told(text: str, record: str) -> bool:
    """Tell whether a text stands in a record, and not as a part of a longer word or number."""
    beside = r"\d" if text.isdigit() else r"\w"
    return re.search(rf"(?<!{beside}){re.escape(text)}(?!{beside})", record) is not None
