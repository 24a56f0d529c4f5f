"""Sitemaps list what has a page, once, with the time of its latest news, which an unchanged load does not move."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from search_app.pages.crawlers import urlset
from search_app.pages.subjects.subjects import FEWEST
from tests.engine.installation import Action, Installation
from tests.engine.loaded import LoadedApp, serve

SITEMAP = {"s": urlset.NAMESPACE}
OF_WELDING = "<domaine-formation><code-FORMACODE>23026</code-FORMACODE><code-ROME>H2913</code-ROME></domaine-formation>"
AT_ALBI = (
    '<lieu-de-formation><coordonnees numero="1"><adresse numero="2"><codepostal>81000</codepostal><ville>Albi</ville>'
    "<code-INSEE-commune>81004</code-INSEE-commune></adresse></coordonnees></lieu-de-formation>"
)


def locs_of(app: LoadedApp, path: str, element: str = "url") -> Iterator[tuple[str, str | None]]:
    answer = app.get(path)
    assert answer.status == 200, path
    for row in etree.fromstring(answer.content).findall(f"s:{element}", SITEMAP):
        yield urlsplit(str(row.findtext("s:loc", None, SITEMAP))).path, row.findtext("s:lastmod", None, SITEMAP)


def listed(app: LoadedApp) -> dict[str, str | None]:
    """Every address of every sitemap with its date."""
    rows = [row for part, _ in locs_of(app, "/sitemap.xml", "sitemap") for row in locs_of(app, part)]
    assert len({path for path, _ in rows}) == len(rows), "an address is listed twice"
    return dict(rows)


def test_sitemaps_list_every_page_of_the_portal_that_may_be_indexed(loaded_app: LoadedApp) -> None:
    paths = listed(loaded_app).keys()
    found = loaded_app.get("/api/v1/offers?upcoming=true&size=1&facet_size=1000").json()
    for name, start in (("rome", "/metiers/"), ("domain", "/domaines/"), ("department", "/territoires/departement-"),
                        ("region", "/territoires/region-")):  # fmt: skip
        enough = {row["value"] for row in found["facets"][name] if row["count"] >= FEWEST}
        codes = [path.removeprefix(start).partition("-")[0] for path in paths if path.startswith(start)]
        assert {code for code in codes if "/" not in code} == enough, name
    trainings = loaded_app.get("/api/v1/offers?upcoming=true&group=training&size=1").json()["trainings"]
    assert sum(path.startswith("/formations/") for path in paths) == trainings
    assert any(path.count("/") == 3 for path in paths if path.startswith("/metiers/"))
    assert any(path.startswith("/territoires/commune-") for path in paths)


def test_listed_pages_are_canonical_and_dated(loaded_app: LoadedApp) -> None:
    dated = listed(loaded_app)
    bodies = {path for path in dated if re.fullmatch(r"/organismes/\d{9}", path)}  # of the census, which has no news
    assert bodies
    always = {path for path, lastmod in dated.items() if lastmod is None} - bodies
    assert always == {path for path, _ in locs_of(loaded_app, "/sitemap-pages.xml")}
    for path in sorted(dated)[:: max(1, len(dated) // 60)]:
        page = loaded_app.client.get(path, follow_redirects=False)
        assert page.status_code == 200, path
        assert f'<link rel="canonical" href="{path}">' in page.text, path


@pytest.mark.parametrize("path", ["formations-0-1", "formations-2-1", "formations-1-9999", "metiers-z", "metiers-aa"])
def test_an_impossible_part_is_not_there(loaded_app: LoadedApp, path: str) -> None:
    assert loaded_app.get(f"/sitemap-{path}.xml").status == 404


def record(number: str, *sessions: str) -> str:
    """A record of welding at Albi."""
    plain = Action(number, title=f"Soudage {number}", sessions=sessions).to_xml()
    placed = plain.replace(f'<action numero="{number}">', f'<action numero="{number}">{AT_ALBI}')
    return placed.replace("<intitule-formation>", f"{OF_WELDING}<intitule-formation>")


@contextmanager
def restarted(installation: Installation) -> Iterator[LoadedApp]:
    with serve(installation.engine_url, installation.prefix) as app:
        yield app


def test_only_news_moves_a_date(engine_url: str, index_prefix: str, tmp_path: Path) -> None:
    installation = Installation(engine_url, index_prefix, tmp_path)
    records = [record(f"A{number}", f"S{number}") for number in range(1, 5)]

    def load(*given: str) -> dict[str, str | None]:
        assert installation.load(*given).status == 0
        with restarted(installation) as app:
            return listed(app)

    first = load(*records)
    assert {"/domaines/230-soudage-chaudronnerie-usinage", "/metiers/H2913",
            "/metiers/H2913/81-tarn", "/territoires/region-76-occitanie",
            "/territoires/departement-81-tarn"} < first.keys()  # fmt: skip
    assert load(*records) == first
    assert load(records[0].replace("Préparer", "Apprêter"), *records[1:]) == first, "another text is no news"

    later = load(record("A1", "S1", "S5"), *records[1:])
    of_others = {path for path in later if path.startswith(("/offres/", "/formations/")) and later[path] == first[path]}
    assert len(of_others) == 6, "the offers and trainings of the three other records"
    documents = {path for path in later if path.startswith("/documents/")}
    assert {later[path] for path in documents} == {first[path] for path in documents}, "no load writes documents anew"
    moved = {path for path, lastmod in later.items() if lastmod is not None} - of_others - documents
    assert all((later[path] or "") > (first[path] or "") for path in moved)
    assert {"/domaines/230-soudage-chaudronnerie-usinage", "/metiers/H2913/81-tarn"} < moved
