"""policy.toml: other numbers than the contract's, by district and from a school year on (docs/rules.md).

    [[policy]]
    version = "2024-1"
    districts = ["0042"]        # left out: every district
    from = "2024-25"            # left out: always
    minimum_days = 30
    tier_2_opens = "1/10"

Of several entries for one district and year the last in the file holds; what an entry leaves out is the
contract's number.
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from infra.files.toml_text import TomlBroken, table_of
from infra.policy_values import Age, Codes, Count, ExemptReasons, Hour, SchoolYear, ShareValue, Switch, Zone
from models.policy import DEFAULT, Policy, PolicyOf, Share, contract


class PolicyInvalid(Exception):
    """A policy file that cannot be used. The message names the entry, the key and the remedy."""


class _Entry(BaseModel):
    """One entry: the names and defaults are those of models.policy.Policy."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: str = Field(min_length=1, max_length=64)
    districts: tuple[str, ...] | None = None
    since: SchoolYear = Field(default=None, alias="from")
    minimum_days: Count = DEFAULT.minimum_days
    tier_2_opens: ShareValue = DEFAULT.tier_2_opens
    tier_2_recovers: ShareValue = DEFAULT.tier_2_recovers
    tier_3_opens: ShareValue = DEFAULT.tier_3_opens
    tier_3_recovers: ShareValue = DEFAULT.tier_3_recovers
    window_days: Count = DEFAULT.window_days
    window_minimum: Count = DEFAULT.window_minimum
    rolling_opens: ShareValue = DEFAULT.rolling_opens
    rolling_recovers: ShareValue = DEFAULT.rolling_recovers
    streak_days: Count = DEFAULT.streak_days
    month_pace: Count = DEFAULT.month_pace
    early_pace: Switch = DEFAULT.early_pace
    early_pace_absences: Count = DEFAULT.early_pace_absences
    early_pace_opens: ShareValue = DEFAULT.early_pace_opens
    month_mode: Literal["rolling_30", "calendar"] = DEFAULT.month_mode
    truancy_month: Count = DEFAULT.truancy_month
    truancy_year: Count = DEFAULT.truancy_year
    habitual_truant: Count = DEFAULT.habitual_truant
    truancy_from_age: Age = DEFAULT.truancy_from_age
    truancy_to_age: Age = DEFAULT.truancy_to_age
    meeting_days: Count = DEFAULT.meeting_days
    documentation_days: Count = DEFAULT.documentation_days
    unknown_becomes_unexcused: Switch = DEFAULT.unknown_becomes_unexcused
    mhw_limit: Annotated[int, Field(strict=True, ge=0, le=366)] = DEFAULT.mhw_limit
    mhw_requires_permission: Switch = DEFAULT.mhw_requires_permission
    level_2: Annotated[int, Field(strict=True, ge=2, le=366)] = DEFAULT.level_2
    level_counts_mhw: Switch = DEFAULT.level_counts_mhw
    level_counts_disciplinary: Switch = DEFAULT.level_counts_disciplinary
    iss_codes: Codes = DEFAULT.iss_codes
    iss_is_absence: Switch = DEFAULT.iss_is_absence
    exempt: ExemptReasons = DEFAULT.exempt
    report_by: Hour = DEFAULT.report_by
    timezone: Zone = DEFAULT.timezone

    @model_validator(mode="after")
    def _bars(self) -> _Entry:
        """An alert that recovers where it opens would flap, and tier_3 lies above tier_2."""
        for name, opens, recovers in (
            ("tier_2", self.tier_2_opens, self.tier_2_recovers),
            ("tier_3", self.tier_3_opens, self.tier_3_recovers),
            ("rolling", self.rolling_opens, self.rolling_recovers),
        ):
            if _at_least(recovers, opens):
                raise ValueError(f"{name}_recovers has to be below {name}_opens")
        if not _at_least(self.tier_3_opens, self.tier_2_opens):
            raise ValueError("tier_3_opens has to be tier_2_opens or more")
        if self.window_minimum > self.window_days:
            raise ValueError("window_minimum has to be window_days or less")
        if self.truancy_from_age > self.truancy_to_age:
            raise ValueError("truancy_from_age has to be truancy_to_age or less")
        return self

    @model_validator(mode="after")
    def _one_meaning(self) -> _Entry:
        """A code says one thing, and a switch that turns nothing is a mistake."""
        named = [*self.iss_codes, *(code for reason in self.exempt for code in reason.codes)]
        twice = next((code for place, code in enumerate(named) if code in named[:place]), None)
        if twice is not None:
            raise ValueError(f"iss_codes and exempt name the code {twice} twice; leave it in one place")
        if self.iss_is_absence and not self.iss_codes:
            raise ValueError("iss_is_absence needs the codes of in-school suspension in iss_codes")
        return self

    def policy(self) -> Policy:
        """The entry's numbers."""
        return Policy._make(getattr(self, name) for name in Policy._fields)

    def judges(self, district: str, year: int) -> bool:
        """Whether it is for a district's school year."""
        return (self.districts is None or district in self.districts) and (self.since or 0) <= year


def _at_least(share: Share, other: Share) -> bool:
    return share.numerator * other.denominator >= other.numerator * share.denominator


def load_policies(path: Path | None) -> PolicyOf:
    """The policies of a file; the contract's where there is no file. Raises PolicyInvalid."""
    if path is None:
        return contract
    content = read_toml(path)
    if set(content) != {"policy"}:
        raise PolicyInvalid(f"the policy file {path} takes [[policy]] entries and nothing else")
    return policies_in(content["policy"], path)


def policies_in(tables: object, path: Path) -> PolicyOf:
    """The policies of the [[policy]] entries of a file. Raises PolicyInvalid."""
    entries = _entries(tables, path)

    @lru_cache(maxsize=4096)
    def policy_of(district: str, year: int) -> Policy:
        found = [entry for entry in entries if entry.judges(district, year)]
        return found[-1].policy() if found else DEFAULT

    return policy_of


def read_toml(path: Path) -> dict[str, Any]:
    """What stands in a policy file. Raises PolicyInvalid."""
    try:
        return table_of(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise PolicyInvalid(f"the policy file {path} cannot be read; it has to be there, in UTF-8") from None
    except TomlBroken as broken:
        raise PolicyInvalid(f"the policy file {path} {broken}") from None


def _entries(tables: object, path: Path) -> list[_Entry]:
    if not isinstance(tables, list):
        raise PolicyInvalid(f"the policy file {path} takes [[policy]] entries and nothing else")
    entries, faults = [], []
    for number, table in enumerate(tables, start=1):
        try:
            entries.append(_Entry.model_validate(table))
        except ValidationError as error:
            faults += [
                f"entry {number}: {_fault(item['loc'], item['type'], item['msg'])}" for item in error.errors()
            ]
    if faults:
        raise PolicyInvalid(f"the policy file {path} cannot be used: " + "; ".join(faults))
    return entries


def _fault(place: tuple[int | str, ...], what: str, message: str) -> str:
    key = str(place[0]) if place else ""
    if what == "extra_forbidden":
        near = difflib.get_close_matches(key, [*Policy._fields, "districts", "from"], n=1)
        return f"{key} is no key of a policy" + (f"; is {near[0]} meant?" if near else "; take it away")
    if what == "missing":
        return f"{key} is missing; every entry has one"
    return f"{key}: {message.removeprefix('Value error, ')}".removeprefix(": ")
