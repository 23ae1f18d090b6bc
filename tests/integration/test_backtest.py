"""`rollcall backtest` on the published Ed-Fi year of Grand Bend, and on a small town."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Rollcall
from tests.support.town import attendance, write_town

DATA = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"

grand_bend_is_there = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public sample data is not beside the repository"
)


@pytest.fixture(scope="module")
def grand_bend(tmp_path_factory: pytest.TempPathFactory) -> Rollcall:
    rollcall = Rollcall(tmp_path_factory.mktemp("grand-bend"))
    rollcall.run("ingest", DATA, "--format", "edfi")
    rollcall.catch_up()
    return rollcall


def of(found: dict[str, Any], *names: str) -> list[Any]:
    return [found[name] for name in names]


def tried(rollcall: Rollcall, *words: str | Path) -> dict[str, dict[str, Any]]:
    """The results by the policy's name."""
    return {each["policy"]: each for each in json.loads(rollcall.run("backtest", "--json", *words).stdout)}


@grand_bend_is_there
def test_the_ready_policies_come_to_the_known_figures(grand_bend: Rollcall) -> None:
    found = tried(grand_bend, "--years", "2010-11")
    assert list(found) == ["naive", "pace", "rolling", "early", "contract"]
    counts = (
        "students",
        "ended_at_10_percent",
        "told",
        "told_and_ended_there",
        "messages",
        "recall",
        "precision",
    )

    naive = found["naive"]["rules"]["naive"]
    assert of(naive, *counts) == [227, 42, 113, 42, 260, 1.0, 0.3717]
    assert naive["opened"] + naive["recovered"] == 478, "transitions"

    tier_2 = found["contract"]["rules"]["tier_2"]
    assert of(tier_2, *counts) == [227, 42, 83, 42, 95, 1.0, 0.506]
    assert of(tier_2, "opened", "reopened", "reopened_and_told") == [83, 60, 12]
    assert tier_2["messages_a_crosser"] == 1.1446
    assert tier_2["first_day"] == {"lower": 20.0, "median": 20.0, "upper": 20.0}
    assert tier_2["absences_ahead"]["median"] == 0.8421

    pace = found["pace"]["rules"]["month_pace"]
    assert of(pace, *counts) == [227, 42, 92, 42, 92, 1.0, 0.4565]
    assert (pace["first_day"]["median"], pace["absences_ahead"]["median"]) == (10.0, 0.8947)

    rolling = found["rolling"]["rules"]["rolling"]
    assert of(rolling, *counts[:4]) == [227, 42, 75, 42]
    assert (rolling["precision"], rolling["absences_ahead"]["median"]) == (0.56, 0.8114)

    early = found["early"]
    assert of(early["whole"], *counts[1:4]) == [42, 64, 42]
    assert of(early["whole"], "recall", "precision") == [1.0, 0.6563]
    assert early["whole"]["absences_ahead"] == {"lower": 0.4737, "median": 0.8918, "upper": 0.8987}
    assert of(early["rules"]["early_pace"], "told", "recall", "precision") == [57, 0.8333, 0.614]
    assert found["contract"]["rules"]["early_pace"]["messages"] == 0, "off by default"

    for name, rule in (("pace", "month_pace"), ("rolling", "rolling")):
        assert found["contract"]["rules"][rule] == found[name]["whole"]


@grand_bend_is_there
def test_no_student_and_no_school_is_named(grand_bend: Rollcall) -> None:
    ids = {
        row[name]
        for row in grand_bend.rows("standings", "--as-of", "2011-05-27")
        for name in ("student_id", "school_id")
    }
    picture = grand_bend.home / "picture.svg"
    done = grand_bend.run("backtest", "--json", "--svg", picture)
    for text in (done.stdout, done.stderr, picture.read_text()):
        assert not [each for each in ids if each in text]


