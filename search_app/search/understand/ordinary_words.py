"""Ordinary words that say when or how: never corrected, and optional beside other words."""

import re
from typing import Final

from search_app.search.understand.filters.date_words import MONTHS, WEEKDAYS

_SEASONS: Final = (
    "printemps ete automne hiver annee annees mois semaine semaines jour jours journee heure heures soir soirs"
)
_SAYS_NOTHING: Final = (
    "apres autour avant bientot ce commence commencent commencer court courte courtes courts date dates "
    "debut debute debutent debuter demarre demarrent demarrer depuis disponible disponibles duree entre quand qui "
    "fin jusqu long longs longue longues maintenant partir possible pres proche proches prochain prochaine "
    "prochainement prochaines prochains rapide rapidement rapides rentree rentrees session sessions vite "
    "svp stp merci plait cordialement urgent urgente urgence"
)
# Some of these can be a subject: « place », « finance ».
_RIGHT: Final = (
    "financee financees finances finance financement gratuit gratuite gratuites paye payee payes payees place places "
    "restante restantes restant restants libre libres chomeur chomeurs chomeuse chomeuses demandeur demandeurs "
    "demandeuse demandeuses emploi region pour sans aussi autre autres alors bonne bonnes facile faire petit petite "
    "petits petites grand grande matin midi plein temps partiel cours chaque deux trois quatre cinq "
    "loin hors saison sauf paca confirme confirmes confirmee "
    "combien coute coutent transition transitions internat hebergement post mari fils fille sage sages femme femmes"
)
# Of any sentence: no subject, and no name of a village (« j'aime » is not Aime-la-Plagne).
_GRAMMAR: Final = (
    "aime aimes aimer adore deteste ai ait aurait avoir ayant bah ben bien ca ceci cela ceux chose choses choisir "
    "comment compris connais connait dois doit devrais demain dire dit donner encore envie etais etait fais fait "
    "faites faudrait faut hein hier ici jamais juste la-bas lequel laquelle lesquels mal meme mieux moins ni non "
    "nouveau oui ou parce peu peut peux pfff plus plutot pourquoi pourrait pourrais pouvoir pouvez quand quel "
    "quelle quelles quels quelque quelques quelqu'un quoi rien sais sait savoir savez savons serait serais seulement "
    "si surtout telle tel toujours toute tres trop truc trucs utile vais va vas vers veux veut veulent vie viens vient "
    "voici voila vouloir vraiment"
)
GRAMMAR: Final = frozenset(_GRAMMAR.split())
# Optional beside other words: no offer contains « formation prochaine ».
SAYS_NOTHING: Final = frozenset((*MONTHS, *WEEKDAYS, *_SEASONS.split(), *_SAYS_NOTHING.split()))
# The dictionary of a catalogue is small: it would correct « mars » to « murs » and « rentrée » to « entrée ».
NEVER_CORRECTED: Final = SAYS_NOTHING | GRAMMAR | frozenset(_RIGHT.split())
_YEAR: Final = re.compile(r"20[2-4]\d")


def says_nothing(word: str) -> bool:
    """Tell whether a folded word is ordinary, or a year: « rentrée 2027 »."""
    return word in SAYS_NOTHING or bool(_YEAR.fullmatch(word))
