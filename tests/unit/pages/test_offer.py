"""The page of one offer holds everything that is stored of it."""

import json
import re
from datetime import date
from itertools import count
from typing import Any, get_args, get_origin
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from pydantic import BaseModel

from mappings.codes import lheo_table
from mappings.index_fields import FIELDS
from mappings.offer import FOREVER, Detail, Offer, Organisation, Session
from mappings.reference import Reference
from search_app.exports.structured_data import build_course
from search_app.pages.offer.back_link import EVERYTHING, build_back_link
from search_app.pages.offer.page import About, build_offer_page
from search_app.pages.shared.layout import Link
from search_app.pages.shared.render import render
from search_app.search.present.offer import to_offer_view
from search_app.search.reference_data import Snapshot

TODAY = date(2026, 11, 23)
SITE = "https://boussole.example"
# What is derived from other fields, or serves the search or the loader only.
NOT_SHOWN = {
    "Offer": {"hash", "news_at", "training_key", "copy_number", "rome_main",
              "subjects", "place_text", "domain", "region", "department",
              "employment_zone", "location", "rncp",
              "rs", "certifinfo", "recruiting", "seats_rows", "fault_kinds", *FIELDS},
    "NumberRange": {"gte", "lte"},
    "ContradictionCounts": {"open_full", "closed_left"},
    "Session": {"key", "first_seen", "window", "open_until", "left", "capacity", "start_text", "end_text",
                "start", "start_last", "end"},
    "SeatFigure": {"sequence"},
    "Organisation": {"siren"},  # the first nine digits of the SIRET, which is shown
    "Place": {"located_by"},
    "Fault": {"kind"},
    "Detail": {"price_text"},  # shown where it is not a number
}  # fmt: skip


class Filler:
    """Fills a model with values of which each is different; ``told`` maps each to the field that it is in."""

    def __init__(self) -> None:
        self.numbers = count(1001)
        self.told: dict[str, str] = {}

    def fill(self, model: type[BaseModel]) -> dict[str, Any]:
        hidden = NOT_SHOWN.get(model.__name__, set())
        return {
            name: self.value(field.annotation, f"{model.__name__}.{name}", shown=name not in hidden)
            for name, field in model.model_fields.items()
            if name not in FIXED.get(model.__name__, {})
        } | FIXED.get(model.__name__, {})

    def value(self, kind: Any, path: str, *, shown: bool) -> Any:
        origin, arguments = get_origin(kind), [each for each in get_args(kind) if each is not type(None)]
        if origin is list:
            return [self.value(arguments[0], path, shown=shown)]
        if origin is dict:
            return {self.value(str, path, shown=shown): self.value(arguments[1], path, shown=shown)}
        if origin is not None:
            return self.value(arguments[0], path, shown=shown)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self.fill(kind)
        if kind is bool:
            return True
        number = next(self.numbers)
        if shown:
            self.told[f"mot{number}" if kind is str else str(number)] = path
        return f"mot{number}" if kind is str else number


# Codes of closed lists, dates, and texts of a form that the page reads.
FIXED: dict[str, dict[str, Any]] = {
    "Offer": {"format": "2.3", "level": "13", "entry_level": "14", "entry_level_required": 14, "mode": "blended",
              "entry": "fixed", "certifying": True, "state_funded": True, "location": [], "hours": 455.0,
              "value_sets": {}, "kind": "training", "commune": [], "price": 1234.5, "funder": ["2"],
              "recruiting": [], "seats_rows": [],
              "rhythm": ["full_time"],  # its text is shown
              "written_at": "2026-11-20T04:00:00+00:00", "created": "20250301",
              "first_seen": "2026-10-02T04:00:00+00:00"},
    "Session": {"start": "2027-03-01", "start_last": "2027-03-31", "start_precision": "month", "end": "2027-06-30",
                "end_precision": "day", "window": None, "open_until": "2027-03-31", "recruiting": "suspended",
                "left": {"2": 3, "any": 3}, "over": False},
    "SeatFigure": {"observed_at": "2026-11-21T08:00:00Z", "funder": "2", "available": 3, "capacity": 17},
    "Place": {"email": "place@example.org",
              "lat": 43.92781, "lon": 2.14794, "located_by": "commune", "department": "81", "region": "76"},
    "CpfPeriod": {"first": "2026-02-03", "last": "2027-12-30"},
    "Registration": {"start_text": "20261201", "end_text": "20270215"},
    "Funding": {"funder": "4", "seats_bought": 19},
    "Meeting": {"kind": "information collective", "start_text": "20270121", "end_text": "20270121",
                "start_time": "09:00", "end_time": "12:00", "town": "Mulhouse", "postal_code": "68100", "seats": 12,
                "remote": None},
    "Cycle": {"years": [2], "fewest": 8, "at_once": 16, "altogether": 48, "units_company": 3, "units_centre": 1},
    "Contact": {"phones": ["0199000229"], "email": "accueil@example.org", "urls": ["https://www.example.org/a"]},
    "Detail": {"path": "3", "aim": "6", "positioning": "2", "perimeter": "5", "information_dates": ["20270110"],
               "training_created": "20240301",
               "hours_centre": 400, "hours_company": 55, "agreed_hours": 321, "costs_coverable": True},
}  # fmt: skip