@grand_bend_is_there
def test_the_picture_is_described_and_asks_no_other_host(grand_bend: Rollcall) -> None:
    picture = grand_bend.home / "other.svg"
    grand_bend.run("backtest", "--policy", "contract", "--svg", picture)
    root = ElementTree.fromstring(picture.read_text())
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    named = {each.get("id"): each.text or "" for each in root if each.get("id")}
    assert all(named[name] for name in (root.get("aria-labelledby") or "").split())
    assert "tier_2: 83 students told about, recall 100 %, precision 51 %" in named["desc"]
    assert "84 % or more of their absences still ahead" in named["desc"]
    assert len(root.findall(f"{space}circle")) == 10, "a dot a rule that told of somebody, and one for all"
    texts = [each.text for each in root.findall(f"{space}text")]
    assert "How early was somebody told? School year 2010-11" in texts
    assert {"0 %", "100 %", "recall", "precision", "messages"} <= set(texts)


@pytest.fixture
def town(tmp_path: Path) -> Rollcall:
    """Mia is absent on the first, second and fourth of five days; nobody else is absent."""
    write_town(tmp_path / "town")
    rows = attendance("mia,2021-09-01,U", "mia,2021-09-02,U", "mia,2021-09-07,E")
    (tmp_path / "town/attendance.csv").write_text(rows)
    home = tmp_path / "home"
    home.mkdir()
    rollcall = Rollcall(home)
    rollcall.run("ingest", tmp_path / "town")
    return rollcall


def test_a_policy_file_and_a_ready_policy_stand_side_by_side(town: Rollcall) -> None:
    file = town.home / "ours.toml"
    file.write_text(
        '[backtest]\nrules = ["consecutive", "naive"]\n[[policy]]\nversion = "2"\nstreak_days = 2\n'
    )
    found = tried(town, "--policy", file, "--policy", "contract", "--policy", file)
    assert list(found) == [str(file), "contract"]
    ours, contract = found[str(file)], found["contract"]
    assert ours["school_year"] == "2021-22"
    assert list(ours["rules"]) == ["consecutive", "naive"]
    assert of(ours["rules"]["consecutive"], "students", "told", "messages") == [2, 1, 1]
    assert ours["rules"]["consecutive"]["first_day"]["median"] == 2.0
    assert ours["rules"]["consecutive"]["absences_ahead"]["median"] == 0.3333
    assert of(ours["whole"], "told", "messages", "peak_messages_a_caseload_and_week") == [1, 2, 2]
    assert contract["rules"]["consecutive"]["told"] == 0
    assert of(contract["rules"]["month_pace"], "told", "recall", "precision") == [1, 1.0, 1.0]


def test_only_what_is_asked_for_stands_on_standard_output(town: Rollcall) -> None:
    done = town.run("backtest", "--policy", "naive")
    assert done.stdout == ""
    assert "School year 2021-22: 2 students, 1 of them ended at 10 % or more" in done.stderr


def test_another_district_is_left_out(town: Rollcall) -> None:
    assert tried(town, "--policy", "naive", "--district", "D")["naive"]["whole"]["students"] == 2
    assert "knows no school year" in town.run("backtest", "--district", "E", status=2).stderr


def test_a_policy_that_cannot_be_tried_is_told(tmp_path: Path) -> None:
    done = Rollcall(tmp_path).run("backtest", "--policy", "nowhere.toml", status=2)
    assert "nowhere.toml is neither a policy file nor one of the ready policies" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_year_that_is_not_known_is_told(town: Rollcall) -> None:
    done = town.run("backtest", "--years", "2019-20,2021-22", "--years", "2018-19", status=2)
    assert "nothing is known of 2019-20, 2018-19; the event log has 2021-22" in done.stderr
    assert "takes school years such as 2010-11" in town.run("backtest", "--years", "2019", status=2).stderr


def test_a_picture_that_cannot_be_written_is_told(town: Rollcall) -> None:
    done = town.run("backtest", "--svg", town.home / "nowhere" / "picture.svg", status=1)
    assert "the picture cannot be written" in done.stderr
