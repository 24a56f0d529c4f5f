"""Rules of the vocabulary on a real engine: each does what it is for, and they change without a break."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from language.lexicon import Lexicon, unpack_lexicon
from search_app.search.params.search_params import SearchParams
from search_app.search.query import SearchRequest, build_search_body
from search_app.search.understand import Understander, Understanding
from synonyms import OWN_RULES, Rule, read_rules, strangers
from tests.engine.installation import Action, Installation
from tests.engine.loaded import TODAY, LoadedApp, serve

RULES = read_rules(OWN_RULES)
ENOUGH_TRIED = 110  # rules of the project whose words the fixtures have
# Rules that look in vain in the fixtures, which have their words in other company only
IN_VAIN = {
    ("safety", "DUERP"), ("training", "POEI"), ("building", "travaux publics"), ("food", "HACCP"),
    ("training", "apprendre le français"),
    ("safety", "PRAP"), ("safety", "gestes et postures"),  # the meaning of the words leads there, too
}  # fmt: skip
HITS = 30  # that are compared: three pages
HEADER = "words;kind;means;beside;jobs;example;comment\n"
SLANG = "bidouille;one-way;soudure à l'arc;;;bidouille;Mot inventé pour ce test.\n"


@dataclass(frozen=True)
class Found:
    """What a query finds: how many offers, the first of them, and how it was understood."""

    total: int
    ids: tuple[str, ...]
    meant: Understanding


class Fixtures:
    """Searches over the loaded fixtures with any rules; what the catalogue explains itself is left out."""

    def __init__(self, loaded: LoadedApp) -> None:
        assert loaded.client.portal is not None
        self._call = loaded.client.portal.call
        self._services = loaded.app.state.services
        stored = self._call(self._services.engine.get_lexicon, "")
        self.lexicon: Lexicon = replace(unpack_lexicon(stored), acronyms={})

    def search(self, query: str, rules: list[Rule]) -> Found:
        meant = Understander(self.lexicon, rules=rules).understand(query, TODAY)
        request = SearchRequest(SearchParams(q=meant.kept, size=HITS), None, TODAY, meant=meant)
        answer: Any = self._call(self._services.engine.search_offers, build_search_body(request))
        ids = tuple(hit["_source"]["id"] for hit in answer["hits"].get("hits", ()))
        return Found(answer["hits"]["total"]["value"], ids, meant)

    def known(self) -> list[Rule]:
        """Return the rules whose words the fixtures have."""
        unknown = strangers(RULES, self.lexicon.words)
        return [rule for rule in RULES if rule not in unknown]


@pytest.fixture(scope="module")
def asked(loaded_app: LoadedApp) -> dict[str, tuple[Rule, Found, Found]]:
    """Each known rule's example, asked without it and with it."""
    fixtures = Fixtures(loaded_app)
    return {
        rule.name: (
            rule,
            fixtures.search(rule.example, [other for other in RULES if other is not rule]),
            fixtures.search(rule.example, RULES),
        )
        for rule in fixtures.known()
    }


Asked = dict[str, tuple[Rule, Found, Found]]


def test_the_fixtures_have_the_words_of_most_rules(asked: Asked) -> None:
    assert len(asked) >= ENOUGH_TRIED


def test_every_example_is_changed_by_its_rule(asked: Asked) -> None:
    idle = [
        name
        for name, (rule, without, having) in asked.items()
        if (without.total, without.ids) == (having.total, having.ids) and (rule.theme, rule.words[0]) not in IN_VAIN
    ]
    assert idle == []


def test_no_rule_leaves_nothing_where_something_was_found(asked: Asked) -> None:
    emptied = [name for name, (_, without, having) in asked.items() if without.total and not having.total]
    assert emptied == []


def test_every_example_is_told_to_be_of_its_rule_and_holds_no_filter(asked: Asked) -> None:
    untold = [name for name, (rule, _, having) in asked.items() if rule not in having.meant.rules]
    filtered = [name for name, (_, _, having) in asked.items() if having.meant.filters]
    assert (untold, filtered) == ([], [])


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("formation fpa", "formateur"),
        ("devenir formateur", "formateur"),
        ("formation advf", "assistant.*vie aux familles|auxiliaire de vie"),
        ("nounou", "petite enfance"),
        ("je veux travailler avec les enfants", "petite enfance|puériculture"),
        ("personnes agées", "vie"),
        ("ifsi", "infirmier"),
        ("femme de ménage", "propreté|entretien"),
        ("bts muc", "management commercial|MCO"),
        ("permis poids lourd", "permis C|transport routier de marchandises"),
        ("chauffeur bus", "transport en commun|permis D"),
        ("conduire un fenwick", "CACES R489|chariot"),
        ("engins tp", "engins"),
        ("tp cuisinier", "cuisinier"),
        ("photoshop", "infographiste|graphiste"),
        ("coder", "développeur|code"),
        ("apprendre l'ordinateur", "numérique|bureautique"),
        ("apprendre le français", "français|fle"),
        ("vigile", "sécurité|ssiap"),
        ("gestes qui sauvent", "secouriste|sst"),
        ("faire des fiches de paie", "paie"),
        ("travailler avec les animaux", "élevage|équidés|soigneur"),
        ("se mettre à son compte", "entreprise"),
        ("je veux changer de métier", "projet professionnel|bilan|métier|emploi"),
        ("préparer le delf", "français|fle"),
    ],
)
def test_what_people_say_finds_what_catalogues_call_otherwise(loaded_app: LoadedApp, query: str, title: str) -> None:
    answer = loaded_app.search({"q": [query]}).json()
    first = [offer["title"] for offer in answer["results"][:3]]
    assert len(first) == 3
    assert [each for each in first if not re.search(title, each, re.I)] == []


