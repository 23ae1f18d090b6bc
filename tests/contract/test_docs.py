"""The documents say what the code does: each setting, metric, topic, column, reason, rule and command."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

from infra.log_fields import COMMANDS
from infra.metrics import METRICS, RULES
from infra.settings import Settings
from models.columns import COLUMNS, COMMON, Kind
from models.refusal import Reason
from streams.topics import DAY_MS, TOPICS

ROOT = Path(__file__).parents[2]
DOCS = [*sorted((ROOT / "docs").glob("*.md")), *(ROOT / name for name in ("SECURITY.md", "CONTRIBUTING.md"))]
OPERATE = (ROOT / "docs/operate.md").read_text()
RECORDS = (ROOT / "docs/records.md").read_text()
RULES_DOC = (ROOT / "docs/rules.md").read_text()


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one that is not below it."""
    match = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,6}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, f"no heading {heading!r}"
    level = len(match[1])
    rest = text[match.start(2) :]
    end = re.search(rf"^#{{1,{level}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> dict[str, list[str]]:
    """The rows of the tables of a text whose first cell is code, by that code; no two begin alike."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        match = re.match(r"\| `([^`]+)` \|", line)
        if match:
            assert match[1] not in found, f"{match[1]} stands twice"
            found[match[1]] = [cell.strip() for cell in line.strip().strip("|").split("|")][1:]
    return found


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    table = rows(section(OPERATE, "Settings"))
    assert set(table) == {f"ROLLCALL_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default, meaning = table[f"ROLLCALL_{name.upper()}"]
        assert meaning == field.description
        if field.default_factory is None:
            said = default.strip("`")
            value = "" if field.default is None else str(field.default)
            value = f"{field.default:g}" if isinstance(field.default, float) else value
            assert said.lower() == value.lower(), name
        else:
            assert default and "`" not in default, f"{name} has no one default"


def test_every_metric_is_documented_with_its_type_labels_and_help() -> None:
    table = rows(section(OPERATE, "Metrics"))
    assert set(table) == set(METRICS)
    for name, metric in METRICS.items():
        kind, labels, text = table[name]
        assert (kind, text) == (metric.type, metric.help), name
        assert re.findall(r"(?:^|; )`([a-z]+)`", labels) == list(metric.labels), name
        for label, values in metric.labels.items():
            if label not in ("rule", "reason", "version"):  # their values stand in documents of their own
                assert all(f"`{value}`" in labels for value in values), name


def test_every_metric_in_the_text_exists() -> None:
    for name in re.findall(r"\brollcall_[a-z_]+", OPERATE):
        assert name in METRICS, name


def test_every_topic_is_documented_with_what_it_keeps() -> None:
    table = rows(section(OPERATE, "Topics"))
    assert set(table) == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        keeps = table[topic.name][1]
        if topic.compact:
            assert "newest value" in keeps
        elif topic.retention_ms is None:
            assert keeps == "everything"
        else:
            assert keeps == f"{topic.retention_ms // DAY_MS} days"


def test_every_variable_in_the_documents_exists() -> None:
    known = {f"ROLLCALL_{name.upper()}" for name in Settings.model_fields} | {"ROLLCALL_TEST_", "ROLLCALL_"}
    for path in (*DOCS, ROOT / "CHANGELOG.md"):
        for name in re.findall(r"\bROLLCALL_[A-Z_]*", path.read_text()):
            assert name in known, f"{path.name}: {name}"


@pytest.mark.parametrize("kind", Kind)
def test_every_column_is_documented_as_it_is(kind: Kind) -> None:
    table = rows(section(RECORDS, f"`{kind}`").split("Every record may also carry")[0])
    assert list(table) == [column.name for column in COLUMNS[kind]]
    for column in COLUMNS[kind]:
        required, identity, takes, _ = table[column.name]
        assert required == ("yes" if column.required else ""), column.name
        assert identity == ("yes" if column.identity else ""), column.name
        if column.choices:
            assert re.findall("`([^`]+)`", takes) == list(column.choices), column.name


def test_the_columns_of_every_record_are_documented() -> None:
    table = rows(section(RECORDS, "Kinds").split("Every record may also carry")[1])
    assert list(table) == [column.name for column in COMMON]
    assert re.findall("`([^`]+)`", table["op"][0]) == list(COMMON[0].choices)


def test_every_reason_is_documented_in_its_order_with_a_remedy() -> None:
    table = rows(section(RECORDS, "Refused"))
    assert list(table) == list(Reason)
    assert all(meaning and remedy for meaning, remedy in table.values())


def rule_names() -> set[str]:
    """The engine's rules, or, until it is built, the contract's."""
    if importlib.util.find_spec("alerts.rules") is None:
        return set(RULES)
    registry = getattr(importlib.import_module("alerts.rules"), "RULES", RULES)
    return {getattr(rule, "name", rule) for rule in registry}


def test_every_rule_is_documented_under_its_name_with_a_source() -> None:
    headings = re.findall(r"^#### `([a-z0-9_]+)`$", RULES_DOC, re.MULTILINE)
    assert sorted(headings) == sorted(rule_names())
    for name in headings:
        assert "\nSource: " in section(RULES_DOC, f"`{name}`"), name


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ("tier_2", {"10", "20", "9"}),
        ("tier_3", {"20", "18"}),
        ("month_pace", {"2"}),
        ("prior_year_tier_2", {"10", "20"}),
        ("prior_year_tier_3", {"20"}),
        ("truancy_month", {"4", "30"}),
        ("truancy_year", {"10"}),
        ("habitual_truant", {"20"}),
        ("level_2_next", {"9"}),
        ("level_2", {"10"}),
        ("rolling", {"20", "10"}),
        ("consecutive", {"3"}),
    ],
)
def test_every_rule_gives_its_numbers(rule: str, numbers: set[str]) -> None:
    assert numbers <= set(re.findall(r"\d+", section(RULES_DOC, f"`{rule}`").split("Source:")[0]))


def test_every_command_is_documented() -> None:
    documented = {
        name.split()[1] for name in rows(section(OPERATE, "Commands")) if name.startswith("rollcall ")
    }
    assert documented == set(COMMANDS)
    if importlib.util.find_spec("infra.cli") is None or importlib.util.find_spec("infra.cli.app") is None:
        return
    from typer.main import get_command

    command = get_command(importlib.import_module("infra.cli.app").app)
    assert set(getattr(command, "commands", ())) == documented


def anchors(path: Path) -> set[str]:
    """The anchors that a reader's browser finds: headings in lower case, words joined by hyphens."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", [*DOCS, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text()):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        aim = (path.parent / file).resolve() if file else path
        assert aim.is_file(), target
        assert not anchor or anchor in anchors(aim), target


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    words = re.findall(r"^\*\*(.+?)\.\*\*", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    assert len(words) > 40
    assert words == sorted(words, key=str.lower)


def test_the_change_log_has_a_place_for_what_comes() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text()


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