@pytest.fixture(name="filler", scope="module")
def filled() -> Filler:
    return Filler()


@pytest.fixture(name="stored", scope="module")
def stored_offer(filler: Filler) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(Offer.model_validate(filler.fill(Offer)).model_dump_json())
    return stored


def page_of(stored: dict[str, Any], snapshot: Snapshot | None = None, contact: str = "") -> html.HtmlElement:
    snapshot = snapshot or Snapshot()
    view = to_offer_view(stored, snapshot, TODAY)
    page = build_offer_page(view, snapshot, TODAY, About(site=SITE, public_url=SITE, contact=contact))
    return html.fromstring(render("offer.html", page).decode())


def words_of(page: html.HtmlElement) -> str:
    (main,) = page.xpath("//main")
    return re.sub(r"\s+", " ", str(main.text_content()))


def test_everything_that_is_stored_is_on_the_page(filler: Filler, stored: dict[str, Any]) -> None:
    text = words_of(page_of(stored))
    assert [f"{path}: {value}" for value, path in filler.told.items() if value not in text] == []
    assert len(filler.told) > 70


@pytest.mark.parametrize(
    "words",
    [
        "De mars 2027 au 30 juin 2027", "Inscriptions suspendues", "3 places sur 17",
        "Inscription du 1er décembre 2026 au 15 février 2027", "Bac exigé", "Niveau 3 (CAP, BEP)",
        "France Travail : 19 places", "du 3 février 2026 au 30 décembre 2027 (pour certaines personnes",
        "1 234,50 €", "455 h, dont 400 h en centre et 55 h en entreprise", "321 h",
        "Réunion d’information : 21 janvier 2027, 9 h–12 h, Mulhouse, 12 places", "1er mars 2024",
        "année 2, au moins 8 personnes, 16 personnes à la fois, 48 personnes en tout", "3 en entreprise, 1 en centre",
        "01 99 00 02 29", "accueil@example.org", "place@example.org", "10 janvier 2027", "LHEO 2.3", "1er mars 2025",
        "Position 43,92781 ; 2,14794, centre de la commune", "Tarn, Occitanie",
        lheo_table("dict-AIS")["6"], lheo_table("dict-type-parcours")["3"], lheo_table("dict-type-positionnement")["2"],
        lheo_table("dict-perimetre-recrutement")["5"], "Gratuite si demandeur d’emploi, sous conditions",
    ],
)  # fmt: skip
def test_codes_dates_and_numbers_are_in_words(stored: dict[str, Any], words: str) -> None:
    assert words.lower() in words_of(page_of(stored)).lower().replace("commune mot", "mot")


def test_codes_with_a_label_lead_to_the_search_for_them() -> None:
    offer = {"rome": ["F1703"], "formacode": ["22334"]}
    snapshot = Snapshot(Reference(rome={"F1703": "Maçonnerie"}, formacode={"22334": "Gros œuvre"}))
    links = {link.text: link.get("href") for link in page_of(bare(**offer), snapshot).xpath("//dd/a")}
    assert links["Maçonnerie"] == "/offres?rome=F1703&upcoming=true"
    assert links["Gros œuvre"] == "/offres?domain=22334&upcoming=true"


