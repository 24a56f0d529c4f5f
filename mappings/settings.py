"""Settings that writer and reader share, from environment variables with the prefix BOUSSOLE_."""

import os
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails

from engine.address import check_addresses, shown, shown_setting
from engine.connection import Connection
from mappings.variables import PREFIX

OUR_OWN = "Value error, "  # what pydantic writes before the messages of our own checks


class SettingsError(ValueError):
    """A setting in the environment has a value that cannot be used; the message names it and what is allowed."""


class EngineSettings(BaseModel):
    """Where the engine is and how its indices are named; each field is read from BOUSSOLE_<FIELD IN CAPITALS>."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    opensearch_url: str = Field(
        default="http://127.0.0.1:9200", description="address of the engine; several, comma-separated"
    )
    opensearch_user: SecretStr = Field(
        default=SecretStr(""), description="user of the engine, for every address that names none itself"
    )
    opensearch_password: SecretStr = Field(
        default=SecretStr(""), description="the user’s password, never printed", validate_default=True
    )
    opensearch_ca: str = Field(
        default="", description="file of certificates that https engines are verified with; empty: those of the system"
    )
    index_prefix: str = Field(
        default="boussole-", pattern=r"^[a-z0-9][a-z0-9_-]*$", description="start of every index name"
    )
    shards: int = Field(default=1, ge=1, le=64, description="primary shards of the offers index")
    replicas: int = Field(default=0, ge=0, le=8, description="copies of each shard")
    engine_timeout: float = Field(default=10.0, gt=0, le=120, description="seconds that a call to the engine may take")
    seats_max_age_days: int = Field(
        default=0, ge=0, le=36_500, description="seat figures observed longer ago do not count; 0: they always do"
    )

    @field_validator("opensearch_url")
    @classmethod
    def _check_addresses(cls, value: str) -> str:
        return check_addresses(value)

    @field_validator("opensearch_user")
    @classmethod
    def _check_user(cls, value: SecretStr) -> SecretStr:
        if ":" in value.get_secret_value():
            raise ValueError("a user with a colon cannot be sent")
        return value

    @field_validator("opensearch_password")
    @classmethod
    def _check_password(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        user = info.data.get("opensearch_user")
        if user is not None and bool(user) != bool(value):
            raise ValueError(f"{PREFIX}OPENSEARCH_USER and {PREFIX}OPENSEARCH_PASSWORD go together")
        return value

    @field_validator("opensearch_ca")
    @classmethod
    def _check_ca(cls, value: str) -> str:
        try:
            ssl.create_default_context(cafile=value or None)
        except OSError as error:  # includes ssl.SSLError
            raise ValueError(f"no file of PEM certificates ({error.strerror or error})") from None
        return value

    @property
    def engine_address(self) -> str:
        """The address of the engine as it may be printed: without user and password."""
        return shown(self.opensearch_url)

    @property
    def engine_addresses(self) -> list[str]:
        """The addresses to connect to, with user and password: never to be printed."""
        return [address.strip() for address in self.opensearch_url.split(",")]

    @property
    def connection(self) -> Connection:
        """Return the connection settings; their ``repr`` contains neither user nor password."""
        user, password = self.opensearch_user.get_secret_value(), self.opensearch_password.get_secret_value()
        return Connection(self.engine_addresses, self.engine_timeout, user, password, self.opensearch_ca)

    def __repr_args__(self) -> Any:
        """Return the fields for ``repr``, without user and password."""
        for name, value in super().__repr_args__():
            yield name, self.engine_address if name == "opensearch_url" else value

    def seats_cutoff(self) -> str:
        """Return the moment before which a seat figure was observed too long ago to count, "" if none is too old."""
        if not self.seats_max_age_days:
            return ""
        moment = datetime.now(UTC) - timedelta(days=self.seats_max_age_days)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the fields that are set; raises SettingsError naming every one that is wrong."""
        variables = {name: PREFIX + name.upper() for name in cls.model_fields}
        given = {name: environment[variable] for name, variable in variables.items() if environment.get(variable)}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            faults = [
                f"{variables[str(e['loc'][0])]}={cls._shown(e)}: {e['msg'].removeprefix(OUR_OWN)}"
                for e in error.errors()
            ]
            raise SettingsError("; ".join(faults)) from None

    @classmethod
    def _shown(cls, error: ErrorDetails) -> str:
        """Return the value of a wrong setting; secrets are never printed."""
        name = str(error["loc"][0])
        if name == "opensearch_url":
            return shown_setting(str(error["input"]))
        secret = cls.model_fields[name].annotation is SecretStr
        return "(secret)" if secret else repr(error["input"])
