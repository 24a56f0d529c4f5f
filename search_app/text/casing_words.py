"""Word lists of ``casing``: how words of names of providers and towns are written that catalogues state in capitals.

Chosen from the frequent words of real catalogues; cut words are listed as they are cut (« educat », « format »).
"""

from typing import Final

# Small letters inside a name.
PARTICLES: Final = "a à au aux d de des du en et ès l la le les sous sur un une dans par pour ou chez"
SMALL_IN_TOWNS: Final = "à au aux d de des du en et ès l la le les lez près sous sur"

# Nouns and adjectives of providers’ names; all other words begin with a capital.
COMMON: Final = """
animateur publicité soie aéro électroniq culturel culturels alsacien alsacienne
abréviation académie académique accompagnement accueil acquisition action actions adultes aérien aérienne aéronautique
affaires agent agents agrément agric agricole agricoles agriculture agro agroalimentaire agroalimentaires aide
alimentaire alimentaires alimentation alterna alternance alternances ambulanciers ameublement aménagement amis
animateurs animation annexe antenne appr apprenants apprent apprenti apprentie apprenties apprentis apprentiss
apprentissage apprentissages approfondissement aquacole arboriculture architecture art artisan artisanale artisanat
arts ass assistants asso assoc association associations assurance atelier ateliers attention audiovisuel automobile
automobiles avenir banque bateau bâtiment bâtiments bâtir beauté bijouterie bio biochimie biologie bois boissons
boucherie boulangerie bovin brasserie bureau bureautique bûcheron cadres café campagne campus carrière carrières
carrosserie catho catholique cellule cent centr centre centres céramique chambre chambres chantier charcuterie
charpente chasse chaudronnerie chemin cheval chevaux cheveux chimie cinéma cité club coiffeurs coiffure collectif
collectivité collectivités collège com comité commerc commerce commercial commerciale commerciales commercialisation
communauté commune communication compagnie compagnon compagnonnique compagnons compétences comptable comptables
concept conduite conseil conseiller conseils conservatoire construction consulaire consulaires continu continue
coopératif coopération coopérative cosmétique cours couture couverture création ctr ctre cuisine cuisiniers culinaire
culture culturelle cycle cycles danse dentaire dentaires design dessin deuxième devel develop devoir décoration
défense délégation dép départemental départementale développement diététique diffusion digital diplômés direct
direction dirigeants distribution douanes droit durable eau edition educ educa educat emploi enfance enfant enfants
enseig enseign enseignants enseignement enseignements ensemble entrepreneurs entreprise entreprises environnement
espace esthéticienne esthétique ets européen européenne expertise experts exportation école écoles écologie économie
économique économiques édition éditions éducateurs éducatif éducation éducative électricité élevage élevages énergie
énergies équestre équin équins équipement équitation étab établissement établissements état études être faculté fam
famil familial familiale familiales femmes ferme ferroviaire féd fédération fibre filière film finance fiscal
fleuristes fleurs fondation fonderie football forestier forestière forêt form forma format formateurs formation
formations forme foyer français française froid fromagerie fruits garde gastronomie gaz gest gestion gestionnaire
gestionnaires gén général générale génie géographie globale gouvernance gouvernantes granit graphique groupe
groupement grpt habitat handicap handicapés hommes horlogerie horticole horticulture hospitalier
hospitaliers hospitalière hôpital hôpitaux hôtelier hôtelière hôtellerie hôtesses humain humaines humanités hygiène
image immobilier immobilière imprimerie inclusion indépendant individuelle indus indust industrie industriel
industrielle industrielles industries infirmier infirmiers infographie informatique informatiques infrastructures
ingénierie ingénieurs initiative innovant innovation insertion inst installation instit institut institution instituts
instruments intercommunal interdépartemental international internationale internationaux interpro interprof
interprofessionnel interprofessionnelle intervention jardin jeunes jeunesse journal journalisme juridique juridiques
lait laitière langue langues lecture lettres légumes liberté libre libres ligue littoral local locale logement
logistique loisirs long ludique lunetterie lyc lycée lycéens lycées machines maçonnerie magasin main maintenance mais
maison maisons maître management marbre marine maritime maritimes marketing massage menuiserie mer meuble mécanique
mécaniques médecine médias médiation médical médicale médico médicosocial médicosociale métal métallurgie métier
métiers métropole métropolitaine militaire mines mixte mobilité mode moderne monde moniteurs montagne monteurs moteur
multimédia municipal musée musique mutualité mutuelle nat natation national nationale nature naturelles natures
nautique nettoyage nouvelles nucléaire numérique numériques office omnisports optique optométrie organisation
organisme orien orient orienta orientat orientation outils ouvrière ouvrières paramédical parc parfum parfumerie
patrimoine patronage paysage paysager paysagers paysages paysagiste paysan pâtisserie peinture perfect
perfectionnement performance permanent permanente personnel petite pédagogique pédagogiques pêche pharmaceutique
pharmacie pharmacies pierre-sèche pilotage pilote plage plaine plasturgie plein plomberie pluridisciplinaire plus
point polymères polytechnique polyvalent polyvalente pompiers populaire populaires population portes poste pour pôle
pratique pratiques premier première presse préparateurs préparation prévention prévoyance privé privée privés
production produits prof profes profess profession professionnel professionnelle professionnelles professionnels
professions programme promo promot promotion propreté protection psychologie pub public publics publique publiques
pupilles qualification qualité radio rail recher recherche reg relation relations rencontre responsable ressources
restauration réadaptation rééducation région régional régionale régionales régionaux réseau réseaux réussite
rhumatologie route routier rue rur rural rurale rurales sage sages salon sanitaire sanitaires santé santés sapeurs
savoir savoirs scène science sciences scolaire secteur section service services sécuritaire sécurité sécurité-incendie
sécurités séjours site social sociale sociales sociaux société socio soin soins solidaire solidarité solutions
sommellerie soudage soudure spectacle spécialisé spécialisée spécialités sport sportif sportifs sportive sports
station style supér supérieur supérieure supérieures syndicat systèmes tabac tailleurs tapisserie taxi taxis techn
technique techniques techno technolog technologie technologies technologique technologiques territoire territoires
territorial territoriale tertiaire textile textiles théâtre tissu tissus tonnellerie tourisme tous tout toute
traitement transition transmission transport transports travail travaux trésorerie union unité univ universitaire
universitaires université universités urbaine urbanisme usine utilisateurs utilité vacances valorisation vente
verrerie vers vert verte verts végétal végétale vétérinaire viande vidéo vie vigne vigneron vignes villa ville villes
vins viticole vitivinicole voie voile volailles volontaire volontaires œnologie œnotourisme œuvre œuvres
multiprofessionnel multiprofessionnelle multiprofessionnels présidence traditionnel traditionnelle traditionnelles
traditionnels havrais havraise breton bretonne bretonnes bretons tech dir ind hôtel orientati orientatio technol
technolo technologiqu techni musiq activités appliqué appliquée appliquées techniciens recherches rencontres associées
psychiatrie campagnes commerces commerciaux omnisport interprofession personnalisée personnalisé notariales urbaines
pâtissiers boulangers cavistes sommeliers artisans nantaise dauphinoise varoise comtoise aixois finistérienne
morbihannaise réunionnais réunionnaise lorrain tourangelle méditerranéenne intérêt papeterie
ingénieur infirmière appui assistance sauvegarde comptabilité biomédical transp restaurat polyvalen managem
developp developpem environnemental associatif alternées invalides équines
"""