def bare(**changes: Any) -> dict[str, Any]:
    """A stored offer of which next to nothing is known."""
    offer = Offer(
        id="A1", key="abcdefghijkl", source="s", hash="h", written_at="2026-11-20T04:00:00+00:00", format="1.3",
        training_key="k", title="Titre", provider=Organisation(), **changes,
    )  # fmt: skip
    stored: dict[str, Any] = json.loads(offer.model_dump_json())
    return stored


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ({"first": "2026-02-03"}, "à partir du 3 février 2026"),
        ({"last": "2026-02-03"}, "jusqu’au 3 février 2026"),
        ({"limited": True}, "sans dates (pour certaines personnes seulement, ou dates douteuses)"),
    ],
)
def test_days_declared_to_the_cpf_are_in_words(period: dict[str, Any], words: str) -> None:
    detail = Detail.model_validate({"cpf_periods": [period]})
    assert f"Annoncée au CPF {words}" in words_of(page_of(bare(detail=detail)))


def test_an_offer_of_which_nothing_is_known_says_so_and_invents_nothing() -> None:
    text = words_of(page_of(bare()))
    for words in ("Aucune session n’est annoncée", "Non communiqué", "Aucun contact n’est donné", "Sans diplôme exigé"):
        assert words in text
    assert "None" not in text


def test_past_sessions_are_apart_and_those_that_the_feed_calls_over_are_marked() -> None:
    past = {"id": "S1", "key": "s1", "start": "2026-01-05", "start_last": "2026-01-05", "start_precision": "day",
            "open_until": "2026-01-05"}  # fmt: skip
    over = {"id": "S2", "key": "s2", "over": True}
    coming = {"id": "S3", "key": "s3", "start": "2027-01-05", "start_last": "2027-01-05", "start_precision": "day",
              "open_until": "2027-01-05"}  # fmt: skip
    page = page_of(bare(sessions=[Session.model_validate(each) for each in (past, over, coming)]))
    coming_ones, past_ones = (str(rows.text_content()) for rows in page.xpath('//ul[@class="session-rows"]'))
    assert "5 janvier 2027" in coming_ones
    assert "5 janvier 2026" not in coming_ones
    assert "5 janvier 2026" in past_ones
    assert "Terminée selon la source" in past_ones


def test_the_list_tells_sessions_that_have_begun_from_those_that_have_ended() -> None:
    def held(number: int, start: str, end: str) -> Session:
        values = {"id": f"S{number}", "key": f"s{number}", "start": start, "start_last": start, "end": end,
                  "start_precision": "day", "end_precision": "day", "open_until": start}  # fmt: skip
        return Session.model_validate(values)

    sessions = [held(1, "2026-11-02", "2027-05-28"), held(2, "2026-01-05", "2026-06-26")]
    page = page_of(bare(sessions=sessions, entry="fixed"))
    rows = [str(row.text_content()).strip() for row in page.xpath('//p[@class="session-days"]')]
    assert rows[0].endswith("5 janvier 2026 au 26 juin 2026 Terminée")
    assert rows[1].endswith("2 novembre 2026 au 28 mai 2027 Déjà commencée")
    assert "Sessions commencées ou terminées (2)" in words_of(page)


def coming(number: int, start: str, *, until: str | None = None, **changes: Any) -> Session:
    """A session that begins on this day; one can register ``until`` that one, as feeds tell it."""
    values = {"id": f"S{number}", "key": f"s{number}", "start": start, "start_last": start, "start_precision": "day",
              "open_until": start, "registration": {"end_text": until} if until else None}  # fmt: skip
    return Session.model_validate(values | changes)


def brief_of(*sessions: Session, **changes: Any) -> dict[str, list[str]]:
    facts = page_of(bare(sessions=sessions, **changes)).xpath('//dl[@class="brief-facts"]/div')
    return {str(fact.findtext("dt")): [str(value.text_content()) for value in fact.findall("dd")] for fact in facts}


@pytest.mark.parametrize(
    "closed", [{"until": "20261122"}, {"until": "20261001"}, {"until": "20261000"}, {"recruiting": "closed"},
               {"recruiting": "suspended"}]
)  # fmt: skip
def test_the_session_named_first_is_one_that_can_still_be_joined(closed: dict[str, str]) -> None:
    told = brief_of(coming(1, "2026-12-07", **closed), coming(2, "2027-03-01", until="20261123"))
    assert told["Prochaine session"] == [
        "À partir du 1er mars 2027", "S’inscrire jusqu’au 23 novembre 2026",
        "1\u00a0session plus proche, inscription close",
    ]  # fmt: skip


