"""What was known of one student, for staff who may see the student. The question stands in a body."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from web import paths
from web.access import Permission, reach
from web.answering import answer_one
from web.asking import grant_of
from web.body import read_question
from web.parameters import OfStudent
from web.ports import Trends
from web.problems import not_found
from web.routes.route import Route
from web.student_rows import StudentAsKnown


async def _asked(request: Request) -> OfStudent:
    return await read_question(request, OfStudent)


class Students:
    """Routes about one student."""

    def __init__(self, trends: Trends) -> None:
        self._trends = trends

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route(
                paths.STUDENT_AS_KNOWN,
                Permission.STUDENT,
                self.as_known,
                StudentAsKnown,
                "Did we know? What was known of a student at an instant",
                OfStudent,
            )
        ]

    def as_known(self, request: Request, asked: Annotated[OfStudent, Depends(_asked)]) -> Response:
        """Of all schools of the district, so not for tokens of some. Who is not held at all is not found."""
        reach(grant_of(request), asked.district, "")
        held = self._trends.student_as_known(asked.district, asked.student, asked.as_of, asked.known_at)
        if held is None:
            raise not_found()
        return answer_one(request, StudentAsKnown.of(asked.as_of, asked.known_at, held))
