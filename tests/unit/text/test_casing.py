"""Names and towns that catalogues state in capitals, cased for reading."""

import pytest

from search_app.text.casing import cased, town


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("ECOLE DES METIERS DU TARN", "École des métiers du Tarn"),
        ("LYCEE POLYVALENT GABRIEL TOUCHARD-WASHINGTON", "Lycée polyvalent Gabriel Touchard-Washington"),
        ("CHAMBRE DE METIERS ET DE L'ARTISANAT DE REGION HAUTS-DE-FRANCE",
         "Chambre de métiers et de l’artisanat de région Hauts-de-France"),
        ("CHAMBRE DE COMMERCE D INDUSTRIE DE MAINE LOIRE", "Chambre de commerce d’industrie de Maine Loire"),
        ("BTP CFA AUVERGNE RHONE ALPES", "BTP CFA Auvergne-Rhône-Alpes"),
        ("MFR DE LA SAINTONGE ET DE L'AUNIS", "MFR de la Saintonge et de l’Aunis"),
        ("GRETA-CFA HOTELLERIE-RESTAURATION", "GRETA-CFA hôtellerie-restauration"),
        ("CCI DE LA REUNION", "CCI de La Réunion"),
        ("UNIVERSITE JEAN MONNET SAINT ETIENNE", "Université Jean Monnet Saint Étienne"),
        ("ASS ENSEIGNEMENT PRIVE ST-BENIGNE", "Ass enseignement privé Saint-Bénigne"),
        ("CFA INTERPRO (AFPPFC ET CFA)", "CFA interpro (AFPPFC et CFA)"),
        ("INSTITUT XIII PARIS 8", "Institut XIII Paris 8"),
        ("LBFCHB FORMATION", "LBFCHB formation"),  # not readable
        ("STELO FORMATION", "Stelo formation"),
        ("CFAI GON", "CFAI GON"),  # so short may be an abbreviation
        ("LP P. MENDES FRANCE", "LP P. Mendès France"),
        ("CENTRE D'ENERGIE ET D'HYDRAULIQUE", "Centre d’énergie et d’hydraulique"),
        ("CENTRE REGIONAL DE FORMATION MULTIPROFESSIONNEL", "Centre régional de formation multiprofessionnel"),
        ("CFA DES UNIVERSITES CENTRE-VAL DE LOIRE", "CFA des universités Centre-Val de Loire"),
        ("CFA DES UNIVERSITES CENTRE VAL DE LOIRE", "CFA des universités Centre-Val de Loire"),
        ("BATIMENT CFA BOURGOGNE- FRANCHE- COMTE", "Bâtiment CFA Bourgogne-Franche-Comté"),
        ("ASS OUVRIERE COMPAGNON DEVOIR TOUR FRANC", "Ass ouvrière compagnon devoir Tour Franc"),
        ("BTP CFA CENTRE", "BTP CFA Centre"),
        ("CFA CENTRE DE FORMATION", "CFA centre de formation"),
        ("PRESIDENCE DE L'UNIVERSITE", "Présidence de l’université"),
        ("CFA DES METIERS TRADITIONNELS", "CFA des métiers traditionnels"),
        ("MFR DE LA REGION HAVRAISE", "MFR de la région havraise"),
        ("ISTELI SAINTE LUCE", "Isteli Sainte-Luce"),
        ("LP HENRI SAINTE-CLAIRE DEVILLE", "LP Henri Sainte-Claire Deville"),
        ("LYCEE AGRICOLE D'AHUN", "Lycée agricole d’Ahun"),
        ("LYCEE PRIVE LE PUYS DE L'AUNE", "Lycée privé le Puys de l’Aune"),
        ("OGEC SACRE COEUR LA SALLE", "OGEC Sacré Cœur La Salle"),
        ("INSTITUT BRETON DU SPORT", "Institut breton du sport"),
        ("LYCEE TECH AGRICOLE", "Lycée tech agricole"),
        ("CFA DIR DES ENSEIGNEMENTS", "CFA dir des enseignements"),
        ("ASS GESTION CTRE ENS SUP A EVRY", "Ass gestion ctre ens sup à Évry"),
        ("ENS FORMATION", "ENS formation"),  # École normale supérieure
        ("CENT FORM APPRENTIS IND HOTEL HAUT RHIN", "Cent form apprentis ind hôtel Haut-Rhin"),
        ("MAISON FAMILIALE RURALE EDUCAT ORIENTATI", "Maison familiale rurale educat orientati"),
        ("EPLEFPA DE LA SEINE MARITIME", "EPLEFPA de la Seine-Maritime"),
        ("CMA TARN ET GARONNE, COTE D OR", "CMA Tarn-et-Garonne, Côte-d’Or"),
        ("OGEC SAINT MARTIN", "OGEC Saint Martin"),  # a school, not the territory
        ("A ZOT FORMATION", "A ZOT formation"),
        ("A M I G R A F", "A M I G R A F"),
        ("CENTRE A M I D L FORMATION", "Centre A M I D L formation"),
        ("A FLEUR DE PEAU", "A Fleur de PEAU"),
        ("ECOLE A B", "École A B"),
        ("INITIATION A L ECOLE", "Initiation à l’école"),
        ("A L ECOLE DES FEES", "A l’école des FEES"),
        ("FORMATION", "Formation"),
        ("AFTRAL", "AFTRAL"),
        ("AKTEAP", "AKTEAP"),
        ("E.E.S.C. 54", "E.E.S.C. 54"),
        ("Lycée ARAGO", "Lycée ARAGO"),
        ("afpa Albi", "afpa Albi"),
        ("3000", "3000"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_name_in_capitals_is_cased_and_any_other_kept(stated: str, shown: str) -> None:
    assert cased(stated) == shown


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("ALBI", "Albi"),
        ("SAINT ETIENNE", "Saint-Étienne"),
        ("ST JEAN DE LUZ", "Saint-Jean-de-Luz"),
        ("STE FOY LES LYON", "Sainte-Foy-lès-Lyon"),
        ("AIX LES BAINS", "Aix-les-Bains"),
        ("JOUE LES TOURS", "Joué-lès-Tours"),
        ("LE HAVRE", "Le Havre"),
        ("LA ROCHE SUR YON", "La Roche-sur-Yon"),
        ("LES SABLES D OLONNE", "Les Sables-d’Olonne"),
        ("L'HAY-LES-ROSES", "L’Haÿ-les-Roses"),
        ("LYON 08", "Lyon 8e"),
        ("PARIS 1ER ARRONDISSEMENT", "Paris 1er"),
        ("MARSEILLE", "Marseille"),
        ("TOULOUSE CEDEX 9", "Toulouse Cedex 9"),
        ("ALBI CEDEX", "Albi Cedex"),
        ("CEDEX", "Cedex"),
        ("Saint etienne", "Saint etienne"),
        ("81000", "81000"),
        ("  ", "  "),
    ],
)
def test_a_town_in_capitals_is_written_as_insee_does_and_any_other_kept(stated: str, shown: str) -> None:
    assert town(stated) == shown
