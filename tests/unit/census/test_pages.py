"""Pages of the census are built from values."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

from search_app.base.errors import Fault
from search_app.census.answer import CensusResults, Found, NearestSite, OfferCounts
from search_app.census.gaps import to_gap
from search_app.census.params import FACETS, CensusParams
from search_app.census.present import to_provider
from search_app.pages.providers.body_page import FIRST_SITES, About, build_body_page
from search_app.pages.providers.card import to_card
from search_app.pages.providers.gaps_page import build_gaps_page
from search_app.pages.providers.list_page import build_census_fault_page, build_census_page
from search_app.pages.providers.outline import HEIGHT, WIDTH, draw, outlines, project
from search_app.pages.shared.layout import Page
from search_app.pages.shared.render import render
from search_app.search.results import FacetRow
from tests.unit.census.census_samples import COUNTED, STORED, UNKNOWN, VIEW

RESULTS = CensusResults(
    total=45, page=2, size=20, pages=3, edition="2026-11-20", edition_told=True, approximate=False, place=None,
    results=[VIEW, UNKNOWN], found=[],
    facets={name: [FacetRow(next(iter(values)), "x", 3, False)] for name, values in FACETS.items()},
)  # fmt: skip


def html_of(template: str, page: Page) -> str:
    return render(f"providers/{template}.html", page).decode()


def test_list_tells_each_body_with_its_town_and_links_of_its_pages() -> None:
    page = build_census_page(CensusParams(q="ecole", state=("active",), page=2), RESULTS, None)
    told, unknown = page.cards
    assert (told.name, told.town) == ("École des métiers du Tarn", "Albi")
    assert told.also == "Aussi connu comme\u00a0: EMT, Ecole des métiers"
    assert (unknown.name, unknown.town) == ("Organisme non nommé", "Ville non connue")
    assert page.paging
    assert page.paging.previous == "/organismes?q=ecole&state=active"
    assert page.paging.following == "/organismes?q=ecole&state=active&page=3"
    assert [chip.href for chip in page.chips] == ["/organismes?state=active", "/organismes?q=ecole"]
    assert [link.href for link in page.downloads] == [
        f"/api/v1/providers{end}?q=ecole&state=active" for end in (".csv", ".ndjson", "")
    ]
    assert not page.layout.indexed
    assert build_census_page(CensusParams(), replace(RESULTS, page=1), None).layout.indexed
    assert "édition du 20 novembre 2026" in html_of("list", page)


def test_without_register_the_list_says_so() -> None:
    page = build_census_page(CensusParams(), replace(RESULTS, edition=None), None)
    assert page.edition.startswith("Aucune liste publique n’est chargée")


def test_day_of_loading_is_not_told_as_the_date_of_the_list() -> None:
    page = build_census_page(CensusParams(), replace(RESULTS, edition_told=False), None)
    told = "Liste publique des organismes de formation chargée le 20 novembre 2026 (date de l’édition non connue)."
    assert page.edition == told
    body = build_body_page(to_provider(STORED | {"untold_dates": ["2026-11-20"]}, COUNTED), About(None, 0))
    html = html_of("body", body)
    assert "édition du" not in html
    assert "d’après la liste publique des organismes de formation chargée le 20 novembre 2026 (date de" in html
    assert "répertoire Sirene du 19 novembre 2026" in html


def test_page_beyond_the_last_leads_back() -> None:
    page = build_census_page(CensusParams(page=9), replace(RESULTS, page=9, results=[]), None)
    assert page.beyond
    assert page.beyond.href == "/organismes?page=3"
    assert "Aucun organisme ne correspond" not in html_of("list", page)
    empty = build_census_page(CensusParams(q="x"), replace(RESULTS, total=0, pages=0, page=1, results=[]), None)
    assert "Aucun organisme ne correspond" in html_of("list", empty)


def test_many_names_are_cut_on_cards() -> None:
    names = [replace(VIEW.also[0], name=f"Nom {number}") for number in range(7)]
    also = to_card(replace(VIEW, also=names)).also
    assert also
    assert also.endswith("Nom 0, Nom 1, Nom 2 et 4 autres")


def test_name_that_the_words_mean_is_first_and_the_nearest_site_is_told() -> None:
    near = NearestSite("10000000900018", "LABEGE", "Toulouse", 9.4)
    card = to_card(VIEW, Found(VIEW.siren, "GRETA DU TARN", near))
    assert (card.name, card.main_name) == ("GRETA du Tarn", "École des métiers du Tarn")
    assert card.nearest
    assert card.nearest.replace("\u00a0", " ") == "Établissement connu le plus proche de Toulouse : Labège, à 9,4 km"
    there = to_card(VIEW, Found(VIEW.siren, None, replace(near, distance_km=0.0)))
    assert (there.name, there.main_name) == ("École des métiers du Tarn", None)
    assert there.nearest == "Un établissement à Toulouse"
    page = build_census_page(CensusParams(q="greta"), replace(RESULTS, found=[Found(VIEW.siren, "GRETA", near)]), None)
    html = html_of("list", page)
    assert "— École des métiers du Tarn" in html
    assert "Établissement connu le plus proche de Toulouse" in html


def test_body_without_town_is_told_by_the_departments_of_its_offers() -> None:
    assert to_card(replace(UNKNOWN, department=["81", "31"])).town.endswith("offres\u00a0: Tarn, Haute-Garonne")
    assert to_card(UNKNOWN).town == "Ville non connue"


@pytest.mark.parametrize(
    ("params", "folded"), [(CensusParams(), False), (CensusParams(gap=("no-name",)), True), (CensusParams(q="x"), True)]
)
def test_form_is_folded_on_phones_once_something_is_asked(params: CensusParams, folded: bool) -> None:
    page = build_census_page(params, RESULTS, None)
    assert (page.asked is not None) == folded
    assert ('<details class="band">' in html_of("list", page)) == folded
    if params.gap:
        assert page.asked
        assert page.asked.conditions == "Sans nom"


def test_faults_stand_at_their_fields() -> None:
    faults = [
        Fault("state", "x", "…", "state : cette valeur n’est pas dans la liste."),
        Fault("place", "Abli", "…", "place : ce lieu est inconnu.", nearest=("Albi",)),
        Fault("page", "0", "…", "page : trop petit."),
    ]
    page = build_census_fault_page((("state", "x"), ("place", "Abli"), ("page", "0")), faults, None)
    assert [fault.href for fault in page.faults] == ["#champ-state", "#champ-place", "#champ-page"]
    assert page.faults[1].instead[0].href == "/organismes?state=x&page=0&place=Albi"
    html = html_of("list", page)
    for name in ("state", "place", "page"):
        assert f'id="champ-{name}"' in html
        assert f'id="erreur-{name}"' in html


def test_form_keeps_what_has_no_field() -> None:
    params = CensusParams(lat=43.9, lon=2.1, size=50, domain=("230", "150"))
    form = build_census_page(params, RESULTS, None).form
    assert form.hidden == (("lat", "43.9"), ("lon", "2.1"), ("size", "50"), ("domain", "150"))
    assert [choice.value for choice in form.domain.choices if choice.selected] == ["230"]


def test_body_page_tells_names_facts_sites_and_questions() -> None:
    page = build_body_page(VIEW, About(None, 3, public_url="https://b.example", contact="aide@b.example"))
    assert page.layout.title == "École des métiers du Tarn, Albi"
    assert page.also == ("EMT (sigle)", "Ecole des métiers (nom comme organisme formateur)")
    assert page.offers
    assert page.offers.href == "/offres?provider=100000009&upcoming=true"
    assert [value.href for value in page.brief[-1].values] == [
        "/offres?provider=100000009",
        "/offres?trainer=100000009",
    ]
    assert page.sites[1].town == "1 RUE NEUVE, 81000 Albi"
    assert page.sites[0].notes == ("en question", "indiqué fermé", "dans la liste publique", "cité par des offres")
    assert page.map
    assert (len(page.map.marks), page.map.left_out) == (1, 1)
    assert len(page.questions) == 2
    assert page.questions[0].origin == "Source\u00a0: répertoire Sirene du 19 novembre 2026."
    assert page.correct
    assert (page.correct.href or "").startswith("mailto:aide@b.example?subject=Organisme%20100000009")
    html = html_of("body", page)
    assert html.count("outline-mark") == 1
    assert "application/ld+json" in html


def test_question_leads_to_its_offers_and_to_whom_to_write() -> None:
    about = About(None, 3, public_url="https://b.example", contact="aide@b.example")
    page = build_body_page(VIEW, about)
    closed = page.questions[0]
    assert [(link.text, link.href) for link in closed.links] == [
        ("Voir les 12\u00a0offres au catalogue", "/offres?provider=100000009")
    ]
    assert closed.correct
    told = unquote(closed.correct.href or "")
    assert told.startswith("mailto:aide@b.example?subject=Organisme 100000009")
    assert "SIREN 100000009" in told
    assert closed.text in told
    assert "répertoire Sirene du 19 novembre 2026" in told
    delivers = replace(VIEW, offers=OfferCounts(0, 0), gaps=[to_gap({"code": "delivers-only", "source": "catalogue"})])
    (question,) = build_body_page(delivers, about).questions
    assert [(link.text, link.href) for link in question.links] == [
        ("Voir les 3\u00a0offres que cet organisme assure", "/offres?trainer=100000009")
    ]
    silent = replace(VIEW, gaps=[to_gap({"code": "no-offer", "source": "list"})])
    assert build_body_page(silent, about).questions[0].links == ()
    shared = replace(VIEW, gaps=[to_gap({"code": "shared-name", "source": "catalogue", "detail": ["ecole"]})])
    assert build_body_page(shared, about).questions[0].links[1].href == "/organismes?q=ecole&gap=shared-name"


def test_without_contact_the_page_says_so() -> None:
    html = html_of("body", build_body_page(VIEW, About(None, 0)))
    assert "mailto:" not in html
    assert html.count("Ce site n’indique aucune adresse à laquelle écrire") == 2
    assert html.index("titre-questions") < html.index("Ses formations à venir") < html.index("titre-sites")
    gaps = html_of("gaps", build_gaps_page(RESULTS, None, ""))
    assert "Ce site n’indique aucune adresse" in gaps


def test_sites_in_question_are_the_first() -> None:
    gap = to_gap({"code": "site-unknown", "source": "list", "detail": ["10000000900018"]})
    rows = build_body_page(replace(VIEW, gaps=[gap]), About(None, 0)).sites
    assert [(row.siret, row.notes[0]) for row in rows] == [
        ("10000000900018", "en question"), ("10000000900026", "indiqué fermé")
    ]  # fmt: skip


def test_wrong_siren_is_a_question() -> None:
    questions = build_body_page(replace(VIEW, siren="999999999", gaps=[]), About(None, 0)).questions
    assert [question.text[:34] for question in questions] == ["Le SIREN 999\u00a0999\u00a0999 est-il le bon"]
    assert build_body_page(replace(VIEW, gaps=[]), About(None, 0)).questions == ()


def test_body_known_from_the_catalogue_alone_has_a_page() -> None:
    page = build_body_page(UNKNOWN, About(None, 0))
    html = html_of("body", page)
    assert (page.map, page.offers, page.questions) == (None, None, ())
    assert html.count("Non connu") >= 4
    assert "Aucune offre à venir" in html


def test_many_sites_are_folded() -> None:
    page = build_body_page(replace(VIEW, sites=VIEW.sites * 10), About(None, 0))
    assert (len(page.sites), len(page.more_sites)) == (FIRST_SITES, 20 - FIRST_SITES)


def test_gaps_page_counts_lists_and_downloads_each_gap() -> None:
    facets = {**RESULTS.facets, "gap": [FacetRow("no-name", "Sans nom", 3, False)]}
    page = build_gaps_page(replace(RESULTS, facets=facets), None, "")
    (row,) = page.rows
    assert (row.count, row.href) == (3, "/organismes?gap=no-name")
    assert (row.csv, row.ndjson) == ("/api/v1/providers.csv?gap=no-name", "/api/v1/providers.ndjson?gap=no-name")
    assert len(page.absent) == len(FACETS["gap"]) - 1
    assert "Sans nom" in html_of("gaps", page)


def test_gaps_page_is_cut_by_place_and_so_are_its_lists() -> None:
    facets = {**RESULTS.facets, "gap": [FacetRow("no-name", "Sans nom", 3, False)]}
    area = CensusParams(region=("76",), department=("81",))
    page = build_gaps_page(replace(RESULTS, facets=facets), None, "", area, 2)
    named, nameless = page.rows
    assert named.href == "/organismes?gap=no-name&region=76&department=81"
    assert named.csv == "/api/v1/providers.csv?gap=no-name&region=76&department=81"
    assert (nameless.href, nameless.count, nameless.csv) == (
        *("/offres?provider=unknown&region=76&department=81", 2),
        "/api/v1/offers.csv?provider=unknown&region=76&department=81",
    )
    assert page.area == "Occitanie, Tarn"
    assert [next(each.value for each in field.choices if each.selected) for field in page.fields] == ["76", "81"]
    assert not page.layout.indexed
    assert "2\u00a0offres" in html_of("gaps", page)


@pytest.mark.parametrize(("lon", "lat"), [(55.5, -21.1), (None, None), (2.1, None)])
def test_sites_overseas_or_without_position_are_not_on_the_map(lon: float | None, lat: float | None) -> None:
    assert draw([(lon, lat, "x")], "") is None
    drawn = draw([(lon, lat, "x"), (2.15, 43.93, "Albi"), (2.15, 43.93, "Albi")], "")
    assert drawn
    assert drawn.left_out == 1
    assert [mark.title for mark in drawn.marks] == ["Albi"]


def test_outline_is_small_and_within_its_frame() -> None:
    path = outlines()
    assert path.count("M") > 200
    assert len(path) < 20_000
    x, y = project(2.35, 48.85)  # Paris: in the upper half, a little right of the middle
    assert 0.45 < x / WIDTH < 0.6
    assert 0.15 < y / HEIGHT < 0.35
