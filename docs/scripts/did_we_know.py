"""Did we know on a day? Asks the API what was known of one student: python3 did_we_know.py

Takes nothing but Python 3.11 or later. What it needs to know it asks for, so that no id stands in the history
of a shell or in the list of processes. ROLLCALL_URL and ROLLCALL_TOKEN may hold the address and the token.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

HERE = "http://127.0.0.1:8480"
PATH = "/api/v1/students/as-known"


def main(ask: Callable[[str], str] = input, ask_hidden: Callable[[str], str] = getpass.getpass) -> int:
    """Ask, and tell. The exit status: 0; 1 where there is no answer."""
    address = os.environ.get("ROLLCALL_URL") or HERE
    url = urlsplit(address)
    if url.scheme != "https" and url.hostname not in ("127.0.0.1", "localhost", "::1"):
        return told("ROLLCALL_URL has to begin with https://, or the token can be read on its way")
    token = os.environ.get("ROLLCALL_TOKEN") or ask_hidden("Token (it is not shown): ")
    district, student = ask("District: ").strip(), ask("Student's id: ").strip()
    try:
        day = date.fromisoformat(ask("What was known of the days up to (2024-12-13): ").strip())
        evening = datetime.combine(day, time(23, 59, 59)).astimezone()
        said = ask(f"Known at (blank: {evening.isoformat()}): ").strip()
        known_at = datetime.fromisoformat(said).astimezone() if said else evening
    except ValueError:
        return told("a day is written as 2024-12-13, an instant as 2024-12-14T08:00:00-05:00")
    question = {
        "district": district,
        "student": student,
        "as_of": day.isoformat(),
        "known_at": known_at.isoformat(timespec="seconds"),
    }
    try:
        held = answer(address.rstrip("/") + PATH, token, question)
    except urllib.error.HTTPError as error:
        return told(detail_of(error))
    except (OSError, ValueError):
        return told(f"nothing answers at {address} as Rollcall's API does; ROLLCALL_URL may name it")
    print("\n".join(["", *lines(held)]))
    return 0


def answer(address: str, token: str, question: dict[str, str]) -> dict[str, Any]:
    """What the API says. Raises HTTPError, OSError, ValueError."""
    headers = {"Authorization": f"Bearer {token.strip()}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(question).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        found: dict[str, Any] = json.load(response)
    return found


def detail_of(error: urllib.error.HTTPError) -> str:
    """Why it has not answered, in its own words."""
    try:
        return str(json.load(error)["detail"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"it has answered with {error.code} {error.reason}"


def lines(held: dict[str, Any]) -> list[str]:
    """The answer, to read."""
    told = [f"Known at {held['known_at']} of the days up to {held['as_of']}:"]
    if held["data_through"] is None:
        told.append("No day was counted.")
    else:
        told.append(
            f"Absent on {held['absent_days']} of {held['enrolled_days']} counted days "
            f"({held['absence_rate_percent']:.2f} %), the last one {held['data_through']}."
        )
    if not held["alerts"]:
        told.append("No alert.")
    for alert in held["alerts"]:
        at = f" at school {alert['school_id']}" if alert["school_id"] else ""
        recovered = f", recovered on {alert['recovered_on']}" if alert["condition"] == "recovered" else ""
        told.append(
            f"{alert['rule']}{at}: {alert['condition']}, opened on {alert['opened_on']} with "
            f"{alert['absent_days']} of {alert['enrolled_days']} days{recovered}; known since "
            f"{alert['first_known']}, last changed {alert['last_changed']}."
        )
    return told


def told(why: str) -> int:
    """There is no answer."""
    print(f"did_we_know: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
