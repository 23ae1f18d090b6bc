"""edsight.toml: which of EdSight's codes a district and its schools have (docs/compare.md).

    [districts]
    "0042" = "0010011"

    [schools."0042"]
    "12" = "0010111"

What is not in it has EdSight's code as its own id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.files.toml_text import TomlBroken, table_of

_CODE = re.compile(r"[0-9]{7}")


class CodesInvalid(Exception):
    """A file of codes that cannot be used. The message names the entry and the remedy."""


@dataclass(frozen=True, slots=True)
class Codes:
    """EdSight's codes by our ids; those of schools by district and school."""

    districts: Mapping[str, str] = field(default_factory=dict)
    schools: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of_district(self, district: str) -> str:
        """EdSight's code of a district of ours."""
        return self.districts.get(district, district)

    def of_school(self, district: str, school: str) -> str:
        """EdSight's code of a school of ours."""
        return self.schools.get((district, school), school)


def load_codes(path: Path | None) -> Codes:
    """The codes of a file; of none, every id is its own code. Raises CodesInvalid."""
    if path is None:
        return Codes()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CodesInvalid(f"{path} cannot be read: {why}") from None
    try:
        table = table_of(text)
    except TomlBroken as error:
        raise CodesInvalid(f"{path} {error}") from None
    more = sorted(set(table) - {"districts", "schools"})
    if more:
        raise CodesInvalid(f'{path}: has [districts] and [schools."ID"], and no {more[0][:64]!a}')
    schools: dict[tuple[str, str], str] = {}
    for district, held in _mapping(path, "schools", table.get("schools", {})).items():
        for school, code in _codes(path, f'schools."{district}"', held).items():
            schools[district, school] = code
    return Codes(_codes(path, "districts", table.get("districts", {})), schools)


def _mapping(path: Path, name: str, held: Any) -> Mapping[str, Any]:
    if not isinstance(held, dict):
        raise CodesInvalid(f'{path}: [{name}] takes lines such as "0042" = "0010011"')
    return held


def _codes(path: Path, name: str, held: Any) -> dict[str, str]:
    codes = dict(_mapping(path, name, held))
    for ours, code in codes.items():
        if not isinstance(code, str) or _CODE.fullmatch(code) is None:
            raise CodesInvalid(f"{path}: {ours} of [{name}] takes EdSight's seven digits in quotes")
    if len(set(codes.values())) < len(codes):
        raise CodesInvalid(f"{path}: in [{name}] two ids have one code; each has its own")
    return codes