# An unknown word with one of these endings is no proper noun.
COMMON_ENDINGS: Final = (
    "TION",
    "TIONS",
    "IQUE",
    "IQUES",
    "AIRE",
    "AIRES",
    "MENT",
    "MENTS",
    "OLOGIE",
    "OLOGIES",
    "ISME",
)

# One spelling with a capital. Words of communes, regions and départements are added by ``casing``.
PROPER: Final = """
Ahun Aune Claire Péguy Haut Haute Hautes Hauts
Adèle Adélaïde Adour Afrique Ain Alain Aliénor Amédée Amérique Andelys Andrée Angélique Anna Antoine Aragó Arc Ardenne
Ariane Arnoult Arras Artois Arve Atlantique Aube Aude Auneau Aurélien Avesnières Bachelière Basque Beau Beaugency
Beaux Belgique Belle Bergère Bédouin Bénédict Bénin Bien Blaise Blaye Bordeaux Bourg Bône Brest Brève Camaïs Cap Cergy
Célestin Césaire Cézanne Chalon Champs Chapelle Chédeville Cholet Ciné Cité Claude Clémence Clément Clémentine
Coëtquidan Colomban Coquère Coubertin Courbière Croix Curie Cyrano Cœur Dammarie Dassault Debussy Del Denis Deville
Déclic Déodat Di Dominique Durance Ella Elsa Emmanuel Est Europe Exupéry Édith Édouard Élisa Élisabeth Élisée Élodie
Élorn Élysée Élysées Émile Émilie Érable Érasme Éric Établières Évariste Flora Fontaine Forges Frères Frédérique
Germain Gers Gracé Grand Grande Guilhérand Haag Hermès Hélène Héloïse Hilaire Hippolyte Hugo Israël Istres Jeanne
Jésus Joël Joëlle Jules Julie Jura Lacordaire Laënnec Lannemezan Lazare Leb Lèbe Léa Léo Léonie Léopold Libération
Lille Liré Loches Loïc Louhans Lucé Mac Marc Marcq Marie Marne Marseille Mathilde Maugé Mende Mendès Merlé Meuse
Meyrieu Méditerranée Mérimée Mêlée Michelet Midi Mimizan Mions Mirepoix Moissac Molière Monique Montbrison Monténégro
Monts Mozart Musset Noëlle Nogaro Nord Notre Noyon Olonne Orléanais Orme Orthez Ouest Ozanam Paris Pas Petit Pie
Pierre Pinède Pisani Plaisir Pornic Porte Pô Prévert Privas Puys Quatre Rambervillers Redon Renée Rethel Rémi Roc
Roche Rodez Rosé Roubaix Roubière Roussière Rué Sacré Saint Sainte Saintes Saints Salle Sarcelles Sart Seclin Sept
Sévigné Soyaux Strée Sud Tarare Ternes Théodore Théophile Thérèse Thésée Trégor Trois Troyes Ussel Valérie Valéry
Vannes Vents Verne Vers Véronique Vienne Vierge Vivès Voltaire Yves Zay
"""

