"""edsight.toml: the codes that it gives, and what is said of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.edsight.codes import Codes, CodesInvalid, load_codes


def test_codes_are_those_of_the_file_and_else_the_ids_themselves(tmp_path: Path) -> None:
    path = tmp_path / "edsight.toml"
    path.write_text('[districts]\n"0042" = "0010011"\n[schools."0042"]\n"12" = "0010111"\n')
    codes = load_codes(path)
    assert codes.of_district("0042") == "0010011"
    assert codes.of_district("0020011") == "0020011"
    assert codes.of_school("0042", "12") == "0010111"
    assert codes.of_school("0043", "12") == "12"
    assert load_codes(None) == Codes()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[districts\n", "is not TOML"),
        ("[district]\nD = '0010011'\n", "has [districts]"),
        ("districts = 3\n", "takes lines such as"),
        ("[districts]\nD = 10011\n", "seven digits in quotes"),
        ("[districts]\nD = '10011'\n", "seven digits in quotes"),
        ("[districts]\nD = '0010011'\nE = '0010011'\n", "two ids have one code"),
        ("[schools]\nD = '0010011'\n", "takes lines such as"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "edsight.toml"
    path.write_text(text)
    with pytest.raises(CodesInvalid) as error:
        load_codes(path)
    assert says in str(error.value)
    with pytest.raises(CodesInvalid, match="cannot be read"):
        load_codes(tmp_path / "nothing.toml")