def test_where_every_session_is_closed_the_first_is_named_with_the_reason() -> None:
    closed = coming(1, "2026-12-07", until="20261015", recruiting="closed")
    told = brief_of(closed, coming(2, "2027-03-01", until="20261122"))
    assert told["Prochaine session"] == [
        "À partir du 7 décembre 2026", "Inscription terminée le 15 octobre 2026", "Inscriptions closes"
    ]  # fmt: skip


def test_a_session_that_can_be_entered_today_is_named_before_one_that_begins_later() -> None:
    begun = coming(1, "2026-01-05", open_until="2027-06-30", end="2027-06-30", end_precision="day")
    told = brief_of(coming(2, "2027-03-01", open_until=FOREVER), begun, entry="permanent")
    assert told["Prochaine session"] == ["Entrée possible dès maintenant, jusqu’au 30 juin 2027"]


def test_without_a_session_to_come_that_is_said_and_no_seats_are_told() -> None:
    told = brief_of(coming(1, "2026-01-05"))
    assert told["Prochaine session"] == ["Aucune session à venir n’est connue"]
    assert "Places" not in told


def rows_of(*sessions: Session, **changes: Any) -> list[str]:
    days = page_of(bare(sessions=sessions, **changes)).xpath('//p[@class="session-days"]')
    return [str(each.text_content()).strip() for each in days]


def test_the_first_three_sessions_are_shown_those_that_can_be_joined_first_and_others_folded() -> None:
    sessions = [coming(1, "2026-12-07", recruiting="closed"), *(coming(n, f"2027-0{n}-01") for n in (2, 3, 4, 5))]
    page = page_of(bare(sessions=sessions))
    shown = page.xpath('//section[@aria-labelledby="dates"]/ul[@class="session-rows"]/li/p[@class="session-days"]')
    assert [str(each.text_content()).strip() for each in shown] == [
        "À partir du 1er février 2027", "À partir du 1er mars 2027", "À partir du 1er avril 2027"
    ]  # fmt: skip
    (folded,) = page.xpath('//details[@class="fold"][ul[@class="session-rows"]]')
    assert folded.findtext("summary") == "2 autres sessions à venir"
    assert "7 décembre 2026" in str(folded.xpath("./ul/li[2]")[0].text_content())


def test_an_entry_is_not_said_to_be_possible_where_registration_has_ended() -> None:
    begun = {"open_until": "2027-06-30", "end": "2027-06-30", "end_precision": "day"}
    open_one, ended = coming(1, "2026-01-05", **begun), coming(2, "2026-01-06", until="20261001", **begun)
    assert ["possible" in row for row in rows_of(open_one, ended, entry="permanent")] == [True, False]


@pytest.mark.parametrize(
    ("registration", "line"),
    [
        ({"end_text": "20270301"}, "S’inscrire jusqu’au 1er mars 2027"),
        ({"end_text": "20270300"}, "S’inscrire jusqu’à mars 2027"),
        ({"start_text": "20270108", "end_text": "20270301"}, "S’inscrire à partir du 8 janvier 2027"),
        ({"start_text": "20260108"}, "Inscription"),
        ({"end_text": "20261001"}, "Inscription terminée le 1er octobre 2026"),
        (None, "Inscription"),
    ],
)
def test_a_row_says_from_or_until_when_one_can_enrol(registration: dict[str, str] | None, line: str) -> None:
    page = page_of(bare(sessions=[coming(1, "2027-04-01", registration=registration)]))
    (summary,) = page.xpath('//details[@class="session-more"]/summary')
    assert summary.text == line


CALLED = {"phones": ["0563000000"], "email": "a@example.org"}


@pytest.mark.parametrize(
    ("contacts", "button", "href"),
    [
        ([{"urls": ["https://a.example"]}, CALLED], "Appeler 05 63 00 00 00", "tel:0563000000"),
        ([{"urls": ["https://a.example"]}, {"email": "a@example.org"}], "Écrire à l’organisme", "mailto:a@example.org"),
        ([{"urls": ["https://a.example"]}], "Voir le site", "https://a.example"),
    ],
)
def test_what_is_essential_holds_a_number_else_a_mail_address_else_a_site(
    contacts: list[dict[str, Any]], button: str, href: str
) -> None:
    page = page_of(bare() | {"provider": {"name": "GRETA", "contacts": contacts}})
    (act,) = page.xpath('//div[@class="offer-bar"]/a')
    assert (" ".join(str(act.text_content()).split()), act.get("href")) == (button, href)
    assert page.xpath('//dl[@class="brief-facts"]//a/@href') == [href]


