"""The engine that is measured, from BOUSSOLE_OPENSEARCH_URL."""

from mappings.settings import EngineSettings, SettingsError


def engine_to_measure() -> str:
    """Return the first address; ends the process if it holds a user: plain requests would fail and print it."""
    try:
        settings = EngineSettings.from_environment()
    except SettingsError as error:
        raise SystemExit(f"bench: {error}") from None
    address = settings.engine_addresses[0]
    if "@" in address or settings.opensearch_user:
        raise SystemExit(f"bench: {settings.engine_address}: name an engine that needs no user and password")
    return address
