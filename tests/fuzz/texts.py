"""Policies, mappings and what is proposed as one; and the two looks at a record and its instants."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from random import Random

from infra.connectors.mapped import MappedCsv
from infra.files.rows import FileRefused
from infra.files.source import PathUnusable
from infra.intake.connector import Options
from infra.intake.events import Record
from infra.mapping.load import MappingInvalid, load_mapping
from infra.mapping.proposal.look import look
from infra.mapping.proposal.propose import of_interest, propose
from infra.policy_file import PolicyInvalid, load_policies
from models.columns import Kind, known_names
from models.instant import read_date, read_time
from models.plain_json import NotText, json_object
from models.quick_check import all_surely_valid, first_fault, surely_valid
from models.refusal import Reason
from models.validate import fault_of
from tests.fuzz.folders import laid
from tests.fuzz.mutate import TOML_WORDS, mutated
from tests.fuzz.seeds import GOOD_RECORDS, MAPPING, POLICY, SYSTEMS, mapped
from tests.fuzz.target import VERY_LONG, Input, Target, need, need_no_canary
from tests.reference import checking, columns
from tests.reference.reading import Row

_POLICIES = [POLICY.encode()]
_MAPPINGS = [MAPPING.encode()]
_NOW = datetime(2024, 10, 1, tzinfo=UTC)


def _toml(seeds: list[bytes], rng: Random) -> bytes:
    return mutated(rng, rng.choice(seeds), seeds, TOML_WORDS if rng.random() < 0.7 else ())


def check_policy(files: Input) -> None:
    """A policy for every year, or PolicyInvalid with a message of one line."""
    with laid("policy", {}, {"policy.toml": files["policy.toml"]}) as folder:
        try:
            policy_of = load_policies(folder / "policy.toml")
        except PolicyInvalid as invalid:
            need(str(invalid), "no message")
            return
    for district in ("0042", "D"):
        for year in (1, 2020, 2024, 2025, 9998):
            policy = policy_of(district, year)
            need(
                policy.tier_2_opens.denominator > 0 and policy.window_days > 0,
                "a policy that divides by nothing",
            )


def check_mapping(files: Input) -> None:
    """A mapping that reads files, or MappingInvalid."""
    with laid("mapping", mapped(), {"mapping.toml": files["mapping.toml"]}) as folder:
        try:
            mapping = load_mapping(folder / "mapping.toml")
        except MappingInvalid as invalid:
            need(str(invalid), "no message")
            return
        options = Options("", None, mapping, "2024-10-01T06:00:00-04:00")
        for event in MappedCsv().read([folder / name for name in mapped()], options):
            if isinstance(event, Record):
                need(fault_of(event.kind, event.held.given) is None, "a record with a fault is taken")


_TABLES = [
    content
    for files in SYSTEMS.values()
    for name, content in sorted(files.items())
    if name.endswith((".csv", ".text"))
]


def _table(rng: Random) -> Input:
    content = mutated(rng, rng.choice(_TABLES), _TABLES)
    match rng.randrange(12):
        case 0:
            content = content.decode(errors="replace").encode("utf-16")
        case 1:
            content = content.decode(errors="replace").encode("cp1252", errors="replace")
    return {"table.csv": content}


def check_proposal(files: Input) -> None:
    """A proposal that is TOML, whatever the file; or the file is refused with a message."""
    with laid("proposal", {}, files) as folder:
        try:
            seen = look(folder / "table.csv", of_interest)
        except (PathUnusable, FileRefused) as refused:
            need_no_canary(str(refused), "the message of a refusal")
            return
    told = propose([seen], "", _NOW)
    try:
        tomllib.loads(told)
    except (ValueError, RecursionError) as error:
        need(False, f"a proposal that is no TOML: {error}")
    if all("Qz" not in column.name for column in seen.columns):
        need_no_canary(told, "a proposal")


_GIVEN = [(kind, json.dumps(record).encode()) for kind, record in GOOD_RECORDS]


def _given(rng: Random) -> Input:
    kind, content = rng.choice(_GIVEN)
    return {"kind": kind.value.encode(), "given": mutated(rng, content, [each for _, each in _GIVEN])}


def check_validate(files: Input) -> None:
    """The quick looks never pass what has a fault, and the fault is the one that the contract names."""
    kind = Kind(files["kind"].decode())
    read = json_object(files["given"].decode(errors="replace"))
    if read is None:
        return
    names = known_names(kind)
    given = {name: cell for name, cell in read.items() if name in names}
    fault = first_fault(kind, given)
    for _ in range(2):  # the second time from the values that are kept
        need(not surely_valid(kind, given) or fault_of(kind, given) is None, "the quick look passes a fault")
        need(
            not all_surely_valid(kind, [given, given]) or fault is None,
            "the quick look at columns passes a fault",
        )
    need(fault is None or (fault.reason in set(Reason) and fault.message), "a fault without message")
    if any(isinstance(cell, NotText) for cell in given.values()):
        need(fault is not None or given.get("op") == "delete", "a value that is no text is taken")
        return
    need(first_fault(kind, given) == fault_of(kind, given), "the quick look tells another fault")
    if any(map(VERY_LONG.search, given.values())):
        return
    found = checking.check(Row("a", 1, kind.value, given))
    theirs = None if isinstance(found, checking.Record) else (found.reason, found.field)
    mine = None if fault is None else (fault.reason.value, fault.field)
    need(mine == theirs, f"the fault is {mine}, and the contract says {theirs}")


_INSTANTS = [
    text.encode()
    for text in (
        "2021-09-01T08:00:00-04:00", "2021-09-01t08:00:00.125z", "2024-02-29 23:59:59+00:00", "2021-09-01",
        "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999999-23:59",
    )
]  # fmt: skip


def check_instant(files: Input) -> None:
    """Dates and times are what the independent reading takes them for."""
    text = files["text"].decode(errors="replace")
    need(read_date(text) == columns.read_date(text), "a date is read in two ways")
    if VERY_LONG.search(text):
        need(read_time(text) is None or len(text) < 1100, "a fraction of any length is read")
        return
    mine, theirs = read_time(text), columns.read_time(text)
    need((mine is None) == (theirs is None), "a time is read in one way only")


TARGETS = (
    Target("policy", 3, lambda rng: {"policy.toml": _toml(_POLICIES, rng)}, check_policy),
    Target("mapping", 2, lambda rng: {"mapping.toml": _toml(_MAPPINGS, rng)}, check_mapping),
    Target("proposal", 3, _table, check_proposal),
    Target("validate", 10, _given, check_validate),
    Target("instant", 4, lambda rng: {"text": mutated(rng, rng.choice(_INSTANTS), _INSTANTS)}, check_instant),
)
