"""Students of whom a rule has told, by rule and condition, for the district as a whole.

Every table of bands that looks the same has the same students in each band of the district where these are
shown, and students with all that was told of them may change places in it. So alerts say nothing of hidden
bands then, and are hidden altogether else (ADR 26).
"""

from __future__ import annotations

from collections.abc import Sequence

from models.releases.bands import CHRONIC, DISTRICT
from models.releases.counted import Alerts
from models.suppression.limits import Limits
from models.suppression.release import Release
from models.suppression.system import Key
from models.suppression.tables import Row, Structure
from models.trends.answers import BANDS

STANDING = "standing"
CONDITIONS = (STANDING, "recovered", "withdrawn")

_LIKE = {"tier_2": CHRONIC, "tier_3": BANDS[3]}
"""Rules whose standing alerts are nearly a count of the bands: the difference is of few students."""


def tables(alerts: Sequence[Alerts], students: int, rules: Sequence[str]) -> tuple[list[Row], Structure]:
    """A row a rule, of all K-12 students. Raises ValueError where a rule told of more than there are.

    How many the rule has told nothing of is in no table, so that no sum gives a condition away.
    """
    told = {(each.rule, each.condition): each.students for each in alerts}
    rows = []
    for rule in rules:
        counts = {condition: told.get((rule, condition), 0) for condition in CONDITIONS}
        if sum(counts.values()) > students:
            raise ValueError(f"{rule} has told of more students than the district has")
        rows.append(Row((rule,), students, counts))
    return rows, Structure(measures=CONDITIONS)


def withheld(rows: Sequence[Row], bands: Release, limits: Limits) -> list[Key]:
    """The counts that are hidden for what the bands of the district say.

    All where one of these is hidden, and all of a rule that has told of nearly everybody, where two
    conditions would bound the third one. A standing count that differs from its band by few students is
    hidden because a count of these few would be; so that the band does not tell it, many values near by are.
    """
    district = bands.answers.get(DISTRICT)
    if district is None or district.size is None or None in district.counts.values():
        return [(condition, *row.place) for row in rows for condition in CONDITIONS]
    near = max(limits.least_count, limits.values_open // 2 + 2)
    found: list[Key] = []
    for row in rows:
        alike = district.counts.get(_LIKE.get(row.place[0], ""))
        if row.size - sum(row.counts.values()) < limits.values_open:
            found += [(condition, *row.place) for condition in CONDITIONS]
        elif alike is not None and 0 < abs(row.counts[STANDING] - alike) < near:
            found.append((STANDING, *row.place))
    return found
