"""A mapping file from the disk, or every fault of it in words that name the entry, the key and the remedy."""

from __future__ import annotations

import difflib
from pathlib import Path

from pydantic import ValidationError

from infra.files.toml_text import TomlBroken, table_of
from infra.mapping.code import Code
from infra.mapping.columns import From, Strict
from infra.mapping.days import Days
from infra.mapping.mapping import Layout, Mapping, Skip

_TABLES: dict[str, type[Strict]] = {
    "files": Layout,
    "codes": Code,
    "columns": From,
    "skip": Skip,
    "days": Days,
}
_PLAIN = {
    "string_type": "takes a text in quotes",
    "int_type": "takes a whole number without quotes",
    "bool_type": "takes true or false, without quotes",
    "tuple_type": "takes a list in brackets",
    "dict_type": "takes a table of keys and values",
    "model_type": 'takes a column\'s name in quotes, or a table such as { constant = "101" }',
}


class MappingInvalid(Exception):
    """A mapping file that cannot be used. The message names the entry, the key and the remedy."""


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises MappingInvalid."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise MappingInvalid(
            f"the mapping file {path} cannot be read; it has to be there, in UTF-8"
        ) from None
    return parse_mapping(content, str(path))


def parse_mapping(content: str, name: str) -> Mapping:
    """A mapping from its TOML. Raises MappingInvalid."""
    try:
        table = table_of(content)
    except TomlBroken as broken:
        raise MappingInvalid(f"the mapping file {name} {broken}") from None
    try:
        return Mapping.model_validate(table)
    except ValidationError as error:
        faults = [_fault(item["loc"], item["type"], item["msg"]) for item in error.errors()]
        raise MappingInvalid(f"the mapping file {name} cannot be used: {'; '.join(faults)}") from None


def _fault(place: tuple[int | str, ...], what: str, message: str) -> str:
    where = _where(place)
    if what == "extra_forbidden":
        key = str(place[-1])
        known = _keys(place[:-1])
        near = difflib.get_close_matches(key, known, n=1)
        return f"{where} is no key there; " + (
            f"is {near[0]} meant?" if near else f"it takes {', '.join(known)}"
        )
    if what == "missing":
        return f"{where} is missing; give it"
    told = _PLAIN.get(what) or message.removeprefix("Value error, ")
    return f"{where}: {told}" if where else told


def _where(place: tuple[int | str, ...]) -> str:
    """`files entry 2, columns.date.format` of a place within the file."""
    told, keys = [], ""
    for step in place:
        if isinstance(step, int):
            told.append(f"{keys} entry {step + 1}")
            keys = ""
        else:
            keys = f"{keys}.{step}" if keys else step
    return ", ".join([*told, keys] if keys else told)


def _keys(place: tuple[int | str, ...]) -> list[str]:
    names = [step for step in place if isinstance(step, str)]
    # Below `columns` stand the fields, and below each field the keys of its source.
    table = next((_TABLES[name] for name in reversed(names) if name in _TABLES), Mapping)
    return [field.alias or name for name, field in table.model_fields.items()]
