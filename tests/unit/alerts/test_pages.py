"""What the pages of alerts say."""

import pytest

from search_app.alerts.mails import send_command
from search_app.base.settings import Settings


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (Settings(), ""),
        (Settings(port=8010), "BOUSSOLE_PORT=8010 "),
        (Settings(port=8010, public_url="https://demo.example"), "BOUSSOLE_PUBLIC_URL=https://demo.example "),
    ],
)
def test_command_of_the_demonstration_makes_links_to_its_own_app(settings: Settings, named: str) -> None:
    assert send_command(settings) == f"BOUSSOLE_DEMONSTRATION=true {named}.venv/bin/python -m indexer alerts send"
