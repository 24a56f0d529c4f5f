"""Subscribing, confirming, keeping, unsubscribing: answers reveal nothing of an address, a GET changes nothing."""

from __future__ import annotations

import re
import statistics
import time
from typing import Any, Final

import httpx
import pytest
from starlette.testclient import TestClient

from search_app.base.settings import Settings
from search_app.web.app import create_app
from tests.engine.alerts.alerting import SITE, Alerting, alerting, offers_in, path_of
from tests.engine.installation import Action
from tests.served import serving

OLD = Action("A1", sessions=("S1",), funders=("2",))
NEW = Action("A2", sessions=("S2",), funders=("2",))


def test_the_form_carries_the_search_of_the_results(desk: Alerting) -> None:
    for query in ("q=soudure", "q=nothingatall"):
        results = desk.client.get(f"/offres?{query}").text
        (href,) = re.findall(r'href="(/alertes\?query=[^"]+)"', results)
        form = desk.client.get(href.replace("&amp;", "&"))
        assert form.status_code == 200
        assert f'<input type="hidden" name="query" value="{query}">' in form.text
    assert "/alertes?" not in desk.client.get("/offres").text


def test_get_head_and_prefetch_change_nothing(desk: Alerting) -> None:
    assert desk.ask().status_code == 202
    (mail,) = desk.mails(1)
    confirm, stop = (path_of(mail.link(path)) for path in ("/alertes/confirmation/", "/alertes/desabonnement/"))
    for _ in range(2):
        for link in (confirm, stop):
            assert desk.client.get(link).status_code == desk.client.head(link).status_code == 200
            assert desk.client.get(link, headers={"Sec-Purpose": "prefetch"}).status_code == 200
            assert desk.client.options(link).status_code in (204, 405)
        assert (len(desk.records("pending")), desk.records("active")) == (1, [])
    assert desk.client.post(confirm).status_code == 200
    for link in (confirm, stop):
        assert desk.client.get(link).status_code == desk.client.head(link).status_code == 200
    assert len(desk.records("active")) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
    ],
    ids=["form", "multipart", "nothing"],
)
def test_one_click_stops_at_once_without_a_session(desk: Alerting, body: dict[str, object]) -> None:
    desk.subscribe()
    desk.load(OLD, NEW)
    assert desk.send().status == 0
    (mail,) = desk.server.take()
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = path_of(str(mail.message["List-Unsubscribe"]).strip("<>"))
    assert not desk.client.cookies
    answer = desk.client.post(link, follow_redirects=False, **body)  # type: ignore[arg-type]
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert 'href="/offres"' in answer.text  # where to go on
    assert desk.client.post(link).status_code == 200  # again, years later
    assert desk.records("active") == []
    assert "n’existe plus" in desk.client.get(link).text


def test_the_link_of_the_first_mail_stops_the_alert_that_it_became(desk: Alerting) -> None:
    mail = desk.subscribe()
    assert desk.client.post(path_of(mail.link("/alertes/desabonnement/"))).status_code == 200
    assert desk.records("active") == desk.records("used") == []


def test_the_link_of_the_first_mail_stops_the_alert_when_the_request_is_long_gone(desk: Alerting) -> None:
    mail = desk.subscribe()
    assert desk.send("2027-02-01").status == 0
    assert (len(desk.records("active")), desk.records("used")) == (1, [])
    page = desk.client.get(path_of(mail.link("/alertes/confirmation/")))
    assert (page.status_code, "Alerte confirmée" in page.text) == (200, True)
    assert mail.message["List-Unsubscribe"] == f"<{mail.link('/alertes/desabonnement/')}>"
    assert desk.client.post(path_of(mail.link("/alertes/desabonnement/"))).status_code == 200
    assert desk.records("active") == []


