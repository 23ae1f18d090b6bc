"""What a policy file may say, for whom it holds, and how its faults are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.policy_file import PolicyInvalid, load_policies
from models.policy import DEFAULT, Exempt, Share


def written(tmp_path: Path, text: str) -> Path:
    """The file."""
    path = tmp_path / "policy.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_the_contracts_numbers_hold() -> None:
    assert load_policies(None)("0042", 2021) == DEFAULT


def test_the_last_entry_that_is_for_a_district_and_year_holds(tmp_path: Path) -> None:
    text = """
    [[policy]]
    version = "all"
    minimum_days = 30
    [[policy]]
    version = "one"
    districts = ["0042"]
    from = "2022-23"
    tier_2_opens = "3/25"
    month_mode = "calendar"
    mhw_requires_permission = false
    """
    policy_of = load_policies(written(tmp_path, text))
    assert (policy_of("0042", 2021).version, policy_of("0042", 2021).minimum_days) == ("all", 30)
    assert policy_of("7", 2022).version == "all"
    held = policy_of("0042", 2023)
    assert (held.version, held.tier_2_opens, held.minimum_days) == ("one", Share(3, 25), DEFAULT.minimum_days)
    assert (held.month_mode, held.mhw_requires_permission) == ("calendar", False)


def test_codes_and_reasons_are_read(tmp_path: Path) -> None:
    text = """
    [[policy]]
    version = "ours"
    iss_codes = ["ISS", "ISI"]
    iss_is_absence = true
    exempt = [{ codes = ["MIL", "DEP"], days = 10 }, { codes = ["REL"], days = 1 }]
    """
    held = load_policies(written(tmp_path, text))("0042", 2024)
    assert (held.iss_codes, held.iss_is_absence) == (("ISS", "ISI"), True)
    assert held.exempt == (Exempt(("MIL", "DEP"), 10), Exempt(("REL",), 1))


V = '[[policy]]\nversion = "1"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[policy]]\nminimum_days = 3", "entry 1: version is missing"),
        (V + 'minimum_dayz = 3', "minimum_dayz is no key of a policy; is minimum_days meant?"),
        (V + 'tier_2_opens = 0.1', 'takes an exact fraction in quotes, such as "1/10"'),
        (V + 'tier_2_opens = "11/10"', "takes a fraction over 0 and up to 1"),
        (V + 'tier_2_recovers = "1/10"', "tier_2_recovers has to be below tier_2_opens"),
        (V + 'tier_3_opens = "1/20"\ntier_3_recovers = "1/30"', "tier_3_opens has to be"),
        (V + 'window_minimum = 21', "window_minimum has to be window_days or less"),
        (V + 'truancy_from_age = 7\ntruancy_to_age = 6', "truancy_from_age has to be truancy_to_age or less"),
        (V + 'from = "2021"', "takes a school year in quotes"),
        (V + 'minimum_days = "20"', "entry 1: minimum_days"),
        (V + 'iss_codes = "ISS"', 'entry 1: iss_codes: takes a list of codes in quotes, such as ["ISS"]'),
        (V + 'iss_codes = ["I S"]', "entry 1: iss_codes: takes a list of codes"),
        (V + 'iss_is_absence = true', "iss_is_absence needs the codes of in-school suspension in iss_codes"),
        (V + 'unknown_becomes_unexcused = "yes"', "entry 1: unknown_becomes_unexcused"),
        (V + 'exempt = ["MIL"]', 'such as [{ codes = ["MIL"], days = 10 }]'),
        (V + 'exempt = [{ codes = ["MIL"] }]', 'such as [{ codes = ["MIL"], days = 10 }]'),
        (V + 'exempt = [{ codes = [], days = 10 }]', "takes of each reason at least one code"),
        (V + 'exempt = [{ codes = ["MIL"], days = true }]', "a whole number of days from 1 to 366"),
        (V + 'exempt = [{ codes = ["M", "M"], days = 1 }]', "name the code M twice; leave it in one place"),
        (V + 'iss_codes = ["M"]\nexempt = [{ codes = ["M"], days = 1 }]', "name the code M twice"),
        (V + "report_by = 10", 'takes an hour of the day in quotes, such as "10:30"'),
        (V + 'report_by = "9:30"', 'report_by: takes an hour of the day in quotes'),
        (V + 'report_by = "24:00"', "takes an hour of the day"),
        (V + 'timezone = "New York"', 'timezone: takes the name of a time zone in quotes, such as "America'),
        (V + 'timezone = "../etc/passwd"', "takes the name of a time zone"),
        (V + 'timezone = "America"', "takes the name of a time zone"),
        (V + "timezone = -5", "takes the name of a time zone"),
        ('[policies]\nversion = "1"', "takes [[policy]] entries and nothing else"),
        ("version = ", "is not TOML"),
    ],
)  # fmt: skip
def test_a_fault_names_the_entry_the_key_and_the_remedy(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        load_policies(written(tmp_path, text))
    assert told in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match="cannot be read"):
        load_policies(tmp_path / "gone.toml")
