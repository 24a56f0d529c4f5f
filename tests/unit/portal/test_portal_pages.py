"""Pages of the portal as values: everyday names, items, paging, neighbours, what is kept and for how long."""

import asyncio
from typing import Any

import pytest

from mappings.reference import Reference
from search_app.base.errors import NotFound
from search_app.pages.home.page import MOST_DOMAINS, HomeCounts, build_home_page, entries_of
from search_app.pages.portal.frame import Site
from search_app.pages.portal.index_pages import build_domains_page, build_jobs_page, build_territories_page
from search_app.pages.portal.items import build_items
from search_app.pages.portal.list_page import build_list_page
from search_app.pages.portal.missing_page import build_missing_page
from search_app.pages.portal.paging import build_paging, read_number
from search_app.pages.shared.render import render
from search_app.pages.subjects.everyday import OTHERS
from search_app.pages.subjects.kept import Kept
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import Subject, to_department, to_domain, to_job, to_region, to_training
from search_app.search.facets.everyday import BadTable, everyday, read_everyday
from search_app.search.reference_data import Snapshot
from search_app.search.results import TrainingView
from tests.unit.pages.pages_samples import TODAY, card, results

JOBS = {"F1701": "Construction en béton", "F1703": "Maçonnerie", "H2913": "Soudage manuel", "M1203": "Comptabilité"}
SNAPSHOT = Snapshot(Reference(rome=JOBS, formacode={"345": "Commercialisation"}))
OVERVIEW = Overview(
    100,
    {
        "rome": {"F1703": 40, "M1203": 30, "H2913": 20, "F1701": 3, "N1105": 4, "A1201": 2},
        "domain": {"345": 50, "223": 40, "538": 3, "230": 2},
        "region": {"76": 60, "11": 40},
        "department": {"81": 30, "31": 30, "75": 40, "12": 2},
    },
)


def row(group: str, code: str, name: str) -> dict[str, str]:
    return {"group": group, "code": code, "name": name}


@pytest.mark.parametrize(
    "rows",
    [
        [row("a", "220", "x"), row("b", "220", "y")],
        [row("a", "220", "x"), row("a", "221", "x")],
        [row("a", "22", "x")],
        [row("a", "22001", "x")],
        [row("a", "538", "x")],
        [row("a", "220", "")],
        [row("", "220", "x")],
    ],
)
def test_a_wrong_row_of_everyday_names_is_refused(rows: list[dict[str, str]]) -> None:
    with pytest.raises(BadTable):
        read_everyday(rows)


def test_everyday_names_stand_in_groups_of_everyday_words() -> None:
    table = everyday()
    assert sorted(code for codes in table.groups.values() for code in codes) == sorted(table.names)
    assert len(table.groups) >= 12
    assert table.names["345"] == "Vente et magasin"


def test_every_domain_with_a_page_stands_in_one_group_or_among_the_others() -> None:
    page = build_domains_page(OVERVIEW, SNAPSHOT, Site())
    links = {link.href: section.title for section in page.sections for link in section.links}
    assert links == {
        "/domaines/223-maconnerie-charpente-couverture": "Bâtiment et travaux publics",
        "/domaines/345-vente-et-magasin": "Commerce et vente",
        "/domaines/538": OTHERS,
    }
    assert sum(len(section.links) for section in page.sections) == len(links)
    (sale,) = (link for section in page.sections for link in section.links if "345" in link.href)
    assert (sale.detail, sale.count) == ("Commercialisation", 50)


def test_jobs_stand_by_family_and_by_letter_with_those_without_a_label() -> None:
    page = build_jobs_page(OVERVIEW, SNAPSHOT, Site())
    families = {section.title: [link.label for link in section.links] for section in page.sections}
    assert families == {
        "Construction, bâtiment, travaux publics": ["Construction en béton", "Maçonnerie"],
        "Industrie": ["Soudage manuel"],
        "Support à l’entreprise": ["Comptabilité"],
        "Transport et logistique": ["Code ROME N1105"],
    }
    letters = [(section.title, len(section.links)) for section in page.letters]
    assert letters == [("C", 3), ("M", 1), ("S", 1)]


def test_territories_stand_by_region() -> None:
    page = build_territories_page(OVERVIEW, Site())
    assert [(section.title, [link.count for link in section.links]) for section in page.sections] == [
        ("Île-de-France", [40, 40]),
        ("Occitanie", [60, 30, 30]),
    ]


def test_offers_of_one_training_stand_together_under_its_title() -> None:
    other = card(title="CAP coiffure", training=TrainingView("training2346", None, None))
    items = build_items([card(), other, card(url="/offres/bbbbbbbbbbbb")], TODAY)
    assert [(item.title, item.href, len(item.lines)) for item in items] == [
        ("CAP maçon", "/formations/training2345-cap-macon", 2),
        ("CAP coiffure", "/formations/training2346-cap-coiffure", 1),
    ]
    assert items[0].lines[0].text == "Les Ateliers · Albi (81) · 1er\xa0mars 2027"


@pytest.mark.parametrize("text", ["0", "01", "-1", "x", "1.0", "", "201", "999", "999999", "١"])
def test_a_number_that_no_page_has_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        read_number(text)