# Several words that are not written as each of them alone: pattern over the cased words → as it is written.
PHRASES: Final = {
    r"\b(CFA|BTP|ECF|CNAM) centre(?=$| Ouest| Est| Nord| Sud)": r"\1 Centre",  # the region
    r"\bENS SUP\b": "ens sup",
    r"\bentreprises SUP\b": "entreprises Sup",
    r"\bla Salle\b": "La Salle",  # Jean-Baptiste de La Salle, the name of many schools
    r"\bInter- ": "Inter-",
    r"\bSainte Lucé\b": "Sainte-Luce",
    r"\bFranche Comté\b": "Franche-Comté",
    r"\bRhône Alpes\b": "Rhône-Alpes",
}

# Short forms that have a long one, where the shortened text gains nothing.
ABBREVIATED: Final = {"ST": "Saint", "STE": "Sainte", "STS": "Saints", "STES": "Saintes"}

# Abbreviations of five letters or more that are not read as a word.
SIGLES: Final = """
ADEFI AFASOP AFGVB AFORP AFPA AFPI AFPIA AFPPFC AFTEC AFTRAL AGCNAM BAFA BATIPRO BTP CCI CCIMBO CDFAA CEMEA CESI CFA
CFAAD CFAAH CFAI CFPPA CIBTP CIFA CIFCA CIRFA CLPS CMA CNFPT CREPS CVDL DEFLE ENSAM EPLEA EPLEFPA EPSECO ESPL EURL
GRETA IESEG IFCAM IFPASS IFRIA IFSI INFREP INHNI IRFSS IRTESS IRTS ISCOD ITEMM IUT LEGTA LEGTAF LEGTPA LIES MFR MFREO
SARL SCOP SNCF UDAPEI UFCV UFR UIMM URFFC URMA
"""