def test_without_any_contact_that_is_said_and_the_bar_only_picks() -> None:
    page = page_of(bare())
    assert page.xpath('//div[@class="offer-bar"]/a') == []
    assert brief_of()["Contact"] == ["Aucun n’est donné"]


@pytest.mark.parametrize(
    ("level", "required", "told"),
    [(None, 0, "Sans diplôme exigé"), ("14", 14, "Bac exigé"), ("13", 0, "Sans diplôme exigé")],
)
def test_what_is_essential_says_what_one_must_have_to_enter(level: str | None, required: int, told: str) -> None:
    brief = brief_of(entry_level=level, entry_level_required=required, level="15", hours=420.0, mode="onsite")
    assert brief["Pour entrer"][0] == told
    assert brief["En pratique"] == ["420\u00a0h · En présentiel → Bac + 2"]


AUDIENCES = {"82044": "Salarié", "82045": "Salarié en CDD", "80006": "Demandeur d’emploi", "83056": "Tout public"}


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (["82044"], "Payée par un financeur public ; offre annoncée pour : Salarié"),
        (["82044", "82045"], "Payée par un financeur public ; offre annoncée pour : Salarié, Salarié en CDD"),
        (["82044", "80006"], "Gratuite si demandeur d’emploi, sous conditions"),
        (["83056"], "Gratuite si demandeur d’emploi, sous conditions"),
        (["82099"], "Gratuite si demandeur d’emploi, sous conditions"),  # a code without a label
        ([], "Gratuite si demandeur d’emploi, sous conditions"),
    ],
)
def test_an_offer_for_employees_only_does_not_promise_anything_to_job_seekers(audience: list[str], words: str) -> None:
    snapshot = Snapshot(Reference(audience=AUDIENCES))
    page = page_of(bare(audience=audience, funder=["2"]), snapshot)
    (banner,) = page.xpath('//p[@class="free-banner"]')
    (price,) = page.xpath('//dl[@class="brief-facts"]/div[dt="Prix"]/dd[1]')
    for told in (banner, price):
        assert re.sub(r"\s+", " ", str(told.text_content())).strip() == words


HERE = ("boussole.example", None)


@pytest.mark.parametrize(
    ("referer", "href"),
    [
        ("https://boussole.example/offres?q=a%C3%A9+b&view=map&page=2", "/offres?q=a%C3%A9+b&view=map&page=2#offre-k"),
        ("https://boussole.example/offres", "/offres#offre-k"),
        ("https://boussole.example/offres?place=&q=x&selection=abcdefghijkl", "/offres?place=&q=x#offre-k"),
        ('https://boussole.example/offres?q="><script>', "/offres?q=%22%3E%3Cscript%3E#offre-k"),
    ],
)
def test_the_way_back_is_that_to_the_results_one_came_from(referer: str, href: str) -> None:
    assert build_back_link(referer, HERE, "k") == Link("Retour aux résultats", href)


@pytest.mark.parametrize(
    "referer",
    ["", "https://boussole.example/", "https://boussole.example/offres/abcdefghijkl", "https://boussole.example/sources",
     "https://autre.example/offres?q=x", "/offres?q=x", "javascript:alert(1)", "https://[", "https://boussole.example//offres",
     f"https://boussole.example/offres?q={'x' * 2000}", f"https://boussole.example/offres?{'a&' * 1500}"],
)  # fmt: skip
def test_from_anywhere_else_it_leads_to_all_offers(referer: str) -> None:
    assert build_back_link(referer, HERE, "k") == EVERYTHING


