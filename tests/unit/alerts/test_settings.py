"""Settings of alerts: what is missing or wrong is named at the start, and no secret is printed."""

import pytest

from alerts.server import MailServer
from mappings.settings import SettingsError
from search_app.alerts.post_office import PostOffice
from search_app.base.settings import Settings

KEY = "k" * 32
WHOLE = {
    "BOUSSOLE_SMTP_URL": "smtp://user:very-secret@mail.example:587",
    "BOUSSOLE_ALERTS_KEY": KEY,
    "BOUSSOLE_PUBLIC_URL": "https://boussole.example",
}


def test_without_a_mail_server_nothing_is_offered() -> None:
    assert PostOffice.of(Settings()) is None
    assert PostOffice.of(Settings.from_environment({"BOUSSOLE_ALERTS_KEY": KEY})) is None


def test_whole_settings_make_a_post_office() -> None:
    office = PostOffice.of(Settings.from_environment(WHOLE))
    assert office is not None
    assert str(office.sender) == "boussole@boussole.example"
    assert office.server == MailServer("mail.example", 587, False, "user", "very-secret")
    assert "very-secret" not in repr(office.server) + repr(office)


def test_demonstration_shows_its_mails() -> None:
    office = PostOffice.of(Settings(demonstration=True, port=8123))
    assert office is not None
    assert (office.server, office.site) == (None, "http://127.0.0.1:8123")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"BOUSSOLE_ALERTS_KEY": ""}, "alerts need a key of 32 characters or more beside BOUSSOLE_SMTP_URL"),
        ({"BOUSSOLE_ALERTS_KEY": "k" * 31}, "BOUSSOLE_ALERTS_KEY=(secret): 32 characters or more"),
        ({"BOUSSOLE_PUBLIC_URL": ""}, "alerts need BOUSSOLE_PUBLIC_URL"),
        ({"BOUSSOLE_SMTP_URL": "http://mail.example"}, "BOUSSOLE_SMTP_URL=(secret): smtp://host:port"),
        ({"BOUSSOLE_SMTP_URL": "smtp://very-secret@mail.example"}, "BOUSSOLE_SMTP_URL=(secret)"),
        ({"BOUSSOLE_SMTP_URL": "smtp://mail.example:port"}, "BOUSSOLE_SMTP_URL=(secret)"),
        ({"BOUSSOLE_MAIL_FROM": "nobody"}, "BOUSSOLE_MAIL_FROM='nobody'"),
    ],
)
def test_wrong_setting_is_named_without_secrets(changes: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment(WHOLE | changes)
    assert told in str(error.value)
    assert "very-secret" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25, False)),
        ("smtps://mail.example", MailServer("mail.example", 465, True)),
        ("smtp://u%40x:p%3Aw@[::1]:2525", MailServer("::1", 2525, False, "u@x", "p:w")),
    ],
)
def test_mail_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    assert MailServer.parse(url) == server


@pytest.mark.parametrize(
    ("url", "verified"),
    [
        ("smtps://mail.example", True),
        ("smtp://u:p@mail.example", True),
        ("smtp://mail.example", False),
        ("smtp://u:p@127.0.0.1", False),
        ("smtps://localhost", False),
    ],
)
def test_certificate_counts_where_it_protects_something(url: str, verified: bool) -> None:
    assert MailServer.parse(url).tls().check_hostname is verified