def test_who_refuses_a_request_is_asked_nothing_more(desk: Alerting) -> None:
    for query in ("q=soudure", "q=coiffure", "q=boulanger"):
        desk.ask(query=query)
    desk.ask("c.d@exemple.fr")
    first, other = sorted(desk.mails(2), key=lambda mail: str(mail.message["To"]))
    assert desk.client.post(path_of(first.link("/alertes/desabonnement/"))).status_code == 200
    assert len({record["mark"] for record in desk.records("pending")}) == 1
    desk.open_gates()
    assert desk.send().status == 0
    assert desk.server.take() == []
    assert desk.client.post(path_of(other.link("/alertes/confirmation/"))).status_code == 200


def test_who_asked_twice_and_stops_the_alert_is_not_asked_again(desk: Alerting) -> None:
    desk.ask()
    desk.ask(query="q=soudure")
    (mail,) = desk.mails(1)
    assert desk.client.post(path_of(mail.link("/alertes/confirmation/"))).status_code == 200
    desk.ask()
    assert desk.client.post(path_of(mail.link("/alertes/desabonnement/"))).status_code == 200
    assert desk.records("active") == desk.records("pending") == []
    desk.open_gates()
    assert desk.send().status == 0
    assert desk.server.take() == []


def test_who_confirmed_one_of_two_equal_requests_is_not_asked_about_the_other(
    desk: Alerting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with alerting(desk.installation, desk.server) as running:
        running.ask()
        (mail,) = running.mails(1)
        monkeypatch.setattr("search_app.alerts.desk.SOON", (2.0, 2.0))
        running.ask()
        assert running.client.post(path_of(mail.link("/alertes/confirmation/"))).status_code == 200
        assert running.records("pending") == []
        running.open_gates()
    # The app waited for its mails before it ended.
    assert desk.server.take() == []


def test_a_token_for_one_purpose_is_none_for_another(desk: Alerting) -> None:
    mail = desk.subscribe()
    confirm, stop = (
        mail.link(path).rpartition("/")[2] for path in ("/alertes/confirmation/", "/alertes/desabonnement/")
    )
    record = stop.partition(".")[0]
    wrong = (
        f"/alertes/desabonnement/{confirm}", f"/alertes/confirmation/{stop}", f"/alertes/maintien/{stop}",
        f"/alertes/desabonnement/{record}", f"/alertes/desabonnement/{record}.", f"/alertes/desabonnement/{stop}x",
        f"/alertes/desabonnement/{stop[:-1]}", "/alertes/desabonnement/é.x", f"/alertes/desabonnement/{'a' * 5000}",
    )  # fmt: skip
    for path in wrong:
        assert desk.client.post(path).status_code == 404, path
    assert len(desk.records("active")) == 1


def test_known_and_unknown_addresses_get_the_same_answer_in_the_same_time(desk: Alerting) -> None:
    desk.subscribe("known@exemple.fr")
    answers: list[tuple[Any, ...]] = []
    seconds: dict[str, list[float]] = {"known": [], "other": []}
    installation = desk.installation
    settings = {name.removeprefix("BOUSSOLE_"): value for name, value in desk.environment.items()}
    with (
        serving(installation.engine_url, installation.prefix, **settings) as served,
        httpx.Client(base_url=served.address) as client,
    ):
        client.get("/offres?q=soudure")
        for number in range(14):
            for name, mail in (("known", "known@exemple.fr"), ("other", f"other{number}@exemple.fr")):
                fields = {"mail": mail, "query": "q=soudure", "frequency": "daily"}
                began = time.perf_counter()
                answer = client.post("/alertes", data=fields)
                seconds[name].append(time.perf_counter() - began)
                headers = sorted(row for row in answer.headers.items() if row[0] != "date")
                answers.append((answer.status_code, answer.content, headers))
    assert all(each == answers[0] for each in answers)
    assert (answers[0][0], b"@" in answers[0][1]) == (202, False)
    known, other = (statistics.median(each) for each in seconds.values())
    assert abs(known - other) < 0.4 * max(known, other), (known, other)


def test_an_address_gets_no_second_mail_within_ten_minutes(desk: Alerting) -> None:
    for query in ("q=soudure", "q=soudure", "q=coiffure", "q=soudure&funder=2"):
        assert desk.ask("A.B@Exemple.FR", query).status_code == 202
        assert desk.ask("a.b@exemple.fr", query).status_code == 202
    assert len(desk.mails(2, within=1.5)) == 1
    assert desk.send().status == 0  # nor from the sender
    assert desk.server.take() == []


def test_searches_asked_for_meanwhile_are_confirmed_with_the_first(desk: Alerting) -> None:
    desk.ask(query="q=soudure")
    (mail,) = desk.mails(1)
    for query in ("q=coiffure", "q=boulanger", "q=soudure"):
        desk.ask(query=query)
    link = path_of(mail.link("/alertes/confirmation/"))
    desk.records("pending")
    page = desk.client.get(link).text
    tokens = dict(re.findall(r'name="autre" value="([^"]+)">\s*(.*?)</label>', page))
    assert sorted(tokens.values()) == ["«\u00a0boulanger\u00a0»", "«\u00a0coiffure\u00a0»"]
    chosen = next(token for token, label in tokens.items() if "coiffure" in label)
    assert desk.client.post(link, data={"autre": [chosen, "forged.token"]}).status_code == 200
    assert sorted(record["query"] for record in desk.records("active")) == ["q=coiffure", "q=soudure"]


def test_asking_again_changes_the_rhythm_and_makes_no_second_alert(desk: Alerting) -> None:
    desk.subscribe(frequency="daily")
    desk.open_gates()
    desk.subscribe(frequency="weekly")
    (record,) = desk.records("active")
    assert record["frequency"] == "weekly"


def test_thirty_a_minute_and_client_whatever_the_rate_limit_says(desk: Alerting) -> None:
    statuses = [desk.ask(f"p{number}@exemple.fr").status_code for number in range(32)]
    assert statuses == [202] * 30 + [429] * 2
    refused = desk.ask("q@exemple.fr")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert desk.client.get("/alertes?query=q%3Dsoudure").status_code == 200


WRONG_FORMS: Final[list[dict[str, Any]]] = [
    {"query": "q=soudure", "frequency": "daily"},
    {"mail": "", "query": "q=soudure", "frequency": "daily"},
    {"mail": "a@b.fr", "frequency": "daily"},
    {"mail": "a@b.fr", "query": "", "frequency": "daily"},
    {"mail": "a@b.fr", "query": "q=soudure"},
    {"mail": "a@b.fr", "query": "q=soudure", "frequency": "hourly"},
    {"mail": ["a@b.fr", "c@d.fr"], "query": "q=soudure", "frequency": "daily"},
    {"mail": "a@b.fr", "query": "q=a&age=26-29", "frequency": "daily"},
    {"mail": "a@b.fr", "query": "radius=many", "frequency": "daily"},
    {"mail": "a@b.fr", "query": "q=" + "é" * 3000, "frequency": "daily"},
    {"mail": "a@b.fr", "query": "&" * 3000, "frequency": "daily"},
]


def test_a_wrong_form_is_a_four_hundred(desk: Alerting) -> None:
    for fields in WRONG_FORMS:
        assert 400 <= desk.client.post("/alertes", data=fields).status_code < 500, fields
    assert desk.records("pending") == []


def test_a_mail_that_could_not_go_out_is_sent_by_the_sender(desk: Alerting) -> None:
    desk.server.to_data.append("451 later")
    assert desk.ask().status_code == 202
    assert desk.mails(1, within=1.0) == []
    assert desk.send().status == 0
    (mail,) = desk.server.take()
    assert desk.client.post(path_of(mail.link("/alertes/confirmation/"))).status_code == 200
    assert desk.send().status == 0
    assert desk.server.take() == []


def test_what_is_not_confirmed_is_gone_after_seven_days(desk: Alerting) -> None:
    desk.ask()
    (mail,) = desk.mails(1)
    assert desk.send("2999-01-01").status == 0
    assert desk.records("pending") == []
    link = path_of(mail.link("/alertes/confirmation/"))
    assert desk.client.get(link).status_code == desk.client.post(link).status_code == 404


def test_offers_that_come_before_the_confirmation_are_told(desk: Alerting) -> None:
    desk.ask()
    (mail,) = desk.mails(1)
    desk.load(OLD, NEW)
    desk.client.post(path_of(mail.link("/alertes/confirmation/")))
    assert desk.send().status == 0
    (news,) = desk.server.take()
    assert len(offers_in(news)) == 1


def test_forgetting_an_address_leaves_nothing_of_it(desk: Alerting) -> None:
    desk.subscribe("a.b@exemple.fr")
    desk.subscribe("c.d@exemple.fr")
    desk.ask("a.b@exemple.fr", "q=coiffure")
    run = desk.send("", "forget", " A.B@exemple.FR ")
    assert (run.status, "exemple" in run.out + run.err) == (0, False)
    assert (len(desk.records("active")), desk.records("pending")) == (1, [])
    assert len({record["mark"] for record in desk.records("gate")}) == 1
    assert desk.send("", "forget", "no address").status == 2


def test_former_keys_still_read_addresses_and_links(desk: Alerting) -> None:
    mail = desk.subscribe()
    desk.load(OLD, NEW)
    keys = "another-key-of-32-characters-or-more " + desk.environment["BOUSSOLE_ALERTS_KEY"]
    with alerting(desk.installation, desk.server, ALERTS_KEY=keys) as later:
        assert later.send().status == 0
        (news,) = later.server.take()
        assert len(offers_in(news)) == 1
        assert later.client.post(path_of(mail.link("/alertes/desabonnement/"))).status_code == 200
        assert later.records("active") == []
    desk.subscribe("c.d@exemple.fr")
    desk.load(OLD, NEW, Action("A3"))
    with alerting(desk.installation, desk.server, ALERTS_KEY="another-key-of-32-characters-or-more") as lost:
        run = lost.send()
        assert (run.status, lost.server.take()) == (1, [])
        assert "1 without a mail" in run.out


def test_without_a_mail_server_nothing_offers_alerts(desk: Alerting) -> None:
    settings = Settings(opensearch_url=desk.installation.engine_url, index_prefix=desk.installation.prefix)
    with TestClient(create_app(settings)) as client:
        for path in ("/alertes", "/alertes?query=q%3Da", "/alertes/desabonnement/a.b", "/courriels", "/courriels/a"):
            assert client.get(path).status_code == 404, path
        assert client.post("/alertes", data={"mail": "a@b.fr"}).status_code == 404
        for path in ("/offres?q=soudure", "/offres?q=nothingatall", "/confidentialite", "/aide"):
            assert "alerte" not in client.get(path).text.lower().replace("autre alerte", ""), path
    desk.environment["BOUSSOLE_SMTP_URL"] = ""
    run = desk.send()
    assert (run.status, "not offered" in run.err, "BOUSSOLE_DEMONSTRATION=true" in run.err) == (2, True, True)


def test_the_demonstration_displays_its_mails(desk: Alerting) -> None:
    with alerting(desk.installation, desk.server, SMTP_URL="", DEMONSTRATION="true") as demo:
        assert demo.ask("demo@exemple.fr").status_code == 202
        last = time.monotonic() + 10
        while "demo@exemple.fr" not in demo.client.get("/courriels").text and time.monotonic() < last:
            demo.installation.call("POST", f"{demo.installation.names.alerts}/_refresh")
        page = demo.client.get("/courriels").text
        (link,) = set(re.findall(r'href="https://boussole.example(/alertes/confirmation/[^"]+)"', page))
        assert demo.client.post(link).status_code == 200
        demo.load(OLD, NEW)
        assert demo.send().status == 0
        assert len(demo.records("shown")) == 2  # and all of them are visible
        page = demo.client.get("/courriels").text
        assert "1\u00a0nouvelle offre" in page
        assert f'\n   <a href="{SITE}/offres/' in page  # the indent is not underlined
        assert f"BOUSSOLE_PUBLIC_URL={SITE} .venv/bin/python -m indexer alerts send" in page
        (html, *_) = re.findall(r'href="(/courriels/[^"]+)"', page)
        shown = demo.client.get(html)
        assert "<h1" in shown.text
        assert shown.headers["content-security-policy"].startswith("default-src 'none'")
        assert demo.server.take() == []
