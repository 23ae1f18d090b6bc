"""The formats that `--format` names: one file here each."""

from __future__ import annotations

from collections.abc import Mapping

from infra.connectors.canonical import Canonical
from infra.connectors.edfi import EdFi
from infra.connectors.mapped import MappedCsv
from infra.intake.connector import Connector

CANONICAL = "canonical"
CSV = "csv"

CONNECTORS: Mapping[str, Connector] = {
    CANONICAL: Canonical(),
    "edfi": EdFi(),
    CSV: MappedCsv(),
}
