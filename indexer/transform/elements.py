"""Elements that the rules may read: parent -> children, over all versions of LHEO; the others go to ``others``.

An element in this table is not necessarily read: what no rule takes from the tree goes to ``others`` too
(``leftovers``). An element that is a key here is a container, any other a text. ``extras`` and ``extra`` are named with
their attribute ``info``.
"""

from typing import Final

COORDINATES: Final = "civilite nom prenom ligne adresse telfixe portable courriel web"
CONTACT: Final = "type-contact coordonnees"
ORGANISATION: Final = (
    "numero-activite SIRET-organisme-formation nom-organisme raison-sociale coordonnees-organisme contact-organisme"
)
TRAINING: Final = (
    "domaine-formation intitule-formation objectif-formation resultats-attendus contenu-formation certifiante"
    " contact-formation parcours-de-formation code-niveau-entree objectif-general-formation certification"
    " code-niveau-sortie url-formation action organisme-formation-responsable positionnement sous-modules"
    " modules-prerequis extras:eligibilite-cpf"
)
ACTION: Final = (
    "rythme-formation code-public-vise info-public-vise niveau-entree-obligatoire modalites-alternance"
    " modalites-enseignement conditions-specifiques prise-en-charge-frais-possible lieu-de-formation"
    " modalites-entrees-sorties url-action session adresse-information date-information restauration hebergement"
    " transport acces-handicapes langue-formation modalites-recrutement modalites-pedagogiques equipement"
    " frais-restants code-perimetre-recrutement infos-perimetre-recrutement prix-horaire-TTC prix-total-TTC"
    " duree-indicative nombre-heures-centre nombre-heures-entreprise nombre-heures-total"
    " detail-conditions-prise-en-charge conventionnement duree-conventionnee organisme-formateur organisme-financeur"
    " extras:eligibilite-cpf"
    " contact-information"  # made from the training account's extras
)
CHILDREN: Final = {
    "formation": TRAINING,
    "action": ACTION,
    "domaine-formation": "code-FORMACODE code-NSF code-ROME codes-FORMACODE codes-NSF codes-ROME",
    "certification": "code-RNCP code-CERTIFINFO code-RS code-CPF",
    "contact-formation": CONTACT,
    "contact-session": CONTACT,
    "contact-information": CONTACT,
    "contact-organisme": CONTACT,
    "contact-formateur": CONTACT,
    "coordonnees-organisme": CONTACT,
    "coordonnees": COORDINATES,
    "adresse": "denomination ligne codepostal ville departement code-INSEE-commune code-INSEE-canton region pays"
    " geolocalisation extras:geolocalisation",
    "geolocalisation": "latitude longitude",
    "extras:geolocalisation": "extra:latitude extra:longitude",
    "telfixe": "numtel",
    "portable": "numtel",
    "web": "urlweb",
    "url-formation": "urlweb",
    "url-action": "urlweb",
    "url-session": "urlweb",
    "lieu-de-formation": "coordonnees SIRET-lieu-formation code-UAI-lieu-formation",
    "SIRET-lieu-formation": "SIRET",
    "code-UAI-lieu-formation": "code-UAI",
    "session": "periode adresse-inscription modalites-inscription periode-inscription etat-recrutement url-session"
    " contact-session recrutement reference-certification blocs-competences cycle extras:session-perimee"
    " extras:eligibilite-cpf",
    "extras:session-perimee": "extra:session-perimee",
    "extras:eligibilite-cpf": "extra:source extra:debut-validite extra:fin-validite extra:public extra:france-entiere"
    " extra:region extra:inter-branche extra:branche",
    "recrutement": "modalite-recrutement code-perimetre-recrutement infos-perimetre-recrutement a-distance adresse"
    " urlweb nb-places periode heure-debut heure-fin commentaire",
    "reference-certification": "reference-code-RNCP reference-code-CERTIFINFO reference-code-RS",
    "blocs-competences": "validation-blocs reference-certification bloc-competences",
    "bloc-competences": "libelle-bloc code-bloc",
    "cycle": "type-cycle annee-cycle effectif-minimal capacite-simultanee capacite-cumulee alternance",
    "alternance": "type-alternance rythme-alternance",
    "rythme-alternance": "unite-rythme-alternance unites-entreprise unites-centre",
    "periode": "debut fin",
    "periode-inscription": "periode",
    "adresse-inscription": "adresse",
    "adresse-information": "adresse",
    "date-information": "date",
    "equipement": "type-equipement cout-indicatif-equipement commentaire",
    "organisme-formation-responsable": ORGANISATION,
    "SIRET-organisme-formation": "SIRET",
    "organisme-formateur": "SIRET-formateur raison-sociale-formateur contact-formateur",
    "SIRET-formateur": "SIRET",
    "organisme-financeur": "code-financeur nb-places-financees extras:specificites extra:programme-financeur"
    " extra:ref-action-marche-financeur",
    "extras:specificites": "extra:programme-financeur extra:ref-action-marche-financeur",
    "sous-modules": "sous-module",
    "sous-module": "reference-module",
    "modules-prerequis": "reference-module",
    "code-FORMACODE": "",  # containers for their attributes; their own text is the one under ""
    "code-public-vise": "",
    # LHEO 1.3 has other containers
    "offre-formation": "action-formation organisation-formation organismes",
    "action-formation": "domaine-formation intitule-action intitule-formation objectif-formation resultats-attendus"
    " contenu-formation diplomante certifiante codes-public-vise code-public-vise rythme-formation duree-indicative"
    " contact-offre parcours-de-formation objectif-general-formation certification code-niveau-sortie url-formation",
    "codes-FORMACODE": "code-FORMACODE",
    "codes-NSF": "code-NSF",
    "codes-ROME": "code-ROME",
    "codes-public-vise": "code-public-vise",
    "contact-offre": CONTACT,
    "organisation-formation": "conditions-pedagogiques conditions-administratives modalites-acces"
    " organisation-pedagogique organisation-administrative organisation-materielle",
    "conditions-pedagogiques": "code-niveau-entree niveau-entree-obligatoire modalite-alternance modalites-alternance"
    " FOAD modalites-enseignement conditions-specifiques info-public-vise",
    "conditions-administratives": "prise-en-charge-frais-possible",
    "modalites-acces": "lieu-de-formation modalite-entrees-sorties modalites-entrees-sorties sessions session"
    " url-action adresse-information date-information",
    "sessions": "session",
    "organisation-pedagogique": "modalites-recrutement modalites-pedagogiques positionnement sous-modules"
    " modules-prerequis langue-formation",
    "organisation-administrative": "code-perimetre-recrutement infos-perimetre-recrutement prix-horaire-TTC"
    " prix-total-TTC nombre-heures-centre nombre-heures-entreprise nombre-heures-total"
    " detail-conditions-prise-en-charge conventionnement duree-conventionnee frais-restants",
    "organisation-materielle": "restauration hebergement transport acces-handicapes",
    "organismes": "organisme-formation-responsable organisme-formateur organismes-financeurs organisme-financeur",
    "organismes-financeurs": "code-financeur organisme-financeur",
    # the index form
    "resume-offre": "domaine-formation intitule-formation nom-organisme SIRET codepostal code-INSEE-commune ville"
    " departement region certifiante code-niveau-entree prise-en-charge-frais-possible modalites-enseignement"
    " code-public-vise nombre-heures-total session contact-formation-resume certification extras:lheo"
    " extras:geolocalisation extras:complements",
    "contact-formation-resume": "type-contact nom telfixe courriel",
    "extras:lheo": "extra:conventionnement extra:modalites-entrees-sorties extra:code-niveau-sortie"
    " extra:niveau-entree-obligatoire",
    "extras:complements": "extra:conventionnement extra:modalites-entrees-sorties extra:code-niveau-sortie"
    " extra:niveau-entree-obligatoire",
}
KNOWN: Final = {parent: frozenset(children.split()) for parent, children in CHILDREN.items()}
# Attributes that the rules read; all others are kept beside their element.
ATTRIBUTES: Final = {
    "formation": frozenset({"numero", "datecrea"}),
    "offre-formation": frozenset({"numero", "datecrea"}),
    "resume-offre": frozenset({"numero"}),
    "action": frozenset({"numero", "datecrea"}),
    "session": frozenset({"numero"}),
    "recrutement": frozenset({"numero"}),
    "code-FORMACODE": frozenset({"tag", "ref"}),
    "code-public-vise": frozenset({"ref"}),
}
# Changes with every export and carries no information about the offer.
VOLATILE: Final = frozenset(
    {
        "datemaj",
        "date-maj",
        "date-export",
        "heure-export",
        "horodatage-export",
        "horodatage-modification",
        "horodatage-creation",
    }
)
