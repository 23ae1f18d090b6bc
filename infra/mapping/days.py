"""The `[files.days]` table of a mapping: a sheet with a row a student and a column a day."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from infra.mapping.columns import From, ManyWords, Spec, Strict, fields_of
from infra.mapping.moments import ISO, format_fault
from models.columns import Kind
from models.school_year import from_label


class Days(Strict):
    """A wide sheet: each column whose name is a date holds the marks of that day."""

    date_format: str = ISO
    school_year: str = ""
    ignore: ManyWords = ()
    blank: Literal["nothing", "delete"] = "nothing"
    calendar: bool = False
    enrollment: bool = False
    grade: Spec | None = None
    track: Spec | None = None

    @property
    def columns(self) -> dict[str, From]:
        """Where an enrollment that is derived has its other fields from."""
        given = {"grade": self.grade, "track": self.track}
        return {name: source for name, source in given.items() if source is not None}

    @property
    def year(self) -> int | None:
        """The year that the columns' names leave out; None where they have it."""
        return from_label(self.school_year) if self.school_year else None

    @model_validator(mode="after")
    def _reads(self) -> Days:
        if self.school_year and self.year is None:
            raise ValueError('school_year takes a school year in quotes, such as "2024-25"')
        if fault := format_fault(self.date_format, year=not self.school_year):
            raise ValueError(f"date_format {fault}")
        if self.enrollment and self.grade is None:
            raise ValueError("enrollment needs grade: the column of the students' grade, or a constant")
        if self.columns and not self.enrollment:
            raise ValueError("grade and track go with enrollment = true; take them away")
        for name, source in self.columns.items():
            if fault := source.fault(fields_of(Kind.ENROLLMENT)[name]):
                raise ValueError(f"{name}: {fault}")
        return self
