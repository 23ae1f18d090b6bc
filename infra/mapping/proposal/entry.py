"""One `[[files]]` entry, or several, proposed from what a file looks like."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from infra.mapping.columns import EXPORTED_AT, fields_of
from infra.mapping.proposal.dates import Guess, HeaderGuess, date_format, header_format, time_format
from infra.mapping.proposal.kinds import kinds_of
from infra.mapping.proposal.look import Look, Seen
from infra.mapping.proposal.names import fields_found, plain
from infra.mapping.proposal.toml import inline, letter, table, text
from infra.mapping.proposal.words import (
    Codes,
    codes_of,
    grades_of,
    is_grade,
    kinds_of_day,
    meals_of,
    yes_and_no,
)
from models.columns import Form, Kind

FILL_IN = "FILL IN"
CHECK = "CHECK"
_DATE_IN_NAME = re.compile(r"(20\d\d)(-?)([01]\d)\2([0-3]\d)")
_PERSONAL = ("student_id", "first_name", "last_name", "birthdate", "counselor")


@dataclass
class Proposed:
    """What a file adds to a proposal: the lines of its entries, and what stands at the top of the mapping."""

    lines: list[str] = field(default_factory=list)
    codes: list[Codes] = field(default_factory=list)
    yes: set[str] = field(default_factory=set)
    no: set[str] = field(default_factory=set)
    has_district: bool = True
    local_times: bool = False


def propose_entries(look: Look) -> Proposed:
    """The entries of a file."""
    found = Proposed()
    header = [seen.name for seen in look.columns]
    days = header_format(header)
    kinds = kinds_of(header, days)
    if not kinds:
        found.lines = [
            "",
            f"# {_on_one_line(look.name)}: {FILL_IN}. "
            "Its header has no names by which the kind of record can be told.",
            f"# {len(header)} columns, {look.rows} rows. docs/records.md says which columns each kind needs.",
        ]
    for kind in kinds:
        _Entry(look, kind, days if kind is Kind.ATTENDANCE else None, found).write()
    return found


class _Entry:
    """Writes one entry."""

    def __init__(self, look: Look, kind: Kind, days: HeaderGuess | None, found: Proposed) -> None:
        self._look = look
        self._kind = kind
        self._days = days
        self._found = found
        self._late: list[str] = []
        self._header = [seen.name for seen in look.columns]
        self._columns = fields_found(
            kind, [name for name in self._header if not days or name not in days.names]
        )

    def write(self) -> None:
        """The lines of the entry."""
        self._layout()
        self._say("", "[files.columns]")
        for name, column in fields_of(self._kind).items():
            if name in self._columns:
                self._column(name, column.form)
            elif column.required and not (self._days and name in ("date", "code")):
                self._missing(name)
        self._unused()
        # In TOML tables of their own come after the keys.
        self._say(*self._late)
        if self._days is not None:
            self._sheet(self._days)

    def _say(self, *lines: str) -> None:
        self._found.lines += lines

    def _layout(self) -> None:
        look = self._look
        match = _DATE_IN_NAME.search(look.name)
        name = look.name if match is None else look.name[: match.start()] + "*" + look.name[match.end() :]
        self._say("", f"# {_on_one_line(look.name)}: {look.rows} rows", "[[files]]", f"name = {text(name)}")
        self._say(f"kind = {text(self._kind.value)}")
        if look.unreadable:
            self._say(f"# {CHECK}: {look.unreadable} rows cannot be read as a table")
        for key, value, usual in (
            ("encoding", look.encoding, "utf-8"),
            ("delimiter", look.delimiter, ","),
            ("escape", look.escape, ""),
            ("skip_lines", look.skip_lines, 0),
        ):
            if value != usual:
                self._say(f"{key} = {text(value)}")
        if match is not None and "recorded_at" not in self._columns:
            written = f"%Y{match[2]}%m{match[2]}%d"
            whole = look.name[: match.start()].replace("%", "%%") + written
            whole += look.name[match.end() :].replace("%", "%%")
            self._say(f"exported_from_name = {text(whole)}  # {CHECK}: is it the day of the export?")
            self._found.local_times = True

    def _seen(self, name: str) -> Seen:
        return next(seen for seen in self._look.columns if seen.name == name)

    def _column(self, name: str, form: Form) -> None:
        first, *others = self._columns[name]
        if name == "recorded_at" and not self._seen(first).values:
            self._say(f"# The column {text(first)} is blank, and might say when a row was written.")
            self._missing(name)
            return
        if form is Form.FRACTION and "minutes" in plain(first):
            self._minutes(name, first)
            return
        source, remark = self._source(name, form, self._seen(first))
        if "values" in source:
            self._late += ["", *([f"# {remark}"] if remark else []), *table(name, source)]
        else:
            told = text(source["column"]) if set(source) == {"column"} else inline(source)
            # A column of yes and no in which other words stand would have its rows refused.
            off = "# " if form is Form.YES_NO and remark else ""
            self._say(f"{off}{name} = {told}" + (f"  # {remark}" if remark else ""))
        if others:
            self._say(f"# {CHECK}: {name} could also be " + ", ".join(text(other) for other in others))

    def _source(self, name: str, form: Form, seen: Seen) -> tuple[dict[str, object], str]:
        """Where a field comes from, and what there is to say of it."""
        source: dict[str, object] = {"column": seen.name}
        values = seen.values
        if form in (Form.DATE, Form.SCHOOL_DATE, Form.TIME):
            return self._moment(source, form, seen)
        if name == "code":
            return self._code(source, seen)
        if form is Form.FRACTION:
            return self._fraction(source, seen)
        if form is Form.YES_NO:
            yes, no = yes_and_no(values)
            self._found.yes.update(yes)
            self._found.no.update(no)
            return source, _rest(len(values) - len(yes) - len(no))
        if name == "grade":
            return self._words(source, grades_of(values), [value for value in values if not is_grade(value)])
        if name == "kind":
            return self._words(source, kinds_of_day(values), list(values))
        if name == "meals":
            return self._words(source, meals_of(values), list(values))
        if name == "student_id":
            lengths = {len(value) for value in values if value.isdecimal()}
            if len(lengths) > 1:
                return (
                    source,
                    f"{CHECK}: ids of several lengths; were zeros lost? Then add pad = {max(lengths)}",
                )
        return source, ""

    def _words(
        self, source: dict[str, object], known: dict[str, str], asked: list[str]
    ) -> tuple[dict[str, object], str]:
        mapped = {word: meaning for word, meaning in known.items() if word != meaning}
        if mapped:
            source = {**source, "values": mapped, "others": "keep"}
        return source, _rest(len(set(asked) - known.keys()))

    def _moment(self, source: dict[str, object], form: Form, seen: Seen) -> tuple[dict[str, object], str]:
        guess = (time_format if form is Form.TIME else date_format)(seen.values)
        if guess is None:
            why = "the column is blank" if not seen.values else "its values fit none that is known"
            return source, f"{FILL_IN} format: {why}"
        if form is Form.TIME and guess.format != "iso" and "%z" not in guess.format:
            self._found.local_times = True
        source["format"] = guess.format
        if form is Form.TIME and seen.values.total() < self._look.rows:
            source["default"] = EXPORTED_AT
        return source, ambiguity(guess)

    def _code(self, source: dict[str, object], seen: Seen) -> tuple[dict[str, object], str]:
        personal = self._personal()
        self._found.codes.append(codes_of(seen.name, seen.values, personal))
        return source, ""

    def _fraction(self, source: dict[str, object], seen: Seen) -> tuple[dict[str, object], str]:
        return source, f"{CHECK}: the part of the day that was missed, 1 for a whole day"

    def _minutes(self, name: str, column: str) -> None:
        """Minutes are a part of a day whose length only the district knows."""
        present = ", present = true" if "present" in plain(column) else ""
        self._say(
            f"# {name} = {{ column = {text(column)}, of = 0{present} }}",
            f"# {FILL_IN}: minutes of how many? Without this line an absence is the whole day.",
        )

    def _personal(self) -> set[str]:
        """Words of names and ids that stand in the file, in small letters."""
        columns = fields_found(Kind.STUDENT, self._header)
        held = {
            word
            for name in _PERSONAL
            for column in columns.get(name, ())
            for word in self._seen(column).values
        }
        return {part.lower() for word in held for part in (word, *re.split(r"[\s,]+", word))}

    def _missing(self, name: str) -> None:
        if name == "district_id":
            self._found.has_district = False
        elif name == "recorded_at":
            self._say("# Nothing in the file says when it was written: give --exported-at with each ingest.")
        else:
            self._say(f'# {name} = "..."  # {FILL_IN}: the column that holds it, or {{ constant = "..." }}')

    def _sheet(self, days: HeaderGuess) -> None:
        remark = ambiguity(days.guess)
        self._say("", "[files.days]")
        self._say(f"date_format = {text(days.guess.format)}" + (f"  # {remark}" if remark else ""))
        if days.without_year:
            self._say(f'# school_year = "2024-25"  # {FILL_IN}: the columns\' names leave the year out')
        self._say(
            f"# calendar = true  # {CHECK}: is each of the {len(days.names)} days a school day?",
            f"# enrollment = true  # {CHECK}: is each student enrolled from the first day to the last?",
        )
        grades = fields_found(Kind.ENROLLMENT, self._header).get("grade")
        self._say(f"# grade = {text(grades[0]) if grades else '...'}  # goes with enrollment")
        marks: Counter[str] = Counter()
        for seen in self._look.columns:
            if seen.name in days.names:
                marks.update(seen.values)
        self._found.codes.append(codes_of("", marks, self._personal()))

    def _unused(self) -> None:
        used = {columns[0] for columns in self._columns.values()} | (
            self._days.names if self._days else set()
        )
        places = [letter(seen.place) for seen in self._look.columns if seen.name not in used]
        if places:
            self._say(f"# columns that are not used, by their letters: {', '.join(places)}")


def ambiguity(guess: Guess) -> str:
    """What is to be said where values fit two formats, or some of them none."""
    told = []
    if guess.misses:
        told.append(f"{guess.misses} values do not fit it")
    if guess.other and guess.other_misses == guess.misses:
        told.append(f"no value tells it from {guess.other}: is 03/04 in March or in April?")
    elif guess.other:
        told.append(f"{guess.other} means other days, and fits all but {guess.other_misses} values")
    return f"{CHECK}: {'; '.join(told)}" if told else ""


def _on_one_line(name: str) -> str:
    """A file's name for a comment, which would end at a line end in it."""
    return name if name.isprintable() else text(name)


def _rest(count: int) -> str:
    return f"{FILL_IN}: say in values what {count} other words in it mean" if count else ""
