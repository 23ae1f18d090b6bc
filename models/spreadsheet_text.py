"""Text for cells of CSV and XLSX that no spreadsheet takes for a formula (ASVS 5.0, 1.2.10)."""

from __future__ import annotations

_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001  # the wide ones begin a formula in East Asian Excel


def as_text(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet could read it as a formula.

    Blanks before the sign do not hide it. For text only: a number that is written as a number is none of its
    concern, or -2 would become text. Quoting of separators is left to whoever writes the file.
    """
    bare = cell.lstrip(" \u00a0")
    return f"'{cell}" if bare and bare[0] in _STARTS else cell
