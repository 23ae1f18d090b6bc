"""What a dashboard is made of."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["table", "timeseries", "barchart", "stat"]


class Panel(NamedTuple):
    """`says` stands behind the panel's question mark. `width` is of 24; `unit` is Grafana's name of one."""

    title: str
    says: str
    kind: Kind
    sql: str
    width: int = 12
    unit: str = "none"


class Variable(NamedTuple):
    """A choice at the top of a dashboard."""

    name: str
    label: str
    sql: str


class Dashboard(NamedTuple):
    """A file of its own, named after `name`."""

    name: str
    title: str
    says: str
    variables: tuple[Variable, ...]
    panels: tuple[Panel, ...]
    since: str = "now-2y"