def test_the_way_back_stands_before_the_title_and_is_not_for_crawlers(stored: dict[str, Any]) -> None:
    (link,) = page_of(stored).xpath('//main//h1/preceding::a[ancestor::*[@class="offer-back"]]')
    assert (str(link.text_content()), link.get("href")) == ("← Toutes les formations", "/offres?upcoming=true")
    assert "nofollow" in link.get("rel")


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    page = page_of(bare(detail={"action_url": "javascript:alert(1)", "training_url": "www.example.org"}))
    assert page.xpath('//a[starts-with(@href, "javascript")]') == []
    assert "javascript:alert(1)" in words_of(page)
    assert page.xpath('//a[@href="http://www.example.org"]')


def structured(page: html.HtmlElement) -> dict[str, Any]:
    (script,) = page.xpath('//script[@type="application/ld+json"]')
    found: dict[str, Any] = json.loads(script.text)
    return found


def test_the_structured_data_describe_the_course_and_its_sessions(stored: dict[str, Any]) -> None:
    course = structured(page_of(stored))
    (instance,) = course["hasCourseInstance"]
    assert (course["@type"], instance["@type"]) == ("Course", "CourseInstance")
    assert course["name"] == stored["title"]
    assert course["url"] == f"https://boussole.example/offres/{stored['key']}"
    assert course["offers"] == {"@type": "Offer", "category": "Paid", "price": 1234.5, "priceCurrency": "EUR"}
    # A month is known, not a day; the end is a day.
    assert (instance["startDate"], instance["endDate"]) == ("2027-03", "2027-06-30")
    assert instance["courseMode"] == "Blended"
    assert instance["courseWorkload"] == "PT455H"
    assert instance["remainingAttendeeCapacity"] == 3


def test_structured_data_leave_out_what_is_not_known_and_keep_zero() -> None:
    session = Session(id="S", key="s", open_until=FOREVER, left={"any": 0})
    course = build_course(Offer.model_validate(bare(sessions=[session], price=0)), Snapshot(), "/offres/x")
    assert course["hasCourseInstance"] == [
        {"@type": "CourseInstance", "identifier": "S", "remainingAttendeeCapacity": 0}
    ]
    assert course["offers"]["category"] == "Free"
    assert "educationalLevel" not in course


def test_no_text_can_end_the_structured_data_early() -> None:
    page = page_of(bare(goal='</script><script>alert("1")</script><!--'))
    assert len(page.xpath("//script[not(@src)]")) == 1
    assert structured(page)["description"] == '</script><script>alert("1")</script><!--'


def test_the_canonical_address_has_the_short_key_and_the_record_is_one_click_away(stored: dict[str, Any]) -> None:
    page = page_of(stored)
    assert page.xpath('//link[@rel="canonical"]/@href') == [f"/offres/{stored['key']}"]
    assert f"/api/v1/offers/{stored['key']}" in page.xpath("//main//a/@href")


def reports(page: html.HtmlElement) -> list[str]:
    return [str(link.get("href")) for link in page.xpath('//a[starts-with(text(), "Signaler une erreur")]')]


@pytest.mark.parametrize("contact", ["aide@example.org", " mailto:aide@example.org", "L’équipe <aide@example.org>"])
def test_a_fault_is_told_by_a_mail_that_names_the_offer_and_its_whole_address(
    stored: dict[str, Any], contact: str
) -> None:
    (mail,) = map(urlsplit, reports(page_of(stored, contact=contact)))
    assert (mail.scheme, mail.path) == ("mailto", "aide@example.org")
    message = parse_qs(mail.query)
    assert message["subject"] == [f"Erreur dans l’offre {stored['key']}"]
    first, url, *_ = message["body"][0].split("\r\n")
    assert first.startswith(f"Offre : {stored['title']}")
    assert url == f"https://boussole.example/offres/{stored['key']}"
    assert "+" not in mail.query  # a mail program would show it


def test_a_fault_is_told_at_a_page_or_by_words_where_the_contact_is_one(stored: dict[str, Any]) -> None:
    assert reports(page_of(stored, contact="https://example.org/@aide")) == ["https://example.org/@aide"]
    by_phone = page_of(stored, contact="0 800 00 00 00")
    assert reports(by_phone) == []
    assert "Signalez-la : 0 800 00 00 00" in words_of(by_phone)


def test_without_a_contact_faults_are_for_the_provider(stored: dict[str, Any]) -> None:
    page = page_of(stored)
    assert not page.xpath('//a[starts-with(text(), "Signaler une erreur")]')
    assert "Dites-la à l’organisme" in words_of(page)
