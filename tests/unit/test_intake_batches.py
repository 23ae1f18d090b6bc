"""Records into messages, and the submissions of `--closed-through`."""

from __future__ import annotations

from datetime import date

from infra.intake.batches import batches
from infra.intake.closed_through import closed_through
from infra.intake.events import Record
from models.columns import Kind
from models.ledger.chain import Stored
from models.quick_check import first_fault
from streams import records_message


def record(number: int, district: str = "1", kind: Kind = Kind.ATTENDANCE, file: str = "a") -> Record:
    return Record(kind, Stored({"district_id": district}, file, number))


def read(records: list[Record], size: int) -> list[tuple[Kind, str, str, list[int]]]:
    return [
        (kind, held[0].given["district_id"], held[0].file, [each.line for each in held])
        for kind, held in batches(records, size)
    ]


def test_a_batch_has_one_kind_district_and_file_and_keeps_the_order() -> None:
    mixed = [record(1), record(2, "2"), record(3), record(4, kind=Kind.CODE), record(5), record(6, "2")]
    assert read([*mixed, record(1, file="b")], 2) == [
        (Kind.ATTENDANCE, "1", "a", [1, 3]),
        (Kind.ATTENDANCE, "2", "a", [2, 6]),
        (Kind.CODE, "1", "a", [4]),
        (Kind.ATTENDANCE, "1", "a", [5]),
        (Kind.ATTENDANCE, "1", "b", [1]),
    ]


def test_no_record_is_lost_and_no_batch_too_big() -> None:
    found = read([record(line, str(line % 3)) for line in range(1000)], 50)
    assert sorted(line for *_, lines in found for line in lines) == list(range(1000))
    assert max(len(lines) for *_, lines in found) == 50
    assert read([], 50) == []


def test_a_batch_is_what_a_message_is_packed_from() -> None:
    (batch,) = batches([record(7)], 500)
    message = records_message.pack(*batch)
    assert message.key == b"1"
    read_again = records_message.unpack(message.value, message.headers)
    assert (read_again.kind, read_again.lines) == (Kind.ATTENDANCE, [7])


def test_closed_through_submits_the_school_days_of_its_year_up_to_the_date() -> None:
    days = [date(2021, 6, 30), date(2021, 9, 2), date(2021, 9, 1), date(2021, 9, 2), date(2021, 9, 3)]
    asked = []

    def school_days(district: str, school: str, year: int) -> list[date]:
        asked.append((district, school, year))
        return days if school == "A" else []

    found = list(closed_through(date(2021, 9, 2), {("1", "B"), ("1", "A")}, school_days))
    assert asked == [("1", "A", 2021), ("1", "B", 2021)]
    assert found == [
        Record(
            Kind.SUBMISSION,
            Stored(
                {
                    "district_id": "1",
                    "school_id": "A",
                    "date": day,
                    "state": "submitted",
                    "recorded_at": f"{day}T00:00:00Z",
                },
                "closed-through",
                0,
            ),
        )
        for day in ("2021-09-01", "2021-09-02")
    ]
    assert all(first_fault(kind, held.given) is None for kind, held in found)
