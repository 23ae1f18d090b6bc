"""Files with another's numbers: students, groups, and exports of EdSight."""

from __future__ import annotations

from random import Random

from infra.edsight.codes import CodesInvalid, load_codes
from infra.files.source import PathUnusable
from infra.reconcile.columns import ColumnsUnclear
from infra.reconcile.theirs import FileUnclear, read
from models.trends.scope import DIMENSIONS
from tests.fuzz.folders import laid
from tests.fuzz.mutate import TOML_WORDS, mutated
from tests.fuzz.target import Input, Target, need, need_no_canary

_THEIRS = [
    b"Student ID,School,Days Enrolled,Days Absent,Chronic\nQzS7,S,172.5,12,no\nQzS8,S,20,2,yes\nQzS9,T,,3,\n",
    b"student_id\tmembership\tdays in attendance\nQzS7\t180\t162\n\nQzS8\t20\t20\n",
    b"school,group,value,students,chronic,rate\n,all,,1204,151,12.5\nS,meals,free,*,*,*\nT,grade,K,40,9,22.5%\n",
    b'"Chronic Absenteeism, 2018-19"\r\n"All Districts, Grade"\r\n\r\n"",,,"Chronically Absent",\r\n'
    b'"District","District Code","Grade","Student Count","%"\r\n'
    b'"Andover","=""0010011""","Grade   1",7,7.7\r\n"Andover","=""0010011""","Kindergarten","*","*"\r\n',
]
_CODES = [b'[districts]\n"0042" = "0010011"\nD = "0020011"\n[schools."0042"]\n"12" = "0010111"\n']


def check_theirs(files: Input) -> None:
    """Rows in range and faults with a line, or one of three errors; no student in what is said."""
    with laid("theirs", {}, {"theirs.csv": files["theirs.csv"]}) as folder:
        try:
            found = read(folder / "theirs.csv", {})
        except (FileUnclear, ColumnsUnclear, PathUnusable) as error:
            need(str(error), "no message")
            need_no_canary(str(error), "a message")
            return
    for fault in found.faults:
        need(fault.line > 0 and fault.message, "a fault without its line or message")
        need_no_canary(fault.message, "a fault")
    for row in found.students:
        missed, enrolled = row.says.missed, row.says.enrolled
        need(row.student, "a student without an id")
        need(missed is None or missed >= 0, "fewer than no days")
        need(missed is None or enrolled is None or missed <= enrolled, "more days absent than enrolled")
    for group, counts in found.groups.items():
        need(group.dimension in (*DIMENSIONS, "grade", "all"), "a group that is none")
        need(counts.rate is None or counts.rate >= 0, "a rate below nothing")
    places = [row.place for row in found.published]
    need(len(set(places)) == len(places), "a published row stands twice")
    for each in found.published:
        need(each.rate is None or 0 <= each.rate <= 10_000, "a rate that is no share")


def check_codes(files: Input) -> None:
    """Codes of seven digits, or CodesInvalid with a message."""
    with laid("codes", {}, {"edsight.toml": files["edsight.toml"]}) as folder:
        try:
            codes = load_codes(folder / "edsight.toml")
        except CodesInvalid as invalid:
            need(str(invalid), "no message")
            return
    held = (*codes.districts.values(), *codes.schools.values())
    need(all(len(code) == 7 and code.isdecimal() for code in held), "a code that is none")


def _toml(rng: Random) -> Input:
    return {"edsight.toml": mutated(rng, rng.choice(_CODES), _CODES, TOML_WORDS)}


TARGETS = (
    Target("theirs", 4, lambda rng: {"theirs.csv": mutated(rng, rng.choice(_THEIRS), _THEIRS)}, check_theirs),
    Target("edsight_codes", 1, _toml, check_codes),
)
