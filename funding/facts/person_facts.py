"""The facts of a person, in the order in which they are asked where nothing else decides."""

from typing import Final

from funding.facts.fact import Fact
from mappings.codes import LEVEL_LABELS, department_labels

STATUSES: Final = {
    "job_seeker": "demandeur d’emploi inscrit à France Travail",
    "unregistered": "sans emploi, non inscrit à France Travail",
    "employee": "salarié",
    "csp": "en contrat de sécurisation professionnelle (CSP)",
    "self_employed": "travailleur indépendant",
    "public_agent": "agent public",
    "student": "élève ou étudiant",
    "detainee": "personne détenue",
    "military": "militaire",
}
CONTRACTS: Final = {
    "cdi": "CDI",
    "cdd": "CDD",
    "temp": "intérim",
    "cddi": "CDD d’insertion",
    "pec": "parcours emploi compétences (PEC)",
}
AGES: Final = {
    "15": "15 ans",
    "16-17": "16 ou 17 ans",
    "18-25": "de 18 à 25 ans",
    "26-29": "de 26 à 29 ans",
    "30-34": "de 30 à 34 ans",
    "35-66": "de 35 à 66 ans",
    "67+": "67 ans ou plus",
}
ALLOWANCES: Final = {
    "are": "allocation d’aide au retour à l’emploi (ARE)",
    "ass": "allocation de solidarité spécifique (ASS)",
    "rsa": "revenu de solidarité active (RSA)",
    "aah": "allocation aux adultes handicapés (AAH)",
    "none": "aucune",
}
EMPLOYERS: Final = {
    "found": "un employeur est trouvé",
    "agrees": "l’employeur actuel est d’accord",
    "none": "aucun employeur, ou pas d’accord",
}
FILED: Final = {
    "cdi": "en CDI",
    "cdd_6": "en contrat d’au moins 6 mois",
    "cdd_4": "en contrat d’au moins 4 mois, non saisonnier",
    "seasonal_4": "en contrat saisonnier d’au moins 4 mois",
    "none": "aucune",
}


def _yes_no(name: str, label: str, question: str, yes: str, no: str) -> Fact:
    return Fact(f"person.{name}", "bool", label, {"true": yes, "false": no}, question=question)


PERSON_FACTS: Final = (
    Fact("person.status", "code", "situation", STATUSES, question="Quelle est votre situation ?"),
    Fact("person.age", "code", "âge", AGES, question="Quel âge avez-vous ?"),
    Fact(
        "person.cpf_euros",
        "number",
        "droits CPF",
        unit="€",
        question="Combien y a-t-il sur votre compte CPF (euros) ?",
    ),
    Fact("person.allowance", "code", "allocation", ALLOWANCES, question="Quelle allocation recevez-vous ?"),
    Fact(
        "person.allowance_outlasts",
        "bool",
        "fin de l’ARE",
        {"true": "l’ARE dure au moins jusqu’à la fin de la formation", "false": "l’ARE s’arrête avant la fin"},
        question="L’ARE dure-t-elle jusqu’à la fin de la formation ?",
        after=("person.allowance", ("are",)),
    ),
    Fact("person.contract", "code", "contrat de travail", CONTRACTS, question="Quel est votre contrat de travail ?"),
    Fact("person.employer", "code", "employeur", EMPLOYERS, question="Un employeur est-il trouvé ou d’accord ?"),
    _yes_no(
        "seniority_24_months",
        "ancienneté",
        "Avez-vous 24 mois d’activité salariée, dont 12 dans l’entreprise (en CDD : 24 mois en 5 ans, dont 4 de CDD "
        "dans la dernière année) ?",
        "24 mois d’activité salariée (dont 12 dans l’entreprise, ou 4 de CDD dans la dernière année)",
        "moins de 24 mois d’activité salariée",
    ),
    _yes_no(
        "disabled",
        "handicap",
        "Êtes-vous bénéficiaire de l’obligation d’emploi (RQTH, AAH, invalidité…) ?",
        "bénéficiaire de l’obligation d’emploi des travailleurs handicapés",
        "pas de reconnaissance de handicap",
    ),
    _yes_no(
        "child_under_12",
        "enfant",
        "Avez-vous un enfant de moins de 12 ans à charge ?",
        "un enfant de moins de 12 ans à charge",
        "pas d’enfant de moins de 12 ans à charge",
    ),
    Fact("person.level", "code", "niveau de formation", LEVEL_LABELS, question="Quel est votre niveau de formation ?"),
    Fact("person.department", "code", "département", department_labels(), question="Où habitez-vous (département) ?"),
    Fact(
        "person.csp_since",
        "date",
        "début du CSP",
        question="Depuis quand êtes-vous en CSP ?",
        after=("person.status", ("csp",)),
    ),
    Fact(
        "person.offer_filed",
        "code",
        "offre d’emploi déposée à France Travail",
        FILED,
        question="Un employeur a-t-il déposé pour vous une offre à France Travail ?",
    ),
    _yes_no(
        "holds_licence",
        "permis de conduire",
        "Avez-vous déjà un permis de conduire en cours de validité ?",
        "déjà un permis en cours de validité",
        "pas de permis en cours de validité",
    ),
    _yes_no(
        "third_party_100",
        "financement d’un tiers",
        "Un tiers (employeur, OPCO, collectivité…) finance-t-il au moins 100 € ?",
        "au moins 100 € d’un tiers",
        "pas de financement d’au moins 100 € d’un tiers",
    ),
    _yes_no(
        "bilan_within_5_years",
        "bilan de compétences",
        "Un bilan de compétences a-t-il déjà été financé dans les 5 dernières années ?",
        "un bilan de compétences financé dans les 5 dernières années",
        "pas de bilan de compétences financé dans les 5 dernières années",
    ),
    _yes_no(
        "apprenticeship_derogation",
        "dérogation d’âge pour l’apprentissage",
        "Êtes-vous dans un cas de dérogation d’âge (15 ans après la troisième, suite ou rupture d’un apprentissage, "
        "création d’entreprise, sportif de haut niveau) ?",
        "un cas de dérogation d’âge pour l’apprentissage",
        "pas de cas de dérogation d’âge",
    ),
    _yes_no(
        "former_cui",
        "ancien contrat unique d’insertion",
        "Avez-vous eu un contrat unique d’insertion (CUI, PEC) ?",
        "a eu un contrat unique d’insertion",
        "n’a pas eu de contrat unique d’insertion",
    ),
    _yes_no(
        "agreement_2100_hours",
        "accord d’entreprise ou de branche",
        "Un accord d’entreprise ou de branche prévoit-il une reconversion plus longue (jusqu’à 2 100 heures) ?",
        "un accord prévoit une durée plus longue",
        "pas d’accord pour une durée plus longue",
    ),
)