def test_every_page_of_a_list_links_all_others() -> None:
    paging = build_paging(to_domain("345", SNAPSHOT), 2, 101)
    assert paging is not None
    start = "/domaines/345-vente-et-magasin"
    assert [link.href for link in paging.links] == [start, f"{start}/page/2", f"{start}/page/3"]
    assert (paging.previous, paging.following, paging.cut) == (start, f"{start}/page/3", False)
    assert build_paging(to_domain("345", SNAPSHOT), 1, 50) is None


def test_a_list_of_too_few_offers_is_not_indexed_but_a_training_of_one_is() -> None:
    def layout(subject: Subject | None) -> Any:
        assert subject is not None
        return build_list_page(subject, results(card()), (), (), Site("https://a.example/")).layout

    assert layout(to_domain("345", SNAPSHOT)).indexed is False
    assert layout(to_training("training2345", "CAP maçon")).indexed is True
    assert layout(to_region("76")).canonical == "/territoires/region-76-occitanie"
    assert '"https://a.example/offres/abcdefghijkl"' in layout(to_department("81")).structured


@pytest.mark.parametrize(("code", "offers", "said"), [("345", 1, "noindex"), ("345", 3, "canonical")])
def test_a_page_says_that_it_is_canonical_or_not_to_be_indexed(code: str, offers: int, said: str) -> None:
    page = build_list_page(to_domain(code, SNAPSHOT), results(*[card()] * offers), (), (), Site())
    shown = render("portal/list.html", page).decode()
    told = {"noindex": '<meta name="robots" content="noindex">', "canonical": '<link rel="canonical" href="/domaines/'}
    assert [name for name, text in told.items() if text in shown] == [said]


@pytest.mark.parametrize(
    ("kind", "segment", "first"),
    [
        ("jobs", "F1704-couverture", "/metiers/F1703-maconnerie"),
        ("jobs", "soudage", "/metiers/H2913-soudage-manuel"),
        ("jobs", "Z9999-comptabilite", "/metiers/M1203-comptabilite"),
        ("domains", "346-vente", "/domaines/345-vente-et-magasin"),
        ("territories", "departement-32-gers", "/territoires/departement-31-haute-garonne"),
        ("territories", "region-0-occitanie", "/territoires/region-76-occitanie"),
        ("trainings", "aaaaaaaaaaaa-vente", "/domaines/345-vente-et-magasin"),
        ("jobs", "Z9999-x", "/metiers/F1703-maconnerie"),
    ],
)
def test_what_is_missing_leads_to_what_is_nearest(kind: str, segment: str, first: str) -> None:
    page = build_missing_page(kind, segment, OVERVIEW, SNAPSHOT, None)
    assert page.near[0].href == first
    assert page.layout.indexed is False
    assert page.layout.canonical is None


def test_home_names_six_entries_with_their_counts_and_everyday_domains() -> None:
    page = build_home_page(HomeCounts(OVERVIEW, range(6)), TODAY, SNAPSHOT, None, "Centre Exemple, 4 rue des Essais")
    assert [entry.count for entry in page.entries] == [0, 1, 2, 3, 4, 5]
    assert [entry.title for entry in page.entries] == [entry.title for entry in entries_of(TODAY)]
    assert [link.href for link in page.browse] == ["/domaines", "/metiers", "/territoires"]
    assert [link.label for link in page.domains][:2] == ["Vente et magasin", "Maçonnerie, charpente, couverture"]
    assert (page.total, page.editor) == ("100\xa0offres", "Centre Exemple")
    many = Overview(1, {"domain": {str(code): 9 for code in range(200, 240)}})
    assert len(build_home_page(HomeCounts(many, range(6)), TODAY, SNAPSHOT, None).domains) == MOST_DOMAINS


def test_home_without_an_engine_states_no_count() -> None:
    page = build_home_page(None, TODAY, SNAPSHOT, None)
    assert (page.engine_down, page.total, page.domains, page.regions) == (True, None, (), ())
    assert all(entry.count is None for entry in page.entries)


def test_a_value_is_kept_until_the_version_changes_and_the_oldest_go_first() -> None:
    kept, made = Kept(most=2), []

    async def ask(version: object, name: str) -> str:
        async def make() -> str:
            made.append((version, name))
            return f"{name}{version}"

        return await kept.get(version, name, make)

    async def asked() -> list[str]:
        return [await ask(version, name) for version, name in
                ((1, "a"), (1, "b"), (1, "a"), (1, "c"), (1, "b"), (2, "b"), (1, "b"))]  # fmt: skip

    assert asyncio.run(asked()) == ["a1", "b1", "a1", "c1", "b1", "b2", "b1"]
    assert made == [(1, "a"), (1, "b"), (1, "c"), (1, "b"), (2, "b"), (1, "b")]
    assert len(kept) == 1


def test_what_was_made_while_the_version_changed_is_not_kept_as_the_new_one() -> None:
    kept = Kept()

    async def asked() -> list[str]:
        async def of_new() -> str:
            return "new"

        async def of_old() -> str:
            await kept.get(2, "b", of_new)
            return "old"

        return [await kept.get(1, "a", of_old), await kept.get(2, "a", of_new)]

    assert asyncio.run(asked()) == ["old", "new"]


def test_the_address_of_a_job_has_its_code_and_name() -> None:
    assert to_job("F1703", SNAPSHOT).path == "/metiers/F1703-maconnerie"
    assert to_job("N1105", SNAPSHOT).path == "/metiers/N1105"
