"""Names of places among words: the longest name, whole titles, areas, codes beside names, ordinary words."""

from dataclasses import dataclass
from datetime import date

import pytest

from language.lexicon import Lexicon
from mappings.reference import Commune, Reference
from search_app.search.places.build import build_place_finder
from search_app.search.understand import Understander, Understanding

TODAY = date(2026, 11, 29)


@dataclass(frozen=True)
class Town:
    insee: str
    name: str
    codes: tuple[str, ...]
    population: int
    department: str
    region: str

    def row(self) -> Commune:
        return Commune(
            self.insee, self.name, self.codes, self.population, self.department, self.region, 44.0, 2.0
        )  # one point serves: no distance is asked


TOWNS = [
    Town("94052", "Nogent-sur-Marne", ("94130",), 33_000, "94", "11"),
    Town("47323", "Villeneuve-sur-Lot", ("47300",), 21_800, "47", "75"),
    Town("37233", "Saint-Pierre-des-Corps", ("37700",), 15_600, "37", "24"),
    Town("97416", "Saint-Pierre", ("97410",), 85_000, "974", "04"),
    Town("35360", "Vitré", ("35500",), 18_900, "35", "53"),
    Town("97120", "Pointe-à-Pitre", ("97110",), 14_000, "971", "01"),
    Town("78362", "Mantes-la-Ville", ("78711",), 20_500, "78", "11"),
    Town("58194", "Nevers", ("58000",), 33_000, "58", "27"),
    Town("33063", "Bordeaux", ("33000",), 268_000, "33", "75"),
    Town("69123", "Lyon", ("69001", "69003"), 519_000, "69", "84"),
    Town("69383", "Lyon 3e Arrondissement", ("69003",), 102_000, "69", "84"),
    Town("59350", "Lille", ("59000",), 238_000, "59", "32"),
    Town("75056", "Paris", ("75001",), 2_100_000, "75", "11"),
    Town("72181", "Le Mans", ("72000",), 146_000, "72", "52"),
    Town("50129", "Cherbourg-en-Cotentin", ("50100",), 78_000, "50", "28"),
    Town("62065", "Avion", ("62210",), 17_400, "62", "32"),
    Town("93066", "Saint-Denis", ("93200",), 149_000, "93", "11"),
    Town("97411", "Saint-Denis", ("97400",), 155_000, "974", "04"),
    Town("54407", "Mousson", ("54700",), 100, "54", "44"),
    Town("54431", "Pont-à-Mousson", ("54700",), 14_500, "54", "44"),
    Town("73006", "Aime", ("73210",), 4_400, "73", "84"),
    Town("14333", "L'Hôtellerie", ("14100",), 250, "14", "28"),
]
WORDS = (
    "plombier", "secretaire", "vitre", "avion", "pilote", "hotellerie", "pont", "informatique", "anglais",
    "licence", "marne", "lot", "bordeaux", "nevers", "hauts", "france", "bretagne", "creuse", "lyon",
)  # fmt: skip
LEXICON = Lexicon(
    words=dict.fromkeys(WORDS, 4),
    titles=[
        ("Plombier", 4), ("Secrétaire", 2), ("Pilote d'avion", 2), ("Management de l'hôtellerie", 2),
        ("Licence d'anglais de Bordeaux", 1), ("Ingénieur diplômé de l'université de Lyon, informatique", 1),
        ("Assistant de vie en Creuse", 1),
    ],
)  # fmt: skip
UNDERSTANDER = Understander(LEXICON, build_place_finder(Reference(communes={town.insee: town.row() for town in TOWNS})))


def understand(typed: str) -> Understanding:
    return UNDERSTANDER.understand(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "words", "place"),
    [
        # of names that end at one word, the longest; and none inside it
        ("plombier nogent sur marne", "plombier", "Nogent-sur-Marne (94)"),
        ("villeneuve sur lot", "", "Villeneuve-sur-Lot (47)"),
        ("à saint pierre des corps", "", "Saint-Pierre-des-Corps (37)"),
        ("plombier à saint pierre", "plombier", "Saint-Pierre (974)"),
        ("pointe a pitre", "", "Pointe-à-Pitre (971)"),
        ("à Mantes-la-Ville", "", "Mantes-la-Ville (78)"),
        ("plombier pont a mousson", "plombier", "Pont-à-Mousson (54)"),
        # that a word occurs in the catalogue is no reason
        ("secretaire à nevers", "secretaire", "Nevers (58)"),
        ("plombier nevers", "plombier", "Nevers (58)"),
        ("bordeaux", "", "Bordeaux (33)"),
        ("informatique lyon", "informatique", "Lyon (69)"),
        ("plombier bordeaux urgent", "plombier", "Bordeaux (33)"),
        # areas
        ("plombier hauts de france", "plombier", "Hauts-de-France (région)"),
        ("bretagne", "", "Bretagne (région)"),
        ("plombier creuse", "plombier", "Creuse (département 23)"),
        ("plombier la réunion", "plombier", "La Réunion (département 974)"),
        ("plombier idf", "plombier", "Île-de-France (région)"),
        ("plombier alsace", "plombier", "Grand Est (région)"),
        # a code tells namesakes apart, and belongs to the name
        ("plombier lille 59", "plombier", "Lille (59)"),
        ("plombier paris 75000", "plombier", "Paris (75)"),
        ("saint denis 93", "", "Saint-Denis (93)"),
        ("saint-denis (93) plombier", "plombier", "Saint-Denis (93)"),
        ("59000, Lille", "", "Lille (59)"),
        ("plombier 59 000", "plombier", "59000"),
        ("plombier lyon 3e", "plombier", "Lyon 3e Arrondissement (69)"),
        ("plombier dans le 93", "plombier", "Seine-Saint-Denis (département 93)"),
        ("plombier du 13", "plombier", "Bouches-du-Rhône (département 13)"),
        ("dept 59", "", "Nord (département 59)"),
        # misspelt, also as another form of the town's own name
        ("plombier bordeau", "plombier", "Bordeaux (33)"),
        ("plombier neverss", "plombier", "Nevers (58)"),
        # contracted articles, short names
        ("plombier au mans", "plombier", "Le Mans (72)"),
        ("plombier cherbourg", "plombier", "Cherbourg-en-Cotentin (50)"),
        ("plombier à Avion", "plombier", "Avion (62)"),
        ("avion 62", "", "Avion (62)"),
    ],
)
def test_place_is_found_among_words(typed: str, words: str, place: str) -> None:
    meant = understand(typed)
    assert (meant.words, meant.parameters) == (words, {"place": place})


@pytest.mark.parametrize(
    "typed",
    [
        "Licence d'anglais de Bordeaux", "licence anglais bordeaux", "management hôtellerie", "plombier hôtellerie",
        "plombier pont", "j'aime pas l'anglais", "plombier des lyon", "lyon de la mode",
    ],
)  # fmt: skip
def test_words_that_are_no_place_stay_words(typed: str) -> None:
    assert understand(typed).parameters == {}


def test_town_of_an_ordinary_word_is_told_where_it_is_not_taken() -> None:
    meant = understand("plombier avion")
    assert (meant.words, meant.parameters, meant.other_places) == ("plombier avion", {}, ("Avion (62)",))


def test_towns_beside_the_place_are_told() -> None:
    assert understand("plombier bordeaux ou lyon").other_places == ("Bordeaux (33)",)
    assert understand("plombier saint-denis").other_places == ("Saint-Denis (93)",)
