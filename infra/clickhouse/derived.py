"""What is derived from the facts, worked out as a whole: when its SQL has changed, or it is new to a store.

Otherwise only what is touched is worked out. The form is noted at the end, so that a crash on the way begins
again.
"""

from __future__ import annotations

import structlog

from infra.clickhouse.store import Store

# One more with each change of what the modules write that work something out (store.py has them all).
FORM = 6

_NAME = "standings and day_counts"

_log = structlog.get_logger()


def work_out_if_needed(store: Store) -> int:
    """Work out standings and counts of days of every district and school year; how many of these that were.

    Raises StoreUnavailable.
    """
    with store.said():
        client = store.client
        held = client.query("SELECT max(form) FROM derived WHERE name = {name:String}", {"name": _NAME})
        if held.result_rows[0][0] >= FORM:
            return 0
        whole = client.query(
            "SELECT DISTINCT district_id, school_year FROM student_day_facts ORDER BY ALL"
        ).result_rows
    for district, year in whole:
        _log.info("derived_tables_are_worked_out")
        with store.said():
            these = {"district": district, "year": year}
            where = "WHERE district_id = {district:String} AND school_year = {year:UInt16}"
            touched = client.query(
                f"SELECT DISTINCT district_id, school_id, student_id FROM student_day_facts {where}",
                these,
            ).result_rows
            days = client.query(
                f"SELECT DISTINCT district_id, school_id, toString(date) FROM student_day_facts {where}",
                these,
            ).result_rows
        students = {(row[0], row[1], row[2]): 0 for row in touched}
        store.recount(year, students, [(row[0], row[1], row[2]) for row in days])
    with store.said():
        client.command(f"INSERT INTO derived (name, form) VALUES ('{_NAME}', {FORM})")
    return len(whole)
