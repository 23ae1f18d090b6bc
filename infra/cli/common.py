"""What all commands share: settings, logs, and how a failure is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import NoReturn

import typer

from infra import logging
from infra.clickhouse.unavailable import StoreUnavailable
from infra.edsight.codes import CodesInvalid
from infra.mapping.load import MappingInvalid
from infra.policy_file import PolicyInvalid, load_policies
from infra.serving.tokens_invalid import TokensInvalid
from infra.settings import Settings, SettingsInvalid, load
from infra.sqlite_transport.worker_lock import WorkerAlreadyRuns
from models.instant import read_date, read_time
from models.policy import PolicyOf
from models.school_year import from_label
from streams.event_log import LogUnavailable

USAGE = 2
WITH_REFUSALS = 3
FAILED = 1


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Say on standard error what is wrong, and end with a status."""
    typer.echo(f"rollcall: {message}", err=True)
    raise typer.Exit(status)


def a_date(text: str) -> date:
    """A date of the command line."""
    day = read_date(text)
    if day is None:
        raise typer.BadParameter("takes a date such as 2021-12-15")
    return day


def a_school_year(text: str) -> str:
    """A school year of the command line."""
    if from_label(text) is None:
        raise typer.BadParameter("takes a school year such as 2021-22")
    return text


def an_instant(text: str) -> datetime:
    """An instant of the command line, as records write it."""
    if read_time(text) is None:
        raise typer.BadParameter("takes a time with its offset such as 2021-12-15T10:45:00-05:00")
    return datetime.fromisoformat(text.upper())


def a_time(text: str) -> str:
    """A time of the command line, as it is given."""
    if read_time(text) is None:
        raise typer.BadParameter("takes a time with its offset, such as 2021-12-15T18:00:00-05:00")
    return text


@contextmanager
def failures_told() -> Iterator[None]:
    """Turns the errors that an operator can mend into a message and a status."""
    try:
        yield
    except (SettingsInvalid, PolicyInvalid, MappingInvalid, TokensInvalid, CodesInvalid) as error:
        fail(str(error), USAGE)
    except (LogUnavailable, StoreUnavailable, WorkerAlreadyRuns) as error:
        fail(str(error))


def settings_of_command() -> Settings:
    """The settings, with the logs set up by them."""
    settings = load()
    logging.configure(settings.log_level, settings.log_format, worker_id=settings.worker_id)
    return settings


def policies(settings: Settings) -> PolicyOf:
    """The policies that the settings name. Raises PolicyInvalid."""
    return load_policies(settings.policy_file)
