"""Events of made-up alerts for the tests of the store."""

from __future__ import annotations

import random

from streams.alerts_message import AlertEvent


def event(alert: str, sequence: int, change: str, **given: object) -> AlertEvent:
    """An event of an alert; what is not given is the same for all."""
    plain = AlertEvent(
        event_id=f"{alert}-{sequence}",
        alert_id=alert,
        sequence=sequence,
        change=change,
        district_id="D1",
        scope="district",
        school_id="",
        opening_school_id="S1",
        student_id="0042",
        school_year="2024-25",
        rule="tier_2",
        opened_on="2024-10-01",
        recovered_on="",
        enrolled_days=20,
        absent_days=2,
        dates=["2024-09-12", "2024-10-01"],
        condition="standing",
        policy_version="default",
        data_through="2024-10-01",
        version=7,
    )
    return plain._replace(**given)  # type: ignore[arg-type]  # names and types are those of AlertEvent


def histories(seed: int, alerts: int = 30) -> list[AlertEvent]:
    """Alerts of two districts that open, and some that recover, reopen and are withdrawn, in order."""
    dice = random.Random(seed)
    made = []
    for number in range(alerts):
        shared = {"district_id": dice.choice(["D1", "D2"]), "student_id": f"{number:04d}"}
        changes = ["opened", *["recovered", "reopened", "withdrawn"][: dice.randrange(4)]]
        for sequence, change in enumerate(changes):
            condition = {"recovered": "recovered", "withdrawn": "withdrawn"}.get(change, "standing")
            recovered = "2024-11-04" if change == "recovered" else ""
            made.append(
                event(
                    f"{number:032x}",
                    sequence,
                    change,
                    condition=condition,
                    recovered_on=recovered,
                    version=number,
                    **shared,
                )
            )
    return made