def test_an_answer_names_the_rule_that_held(loaded_app: LoadedApp) -> None:
    understood = loaded_app.search({"q": ["formation fpa"]}).json()["understood"]
    (rule,) = understood["rules"]
    assert (rule["theme"], rule["kind"], rule["words"]) == ("training", "equivalent", ["FPA"])
    assert rule["comment"]
    assert "formateur professionnel d'adultes" in understood["variants"]


def test_who_asks_for_the_words_as_typed_gets_no_rule(loaded_app: LoadedApp) -> None:
    understood = loaded_app.search({"q": ["formation fpa"], "verbatim": ["synonyms"]}).json()["understood"]
    assert (understood["rules"], understood["variants"]) == ([], [])


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


@pytest.fixture
def app(installation: Installation) -> Iterator[LoadedApp]:
    """A running app that rereads what is due with each request."""
    installation.load(Action("A1", title="Soudure à l’arc"))
    with (
        patch.dict(os.environ, {"BOUSSOLE_REFRESH_SECONDS": "0.000001"}),
        serve(installation.engine_url, installation.prefix) as app,
    ):
        yield app


def folder_of(installation: Installation, text: str) -> str:
    folder = installation.folder / "rules"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "workshop.csv").write_text(text, encoding="utf-8")
    return str(folder)


def themes_of(app: LoadedApp, query: str) -> list[str]:
    """Return the themes of the rules that hold for a query, as a request after the next reread is answered."""
    app.get("/sources")  # waits for what is due
    return [rule["theme"] for rule in app.search({"q": [query]}).json()["understood"]["rules"]]


def test_a_running_app_takes_up_other_rules_and_the_projects_again(installation: Installation, app: LoadedApp) -> None:
    assert (themes_of(app, "bidouille"), themes_of(app, "fpa")) == ([], ["training"])
    stored = installation.run("synonyms", folder_of(installation, HEADER + SLANG))
    assert (stored.status, stored.out) == (0, "rules: 1; without effect in this catalogue: 0\n")
    assert (themes_of(app, "bidouille"), themes_of(app, "fpa")) == (["workshop"], [])
    assert app.search({"q": ["bidouille"]}).json()["total"] == 1
    assert installation.run("synonyms").status == 0
    assert (themes_of(app, "bidouille"), themes_of(app, "fpa")) == ([], ["training"])


def test_a_load_keeps_the_rules_of_the_installation(installation: Installation, app: LoadedApp) -> None:
    installation.run("synonyms", folder_of(installation, HEADER + SLANG))
    assert installation.load(Action("A1"), Action("A2")).status == 0
    assert themes_of(app, "bidouille") == ["workshop"]


def test_a_bad_rule_changes_nothing_and_is_told_with_file_and_line(installation: Installation, app: LoadedApp) -> None:
    folder = folder_of(installation, HEADER + SLANG + SLANG)
    run = installation.run("synonyms", folder)
    assert (run.status, run.out) == (2, "")
    assert f"{folder}/workshop.csv, line 3" in run.err
    (installation.folder / "rules" / "workshop.csv").write_bytes((HEADER + SLANG).encode("utf-16"))
    run = installation.run("synonyms", folder)
    assert (run.status, f"{folder}/workshop.csv, line 1: the file is not UTF-8" in run.err) == (2, True)
    assert (themes_of(app, "bidouille"), themes_of(app, "fpa")) == ([], ["training"])


def test_a_load_with_a_bad_rule_stops_before_anything_changes(installation: Installation) -> None:
    folder = folder_of(installation, HEADER + SLANG.replace("one-way", "guess"))
    with patch("indexer.cli.OWN_RULES", Path(folder)):
        run = installation.load(Action("A1"))
    assert (run.status, f"{folder}/workshop.csv, line 2, column kind" in run.err) == (2, True)
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        installation.offers()


def test_rules_without_effect_in_the_live_catalogue_are_listed(installation: Installation) -> None:
    installation.load(Action("A1"))
    rules = HEADER + SLANG + "CAFERUIS;equivalent;encadrement d'unité d'intervention;;;caferuis;Diplôme.\n"
    run = installation.run("synonyms", folder_of(installation, rules))
    assert run.out.splitlines() == [
        "rules: 2; without effect in this catalogue: 1",
        "  workshop.csv, line 3 (CAFERUIS): no title and no label has encadrement d'unité d'intervention",
    ]
