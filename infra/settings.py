"""The settings: what may be set, what is taken where nothing is, and what is refused (docs/operate.md).

Every setting is an environment variable with the prefix ROLLCALL_. A variable with that prefix that is not
known is refused, because a setting that is silently ignored is found out on the day it is needed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from infra import settings_values as values
from models.releases.due import Every

HIDDEN = "********"

# A secret may be given in a file, as Docker and systemd hand secrets out; it is read once, at the start.
SECRETS = ("kafka_password", "clickhouse_password")

WEB_PORT = 8480


class SettingsInvalid(Exception):
    """Settings that cannot be used. The message names each variable and the remedy, and shows no value."""


def _on_sqlite(data: dict[str, Any]) -> bool:
    return str(data["broker"]).startswith("sqlite:")


class Settings(BaseSettings):
    """All settings, checked and frozen. Paths of the home are absolute. Make one with `load`."""

    model_config = SettingsConfigDict(
        env_prefix=values.PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(
        default=Path("var"), description="the folder that holds all that the embedded default writes"
    )
    broker: str = Field(
        default_factory=lambda data: values.local_url("sqlite", data["home"] / "log.sqlite3"),
        description="the event log: `sqlite:///PATH` (by default in the home) or `kafka://HOST:PORT,HOST:PORT`",
    )
    sqlite_sync: Literal["FULL", "NORMAL"] = Field(
        default="FULL",
        description="FULL survives a power cut; NORMAL is faster and survives a killed process only",
    )
    partitions: int = Field(
        default_factory=lambda data: 1 if _on_sqlite(data) else 12,
        ge=1,
        le=1024,
        description="partitions of a topic that is created; by default 1 on SQLite and 12 on Kafka",
    )
    replication_factor: int = Field(
        default_factory=lambda data: 1 if _on_sqlite(data) else 3,
        ge=1,
        le=9,
        description="copies that Kafka keeps of a topic that is created; by default 3 on Kafka",
    )
    kafka_protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT"] = Field(
        default="PLAINTEXT",
        description="how Kafka is spoken to; SASL_PLAINTEXT is refused where it is not allowed",
    )
    kafka_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        default="SCRAM-SHA-512", description="how user name and password are proved to Kafka, with SASL"
    )
    kafka_username: str = Field(default="", description="the user name at Kafka; needed with SASL")
    kafka_password: SecretStr | None = Field(
        default=None, description="the password at Kafka; better given in a file"
    )
    kafka_password_file: Path | None = Field(
        default=None, description="a file that holds the password at Kafka"
    )
    kafka_ca_file: Path | None = Field(
        default=None, description="certificates (PEM) that Kafka's is checked with; by default the system's"
    )
    kafka_allow_plain_sasl: bool = Field(
        default=False, description="allows SASL_PLAINTEXT, to brokers on this machine (loopback) only"
    )
    clickhouse: str = Field(
        default_factory=lambda data: values.local_url("chdb", data["home"] / "chdb"),
        description="the analytics store: `chdb:///PATH` (by default in the home) or `http(s)://HOST:PORT`",
    )
    clickhouse_database: str = Field(
        default="rollcall",
        pattern=r"^[a-z][a-z0-9_]{0,62}$",
        description="the database in ClickHouse or chDB",
    )
    clickhouse_cluster: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9_-]{0,63}$",
        description="the cluster of a ClickHouse server whose nodes all hold the tables; blank: one node",
    )
    clickhouse_user: str = Field(
        default="rollcall", min_length=1, description="the user name at a ClickHouse server"
    )
    clickhouse_password: SecretStr | None = Field(
        default=None, description="the password at a ClickHouse server; better given in a file"
    )
    clickhouse_password_file: Path | None = Field(
        default=None, description="a file that holds the password at a ClickHouse server"
    )
    policy_file: Path | None = Field(
        default=None, description="a policy.toml with other numbers than the defaults of the rules"
    )
    edsight_file: Path | None = Field(
        default=None, description="an edsight.toml with EdSight's codes of districts and schools"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="the least severe log line that is written"
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="one JSON object a line, or lines for a person to read"
    )
    metrics_host: str = Field(
        default="127.0.0.1", min_length=1, description="the address on which the metrics are served"
    )
    metrics_port: int = Field(default=0, ge=0, le=65535, description="the port of the metrics; 0 serves none")
    api_tokens_file: Path | None = Field(
        default=None, description="the file of tokens of the HTTP API; without it there is no API"
    )
    web_host: str = Field(
        default="127.0.0.1", min_length=1, description="the address on which the HTTP API is served"
    )
    web_port: int = Field(
        default_factory=lambda data: WEB_PORT if data["api_tokens_file"] else 0,
        ge=0,
        le=65535,
        description="the port of the HTTP API; 0 serves none; by default 8480 with a file of tokens, else 0",
    )
    web_requests_per_second: float = Field(
        default=20.0,
        gt=0,
        le=10000,
        description="how many requests a token may make; up to five seconds of them at once",
    )
    batch_records: int = Field(
        default=500, ge=1, le=500, description="most records in one message that is published"
    )
    brake_after: int = Field(
        default=50, ge=1, description="messages wholly refused in a row after which the worker stops"
    )
    verify_hours: float = Field(
        default=24.0,
        ge=0,
        le=8760,
        description="hours between two comparisons of the store with its own facts by the sink; 0: none",
    )
    release_every: Every = Field(
        default="month",
        description="after which period the sink makes a release of each district: month, week, day or never",
    )
    worker_id: str = Field(
        default_factory=values.machine_name,
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="the name of this process in logs; by default the machine's",
    )
    retry_seconds: float = Field(
        default=60.0,
        gt=0,
        description="how long a log that fails is tried again before the process ends",
    )
    shutdown_seconds: float = Field(
        default=30.0,
        gt=0,
        description="how long a stop waits for the message in hand before the process ends",
    )
    stalled_seconds: float = Field(
        default=120.0,
        gt=0,
        description=(
            "without progress for so long while messages wait, a process is unhealthy and a worker ends"
        ),
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment; no .env file, which would be read from wherever one stands."""
        return init_settings, env_settings

    @model_validator(mode="before")
    @classmethod
    def _names_and_secret_files(cls, data: dict[str, Any]) -> dict[str, Any]:
        faults = values.unknown_names(os.environ, cls.model_fields)
        data = dict(data)
        for name in SECRETS:
            file, file_variable = data.get(f"{name}_file"), values.variable(f"{name}_file")
            if file is None:
                continue
            if data.get(name) is not None:
                faults.append(f"{values.variable(name)} and {file_variable} are both set; keep one")
                continue
            try:
                data[name] = values.secret_in(Path(file), file_variable)
            except ValueError as error:
                faults.append(str(error))
        if faults:
            raise ValueError("\n".join(faults))
        return data

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("broker")
    @classmethod
    def _log_url(cls, url: str) -> str:
        return values.checked_url(url, "sqlite", {"kafka"})

    @field_validator("clickhouse")
    @classmethod
    def _store_url(cls, url: str) -> str:
        return values.checked_url(url, "chdb", {"http", "https"})

    @model_validator(mode="after")
    def _a_cluster_of_servers(self) -> Settings:
        if self.clickhouse_cluster and self.chdb_path is not None:
            raise ValueError(
                "ROLLCALL_CLICKHOUSE_CLUSTER is of a ClickHouse server, and ROLLCALL_CLICKHOUSE names chDB; "
                "leave it blank, or name a server"
            )
        return self

    @model_validator(mode="after")
    def _no_api_without_tokens(self) -> Settings:
        if self.web_port and self.api_tokens_file is None:
            raise ValueError(
                "ROLLCALL_WEB_PORT serves nobody without ROLLCALL_API_TOKENS_FILE; name the file, or take "
                "the port away"
            )
        return self

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> Settings:
        if not self.kafka_protocol.startswith("SASL"):
            return self
        if not self.kafka_username or self.kafka_password is None:
            raise ValueError("ROLLCALL_KAFKA_PROTOCOL with SASL needs a user name and a password")
        # Faust takes SASL without TLS as it comes, and the password would cross the network in clear.
        local = bool(self.bootstrap) and all(map(values.on_this_machine, self.bootstrap))
        if self.kafka_protocol == "SASL_PLAINTEXT" and not (self.kafka_allow_plain_sasl and local):
            raise ValueError(
                "ROLLCALL_KAFKA_PROTOCOL=SASL_PLAINTEXT sends the password in clear; use SASL_SSL "
                "(ROLLCALL_KAFKA_ALLOW_PLAIN_SASL=true allows it to brokers on this machine)"
            )
        return self

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the event log on SQLite; None on Kafka."""
        return values.local_path(self.broker, "sqlite")

    @property
    def bootstrap(self) -> tuple[str, ...]:
        """HOST:PORT of each Kafka broker to begin with; empty on SQLite."""
        return values.servers(self.broker)

    @property
    def chdb_path(self) -> Path | None:
        """The folder of the embedded store; None with a ClickHouse server."""
        return values.local_path(self.clickhouse, "chdb")


class Described(NamedTuple):
    """One setting for `rollcall config`: its variable, its value, where that came from, what it means."""

    name: str
    value: str
    source: Literal["default", "environment", "argument", "file"]
    doc: str


def load(**arguments: Any) -> Settings:
    """The settings of this process; `arguments` (by field name) go before the environment.

    Raises SettingsInvalid, which names every variable at fault and shows no value.
    """
    try:
        return Settings(**arguments)
    except ValidationError as error:
        # The default of a setting may hang on another one; where that one is at fault, only it is told.
        found = [item for item in error.errors() if item["type"] != "default_factory_not_called"]
        raise SettingsInvalid("\n".join(_sentence(item["loc"], item["msg"]) for item in found)) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    return f"{values.variable(str(place[0]))}: {said}" if place else said


def describe(settings: Settings) -> list[Described]:
    """Every setting, in the order in which the class names them, secrets hidden."""
    return [
        Described(values.variable(name), _shown(getattr(settings, name)), _source(settings, name), doc)
        for name, field in type(settings).model_fields.items()
        if (doc := field.description)
    ]


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return HIDDEN
    return "" if value is None else str(value)


def _source(settings: Settings, name: str) -> Literal["default", "environment", "argument", "file"]:
    if name in SECRETS and getattr(settings, f"{name}_file") is not None:
        return "file"
    if name not in settings.model_fields_set:
        return "default"
    given = {variable.upper() for variable, value in os.environ.items() if value}
    return "environment" if values.variable(name) in given else "argument"
