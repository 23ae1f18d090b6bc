"""What the cells of counts have in common: what is counted, by group, and by grade."""

from __future__ import annotations

from models.trends.scope import DIMENSIONS

COUNTS = ("counted", "absent", "excused", "unexcused", "disciplinary", "mhw", "unknown")

NAMES = ", ".join(COUNTS)
SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)
ZEROS = ", ".join("0" for _ in COUNTS)

PAIRS = ", ".join(["('all', '')", *(f"('{name}', toString({name}))" for name in DIMENSIONS)])
"""The groups of a student as (dimension, value)."""

K12 = "K-12"
"""The grade of cells that are about all grades but PK."""

LEVELS = f"if(grade = 'PK', ['PK'], ['{K12}', grade])"
"""The grades of the cells that a student of a grade is in."""
