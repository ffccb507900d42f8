"""The settings, read once from the environment into one frozen object."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from graph.errors import N_, ConfigError

DEFAULT_STORE = "embedded:var/graph.kgl"
BOLT_SCHEMES = ("bolt://", "bolt+s://", "bolt+ssc://", "neo4j://", "neo4j+s://", "neo4j+ssc://")

# A page of another site cannot reach the server under a name that it made point here.
_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class Settings(BaseModel):
    """Where the data are and how the pages speak; every field is an environment variable."""

    model_config = ConfigDict(frozen=True)

    store_url: str = Field(
        default=DEFAULT_STORE,
        description="where the graph is: embedded:PATH, bolt://HOST:PORT, neo4j://HOST:PORT "
        "(or bolt+s://, neo4j+s://)",
    )
    neo4j_username: str = Field(default="neo4j", description="user of the Neo4j server")
    neo4j_password: str = Field(
        default="", description="password of that user; no default", repr=False
    )
    neo4j_database: str = Field(
        default="", description="Neo4j database; empty: the user's home database"
    )
    secret_key: str = Field(
        default="", description="signs cookies; empty: a new one at each start", repr=False
    )
    language: Literal["zh_Hans", "en"] = Field(
        default="zh_Hans", description="language of the pages until a person chooses: zh_Hans or en"
    )
    upload_limit_mb: int = Field(
        default=64, ge=1, le=4096, description="largest file the data page takes, in MB (1 to 4096)"
    )
    trusted_hosts: str = Field(
        default="",
        description="host names, with commas, that the server answers to beside those of this "
        "machine; .example.org means all of a domain, * any",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=9,
        description="how many proxies stand before the server, one behind the other (0 to 9); so "
        "many X-Forwarded-For, -Proto, -Host and -Prefix are believed",
    )

    @field_validator("store_url")
    @classmethod
    def _known_scheme(cls, url: str) -> str:
        if url.startswith("embedded:") and len(url) > len("embedded:"):
            return url
        if url.startswith(BOLT_SCHEMES):
            return url
        raise ValueError("begin with embedded:PATH, " + ", ".join(BOLT_SCHEMES[::1]))

    @field_validator("language", mode="before")
    @classmethod
    def _desktop_language(cls, value: str) -> str:
        # Linux desktops set LANGUAGE themselves, as in "en_US:en" or "zh_CN:zh".
        known = {"zh": "zh_Hans", "en": "en"}
        wanted = [known.get(re.split("[_.]", part)[0], "") for part in value.split(":")]
        return next(filter(None, wanted), value)

    @property
    def hosts(self) -> list[str] | None:
        """List the host names that are answered; None when any is."""
        given = [name.strip() for name in self.trusted_hosts.split(",") if name.strip()]
        return None if "*" in given else [*_LOOPBACK_NAMES, *given]

    @property
    def is_embedded(self) -> bool:
        """Return whether the graph lives in a file of this process."""
        return self.store_url.startswith("embedded:")

    @property
    def embedded_path(self) -> str:
        """Return the path of the embedded engine's file."""
        return self.store_url.removeprefix("embedded:")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise ConfigError naming the variable, its value and what it may be."""
    environment = os.environ if environment is None else environment
    given = {
        name: environment[name.upper()]
        for name in Settings.model_fields
        if environment.get(name.upper())
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        shown = "..." if Settings.model_fields[name].repr is False else repr(given[name])
        raise ConfigError(
            N_("The setting %(name)s cannot be %(value)s."),
            N_("It is %(meaning)s."),
            name=name.upper(),
            value=shown,
            meaning=Settings.model_fields[name].description,
        ) from None


def table() -> list[tuple[str, str, str]]:
    """List every setting as (variable, default, help line), for `--help` and the docs."""
    return [
        (name.upper(), str(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
