"""Last year's rates, the list for the meetings, and the command."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.cli.app import app
from infra.papers.agenda import agenda
from infra.papers.rates import RatesUnusable, read
from models.columns import Kind
from models.papers.review_teams import Rate, district_rate, school_rates
from models.policy import DEFAULT, contract
from tests.support.made_district import Town

GRAND_BEND = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"


def weekdays(first: date, count: int) -> list[str]:
    found = []
    while len(found) < count:
        if first.weekday() < 5:
            found.append(first.isoformat())
        first += timedelta(days=1)
    return found


LAST = weekdays(date(2020, 9, 1), 20)
THIS = weekdays(date(2021, 9, 1), 20)


def town() -> Town:
    """Twenty days last year and this; ann is absent on two of ten at S, and on none of ten at T."""
    held = Town().code("E", "excused").code("U", "unexcused")
    for school in "ST":
        held.calendar(school, LAST[0], 20).calendar(school, THIS[0], 20).close(school, *LAST, *THIS)
    held.enroll("S", "ann", LAST[0]).enroll("T", "ann", LAST[10]).enroll("S", "ben", LAST[0])
    return held.mark("S", "ann", LAST[0], "E").mark("S", "ann", LAST[1], "E")


def test_a_school_has_the_rate_of_the_days_at_it_and_the_district_that_of_all() -> None:
    held = town()
    assert school_rates(held.ledger, 2021, DEFAULT) == {"S": Rate(1, 2), "T": Rate(0, 1)}
    assert district_rate(held.ledger, 2021) == Rate(1, 2)
    assert district_rate(held.ledger, 2020) is None and school_rates(held.ledger, 2020, DEFAULT) == {}


def test_a_prior_year_record_counts_before_own_days_and_alone() -> None:
    held = town()
    for student, days, absent in (("ann", "180", "17"), ("new", "180", "18"), ("none", "0", "0")):
        held.put(
            Kind.PRIOR_YEAR, student_id=student, school_year="2020-21", enrolled_days=days, absent_days=absent
        )
    assert district_rate(held.ledger, 2021) == Rate(1, 3)


def test_the_list_has_who_is_chronic_here_or_in_the_district_or_truant_and_enrolled() -> None:
    held = town()
    held.enroll("S", "cal", THIS[0]).enroll("S", "dee", THIS[0]).enroll("T", "eve", THIS[0], THIS[4])
    for number in range(4):
        held.mark("S", "cal", THIS[number], "U")
    for number in (0, 1):
        held.mark("S", "dee", THIS[number], "E").mark("T", "eve", THIS[number], "E")
    held.put(Kind.STUDENT, student_id="cal", first_name="Cal", last_name="Q")
    found = agenda(held.ledger, date.fromisoformat(THIS[-1]), contract, names=False)
    shown = [(row["school_id"], row["student_id"], row["reason"], row["tier"]) for row in found.rows]
    assert shown == [("S", "dee", "chronic", "II"), ("S", "cal", "chronic and truant", "III")]
    assert found.left == 1 and "last_name" not in found.rows[0]
    assert found.rows[1]["truant_since"] == THIS[3] and found.rows[1]["unexcused_days"] == "4"
    named = agenda(held.ledger, date.fromisoformat(THIS[-1]), contract, names=True)
    assert [row["last_name"] for row in named.rows] == ["", "Q"]
    assert agenda(held.ledger, date.fromisoformat(LAST[-1]), contract, names=False).rows[0]["grade"] == "5"


def test_who_is_chronic_at_the_present_school_alone_is_listed() -> None:
    held = town().enroll("T", "fay", THIS[0]).enroll("S", "fay", THIS[18])
    held.mark("S", "fay", THIS[18], "E")
    found = agenda(held.ledger, date.fromisoformat(THIS[-1]), contract, names=False)
    assert [(row["student_id"], row["rate_percent"], row["tier"]) for row in found.rows] == [
        ("fay", "5.00", "III")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("school,chronic\n", "needs the columns"),
        ("school_id,chronically_absent,enrolled\nA,x,3\n", "line 2"),
        ("school_id,chronically_absent,enrolled\nA,-1,3\n", "whole numbers"),
        ("school_id,chronically_absent,enrolled\nA,4,3\n", "more chronically absent"),
        ("school_id,chronically_absent,enrolled\nA,1,3\nA,1,3\n", "line 3"),
        (None, "cannot be read"),
    ],
)
def test_a_file_of_rates_that_cannot_be_used_is_told(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "rates.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(RatesUnusable, match=said):
        read(path)


def test_published_rates_are_taken_where_the_log_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    (tmp_path / "enrollment.csv").write_text(
        "district_id,school_id,student_id,grade,entry_date,recorded_at\n"
        "D,S,=ann,5,2021-09-01,2021-08-01T00:00:00Z\n"
    )
    run = CliRunner().invoke
    assert run(app, ["ingest", str(tmp_path / "enrollment.csv")]).exit_code == 0
    words = ["report", "review-teams", "--as-of", "2021-12-15"]
    unknown = run(app, words)
    assert unknown.exit_code == 1 and "--rates" in unknown.stderr
    rates = tmp_path / "rates.csv"
    rates.write_text("school_id,chronically_absent,enrolled\n,99,1000\nA,15,100\nB,149,1000\nC,0,0\n")
    done = run(app, [*words, "--rates", str(rates), "--json"])
    told = json.loads(done.stdout)
    assert (told["case"], told["schools_reaching"], told["rates_of"]) == ("B", ["A"], "2020-21")
    assert told["district"]["reached"] is False and told["schools"]["B"]["rate_percent"] == "14.90"
    text = run(app, [*words, "--rates", str(rates)]).stdout
    assert "case B: a team at the school" in text and text.startswith("NOT SUPPRESSED")
    assert run(app, [*words, "--names"]).exit_code == 2
    rates.write_text("school_id,chronically_absent,enrolled\n,100,1000\n")
    alone = run(app, [*words, "--rates", str(rates)]).stdout
    assert "case A" in alone and "more may be asked for" in alone
    assert (
        json.loads(run(app, [*words, "--rates", str(rates), "--json"]).stdout)["school_rates_known"] is False
    )


@pytest.mark.skipif(not GRAND_BEND.is_dir(), reason="the public sample data is not beside the repository")
def test_grand_bend_needs_a_team_for_the_district_or_at_two_schools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    run = CliRunner().invoke
    assert run(app, ["ingest", "--format", "edfi", "--district", "G", str(GRAND_BEND)]).exit_code == 0
    told = json.loads(run(app, ["report", "review-teams", "--as-of", "2011-09-01", "--json"]).stdout)
    assert (told["case"], told["district"]["chronically_absent"], told["district"]["enrolled"]) == (
        "D",
        42,
        227,
    )
    assert told["schools_reaching"] == ["255901001", "255901044"]
    agenda_file = tmp_path / "agenda.csv"
    words = ["report", "review-teams", "--as-of", "2011-05-27", "--agenda", str(agenda_file)]
    assert run(app, words).exit_code == 1  # of the year before nothing is known
    chronic = [line for line in agenda_file.read_text().splitlines() if ",chronic" in line]
    assert len(chronic) == 42
