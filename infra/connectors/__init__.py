"""The formats that `--format` names: one file here each."""

from __future__ import annotations

from collections.abc import Mapping

from infra.connectors.aspen import Aspen
from infra.connectors.campus import InfiniteCampus
from infra.connectors.canonical import Canonical
from infra.connectors.edfi import EdFi
from infra.connectors.edfi_json import EdFiJson
from infra.connectors.mapped import MappedCsv
from infra.connectors.oneroster import OneRoster
from infra.connectors.powerschool import PowerSchool
from infra.intake.connector import Connector

CANONICAL = "canonical"
CSV = "csv"

CONNECTORS: Mapping[str, Connector] = {
    CANONICAL: Canonical(),
    "edfi": EdFi(),
    "edfi_json": EdFiJson(),
    "oneroster": OneRoster(),
    "aspen": Aspen(),
    "powerschool": PowerSchool(),
    "infinite_campus": InfiniteCampus(),
    CSV: MappedCsv(),
}
