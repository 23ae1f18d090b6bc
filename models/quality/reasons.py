"""Absences whose code does not say why, and schools that use one of two codes for what are two things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from models.in_force import effective
from models.quality.finding import LEAST_WHOLE, Finding
from models.quality.view import Use, View
from models.school_year import first_day
from models.student_year import UNEXCUSED, UNKNOWN

HIDDEN = "hidden_reasons"
EITHER = "unknown_or_unexcused"

# A label that names no reason: "Absent", "Other", "Absence - misc.".
_CATCH_ALL = re.compile(
    r"\W*(?:(?:all|any|full|whole|day|an?|absent|absence|other|misc|miscellaneous|general|generic|unspecified"
    r"|unverified|unknown|undefined|no|not|reason|given|stated|entered|code|default)\b\W*)+",
    re.IGNORECASE,
)
# From this share of a school's absences on.
_SHARE = (1, 4)


def is_catch_all(label: str) -> bool:
    """Whether a code's label is given and names no reason."""
    return _CATCH_ALL.fullmatch(label) is not None


def labels(view: View) -> Mapping[str, str]:
    """The labels of a district's codes by the code: the last that begins within the year or before it."""
    found: dict[str, tuple[int, str]] = {}
    for given in view.ledger.live_codes():
        since = effective(given.get("effective_from", ""))
        held = found.get(given["code"])
        if since < first_day(view.year + 1).toordinal() and (held is None or since >= held[0]):
            found[given["code"]] = (since, given.get("label", ""))
    return {code: label for code, (_, label) in found.items()}


def hidden_reasons(view: View) -> Iterator[Finding]:
    """A finding a school of whose absences a quarter or more say unknown, or have a label without a reason.

    `part` of `whole` are records with such a code of all that mean an absence; `code` names the codes. One
    finding, because what one code leaves of the others could be subtracted.
    """
    named = labels(view)
    every: dict[str, int] = {}
    silent: dict[str, list[Use]] = {}
    for use, tally in sorted(view.uses.items()):
        every[use.school] = every.get(use.school, 0) + tally.records
        if use.class_ == "unknown" or is_catch_all(named.get(use.code, "")):
            silent.setdefault(use.school, []).append(use)
    for school, held in silent.items():
        part = sum(view.uses[use].records for use in held)
        if _SHARE[1] * part < _SHARE[0] * every[school]:
            continue
        days = 0
        for use in held:
            days |= view.uses[use].days
        codes = " ".join(dict.fromkeys(use.code for use in held))
        dates = view.dates(days)
        yield Finding(HIDDEN, view.district, school, "", codes, part, every[school], "records", *dates)


def unknown_or_unexcused(view: View) -> Iterator[Finding]:
    """A finding a school in which the absences that are one of the two are all, or mostly, of one kind.

    `unknown_stays`: half or more are unknown, so that nobody finds out or nobody enters it. `never_unknown`:
    none is, so that what is not explained yet is held against the student at once.
    """
    for school, (_, *classes) in sorted(view.absences().items()):
        unknown, unexcused = classes[UNKNOWN], classes[UNEXCUSED]
        both = unknown + unexcused
        if both < LEAST_WHOLE:
            continue
        if 2 * unknown >= both:
            yield Finding(EITHER, view.district, school, "unknown_stays", "", unknown, both, "absent days")
        elif unknown == 0:
            yield Finding(EITHER, view.district, school, "never_unknown", "", unexcused, both, "absent days")
