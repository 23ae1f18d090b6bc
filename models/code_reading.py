"""What one attendance record says in a school year: its code's meaning, and what the policy makes of it.

Connecticut mandates no codes. A policy names the district's own codes for in-school suspension and for exempt
reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from models.day_records import NOT_EXEMPT, LiveRecord
from models.in_force import CodeMap
from models.policy import DEFAULT, Policy

_HALF = Fraction(1, 2)


class CodeReading:
    """The codes of a district as a policy reads them. Never changed; another code map is another reading."""

    __slots__ = ("_exempt", "_iss", "_iss_is_absence", "meanings")

    def __init__(self, codes: CodeMap, policy: Policy = DEFAULT) -> None:
        self.meanings = codes
        self._iss = frozenset(policy.iss_codes)
        self._iss_is_absence = policy.iss_is_absence
        self._exempt = {code: place for place, held in enumerate(policy.exempt) for code in held.codes}

    def record(self, given: Mapping[str, str], day: int) -> LiveRecord:
        """What a live record of a day (an ordinal) says. Its code has a meaning on that day."""
        code = given["code"]
        meaning = self.meanings.meaning(code, day)
        class_, remote = meaning if meaning else ("", False)
        fraction = given.get("absent_fraction", "")
        if code in self._iss:
            class_, fraction = self._suspended(class_, fraction)
        documented = given.get("permission") == "documented"
        return LiveRecord(class_, fraction, documented, self._exempt.get(code, NOT_EXEMPT), code, remote)

    def _suspended(self, class_: str, fraction: str) -> tuple[str, str]:
        """An in-school suspension: in attendance, or absent where it takes half of the day or more.

        The fraction of a code that the map calls in attendance says nothing, so that it is a whole day.
        """
        if not self._iss_is_absence:
            return "", ""
        if not class_ or not fraction or Fraction(fraction) >= _HALF:
            return "disciplinary", "1"
        return "disciplinary", fraction
