"""The documents say what the code does, and the code has what they name: both ways where that makes sense."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from alerts.rules import RULES
from infra.cli import common
from infra.cli.app import app
from infra.clickhouse.migrate import known
from infra.connectors import (
    CONNECTORS,
    aspen,
    campus_layouts,
    edfi,
    edfi_json_shapes,
    oneroster_layouts,
    powerschool_layouts,
)
from infra.event_logs import EVERY_TOPIC
from infra.exports import alerts as alerts_export
from infra.exports import documentation as documentation_export
from infra.exports import quality as quality_export
from infra.exports import refused as refused_export
from infra.exports import standings as standings_export
from infra.exports import truancy as truancy_export
from infra.exports.meanings import MEANINGS
from infra.files.tables import Layout
from infra.log_fields import COMMANDS
from infra.metrics import METRICS
from infra.metrics import RULES as RULES_OF_METRICS
from infra.papers import agenda as agenda_paper
from infra.papers import psis as psis_paper
from infra.papers.datt import NUMBERS, STUDENT_COLUMNS
from infra.papers.edsight import TABLES, title_of
from infra.policy_file import load_policies
from infra.settings import Settings
from models.columns import COLUMNS, COMMON, Kind
from models.policy import DEFAULT, Policy, Share
from models.quality.finding import REMEDIES
from models.quality.findings import FINDERS
from models.refusal import Reason
from streams.topics import DAY_MS
from tests.fuzz.__main__ import options as fuzz_options

ROOT = Path(__file__).parents[2]
ADRS = sorted((ROOT / "docs/adr").glob("0*.md"))
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATE = (ROOT / "docs/operate.md").read_text()
PAPERS = (ROOT / "docs/papers.md").read_text()
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
        match = re.match(r"\| `([^`]+)` +\|", line)
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
    assert set(table) == {topic.name for topic in EVERY_TOPIC}
    for topic in EVERY_TOPIC:
        keeps = table[topic.name][1]
        if topic.compact:
            assert "newest value" in keeps
        elif topic.retention_ms is None:
            assert keeps == "everything"
        else:
            assert keeps == f"{topic.retention_ms // DAY_MS} days"


def test_every_variable_in_the_documents_exists() -> None:
    known = {f"ROLLCALL_{name.upper()}" for name in Settings.model_fields} | {
        "ROLLCALL_TEST_",
        "ROLLCALL_TEST_KAFKA",
        "ROLLCALL_TEST_CLICKHOUSE",
        "ROLLCALL_",
    }
    for path in DOCS:
        for name in re.findall(r"\bROLLCALL_[A-Z_]*", path.read_text()):
            assert name in known, f"{path.name}: {name}"


@pytest.mark.parametrize("kind", Kind)
def test_every_column_is_documented_as_it_is(kind: Kind) -> None:
    table = rows(section(RECORDS, f"`{kind}`"))
    assert list(table) == [column.name for column in COLUMNS[kind]]
    for column in COLUMNS[kind]:
        required, identity, takes, _ = table[column.name]
        assert required == ("yes" if column.required else ""), column.name
        assert identity == ("yes" if column.identity else ""), column.name
        if column.choices:
            assert re.findall("`([^`]+)`", takes) == list(column.choices), column.name


def test_the_columns_of_every_record_are_documented() -> None:
    table = rows(section(RECORDS, "Every record"))
    assert list(table) == [column.name for column in COMMON]
    assert re.findall("`([^`]+)`", table["op"][0]) == list(COMMON[0].choices)


def test_every_reason_is_documented_in_its_order_with_a_remedy() -> None:
    table = rows(section(RECORDS, "Reasons"))
    assert list(table) == list(Reason)
    assert all(meaning and remedy for meaning, remedy in table.values())


def test_every_rule_is_documented_under_its_name_with_a_source() -> None:
    headings = re.findall(r"^#### `([a-z0-9_]+)`$", RULES_DOC, re.MULTILINE)
    assert headings == [rule.name for rule in RULES]
    for name in headings:
        assert "\nSource: " in section(RULES_DOC, f"`{name}`"), name
    once, each_time = section(RULES_DOC, "One a year"), section(RULES_DOC, "One each time")
    for rule in RULES:
        assert f"#### `{rule.name}`" in (each_time if rule.per_opening else once)


def test_every_rule_is_counted() -> None:
    assert sorted(RULES_OF_METRICS) == sorted(rule.name for rule in RULES)


POLICY_KEYS = ("version", "districts", "from", *Policy._fields[1:])


def written(value: object) -> str:
    """A value of a policy in TOML."""
    if isinstance(value, tuple) and not isinstance(value, Share):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, Share):
        return f'"{value.numerator}/{value.denominator}"'
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def test_every_key_of_the_policy_file_is_documented_with_its_default(tmp_path: Path) -> None:
    table = rows(section(RULES_DOC, "The policy file"))
    assert list(table) == list(POLICY_KEYS)
    defaults = {key: cells[0].strip("`") for key, cells in table.items() if cells[0]}
    assert defaults == {key: written(getattr(DEFAULT, key)) for key in Policy._fields[1:]}
    file = tmp_path / "policy.toml"
    lines = (f"{key} = {value}" for key, value in defaults.items())
    file.write_text(
        "\n".join(('[[policy]]\nversion = "contract-1"\nfrom = "2021-22"\ndistricts = ["D"]', *lines))
    )
    assert load_policies(file)("D", 2021) == DEFAULT


def test_the_policy_file_in_the_documents_is_taken(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", RULES_DOC, re.DOTALL)
    assert example
    file = tmp_path / "policy.toml"
    file.write_text(example[1])
    policy_of = load_policies(file)
    assert [policy_of("0042", 2024).month_mode, policy_of("0043", 2024).month_mode] == [
        "calendar",
        "rolling_30",
    ]
    assert {policy_of(district, 2024).minimum_days for district in ("0042", "0043")} == {30}
    assert policy_of("0042", 2023) == DEFAULT


def test_the_keys_are_explained_by_words_that_exist() -> None:
    names = {rule.name for rule in RULES} | {*POLICY_KEYS, "prior_year_*", "contract-1", "retry"}
    names |= {"true", "false"}
    for name in re.findall(r"`([a-z][a-z0-9_*-]+)`", section(RULES_DOC, "The policy file")):
        assert name in names, name


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ("tier_2", {"10", "20", "9"}),
        ("tier_3", {"20", "18"}),
        ("month_pace", {"2"}),
        ("early_pace", {"2", "7"}),
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


def commands() -> dict[str, Any]:
    """Every command by its words: `ingest`, `export alerts`."""
    found: dict[str, Any] = {}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]  # a group
        below = getattr(command, "commands", None)
        found |= {name: command} if below is None else {f"{name} {each}": below[each] for each in below}
    return found


def commands_text() -> str:
    """What stands of all commands together, before the sections of each."""
    return section(OPERATE, "Commands").split("\n### ")[0]


def test_every_command_is_documented() -> None:
    table = [name for name in rows(commands_text()) if name.startswith("rollcall ")]
    documented = [re.sub(r"^rollcall | --.*| [A-Z].*", "", name) for name in table]
    assert sorted(documented) == sorted(commands())
    assert {name.split()[0] for name in documented} == set(COMMANDS)


def options(words: str) -> set[str]:
    """The options of a command, as they are written."""
    given = (param for param in commands()[words].params if param.param_type_name == "option")
    return {next(name for name in param.opts if name.startswith("--")) for param in given} - {"--help"}


REPORTS = [f"report {what}" for what in ("psis", "edsight", "datt", "review-teams", "student")]
EXPORTS = [f"export {what}" for what in ("standings", "alerts", "refused", "documentation", "truancy")]


@pytest.mark.parametrize(
    ("heading", "of"),
    [
        ("ingest", ["ingest"]),
        ("map", ["map"]),
        ("run", ["run", "worker", "sink", "web"]),
        ("token", ["token"]),
        ("export", EXPORTS),
        ("report", REPORTS),
        ("retry", ["retry"]),
        ("reconcile", ["reconcile"]),
        ("published", ["published"]),
        ("late", ["late"]),
        ("quality", ["quality"]),
        ("migrate", ["migrate"]),
        ("verify", ["verify"]),
        ("release", ["release"]),
        ("refill", ["refill"]),
        ("config", ["config"]),
        ("policy", ["policy show"]),
        ("backtest", ["backtest"]),
        ("demo", ["demo"]),
    ],
)
def test_every_option_is_documented(heading: str, of: list[str]) -> None:
    table = set(rows(section(OPERATE, f"`rollcall {heading}`")))
    assert table == set().union(*map(options, of))


def test_every_command_has_its_options_in_a_section() -> None:
    headings = set(re.findall(r"^### `rollcall ([a-z]+)`$", OPERATE, re.MULTILINE))
    assert headings | {"worker", "sink", "web"} == {name.split()[0] for name in commands()}


def test_every_option_in_the_documents_exists() -> None:
    known_options = set().union(*map(options, commands()))
    others = {"--help", "--build", "--detach"}  # ours all have --help; the last two are of docker compose
    others |= set(re.findall(r"--[a-z]+", fuzz_options([]).format_help()))
    for path in DOCS:
        for name in re.findall(r"(?<![\w-])--[a-z][a-z-]+", path.read_text()):
            assert name in known_options | others, f"{path.name}: {name}"


def test_every_exit_status_is_documented() -> None:
    statuses = {int(code) for code in rows(commands_text()) if code.isdecimal()}
    assert {0, common.FAILED, common.USAGE, common.WITH_REFUSALS} <= statuses


AGENDA = (*agenda_paper.COLUMNS, *agenda_paper.NAMES)


@pytest.mark.parametrize(
    ("document", "heading", "columns", "export"),
    [
        (OPERATE, "Standings", standings_export.COLUMNS, "standings"),
        (OPERATE, "Bounds", standings_export.BOUNDS, "bounds"),
        (OPERATE, "Alerts", alerts_export.COLUMNS, "alerts"),
        (RECORDS, "Refused", refused_export.COLUMNS, "refused"),
        (OPERATE, "Documentation", documentation_export.COLUMNS, "documentation"),
        (OPERATE, "Truancy meetings", truancy_export.COLUMNS, "truancy"),
        (PAPERS, "PSIS Student Membership and Attendance", psis_paper.COLUMNS, "psis"),
        (PAPERS, "Attendance review teams", AGENDA, "agenda"),
    ],
)
def test_every_column_of_an_export_is_documented_in_the_words_of_its_dictionary(
    document: str, heading: str, columns: tuple[str, ...], export: str
) -> None:
    table = rows(section(document, heading).split("\n### ")[0])
    assert list(table) == list(columns) == list(MEANINGS[export])
    assert {name: cells[-1] for name, cells in table.items()} == MEANINGS[export]


def test_every_column_of_the_other_exports_has_a_meaning() -> None:
    assert list(MEANINGS["quality"]) == list(quality_export.COLUMNS)
    shared = set(MEANINGS["tables"]) | set(MEANINGS["datt"])
    assert {"District", "District Code", "School", "School Code", "Student Count", "%"} <= shared
    assert {title_of(table) for table in TABLES} <= shared
    assert {*NUMBERS, *STUDENT_COLUMNS} <= shared
    assert all(text for export in MEANINGS.values() for text in export.values())


def test_every_finding_about_the_data_is_documented_in_its_order() -> None:
    table = rows(section(OPERATE, "Data quality"))
    assert list(table) == list(REMEDIES)
    assert [finder.__name__ for finder in FINDERS] == list(REMEDIES)


def test_every_table_of_the_store_is_documented() -> None:
    made = {
        name
        for migration in known()
        for statement in migration.forward
        for name in re.findall(r"CREATE (?:TABLE|VIEW) IF NOT EXISTS (\w+)", statement)
    }
    assert set(rows(section(OPERATE, "The analytics store"))) == made


def test_every_format_is_documented() -> None:
    table = rows(section(OPERATE, "`rollcall ingest`"))
    assert set(re.findall("`([a-z_]+)`", table["--format"][0])) == set(CONNECTORS)


def test_every_interchange_that_is_read_is_documented() -> None:
    named = re.findall(r"`(Interchange\w+)`", section(RECORDS, "Ed-Fi"))
    assert sorted(named) == sorted(edfi._READ)


@pytest.mark.parametrize(
    ("heading", "layouts"),
    [
        ("OneRoster", oneroster_layouts.LAYOUTS),
        ("Aspen X2", aspen.LAYOUTS),
        ("PowerSchool", powerschool_layouts.LAYOUTS),
        ("Infinite Campus", campus_layouts.LAYOUTS),
    ],
    ids=["oneroster", "aspen", "powerschool", "infinite_campus"],
)
def test_every_column_of_a_table_that_is_read_is_documented(heading: str, layouts: Sequence[Layout]) -> None:
    named = set(re.findall(r"`(\w+)(?:\.csv)?`", section(RECORDS, heading)))
    tracks = {"B", "C", "D", "E"} if heading == "PowerSchool" else set()
    read = {name for layout in layouts for name in layout.known.values()}
    assert read - named <= tracks


def test_every_resource_that_is_read_is_documented() -> None:
    named = set(rows(section(RECORDS, "Ed-Fi API")))
    assert set(edfi_json_shapes.SHAPES) <= named


def anchors(path: Path) -> set[str]:
    """The anchors that a reader's browser finds: headings in lower case, words joined by hyphens."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text()):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        aim = (path.parent / file).resolve() if file else path
        assert aim.is_relative_to(ROOT), target
        assert aim.exists(), target
        assert not anchor or anchor in anchors(aim), target


def test_every_decision_is_listed_under_its_title() -> None:
    listed = re.findall(
        r"^(\d+)\. \[(.+)\]\((.+)\)$", (ROOT / "docs/adr/README.md").read_text(), re.MULTILINE
    )
    assert listed
    assert [name for _, _, name in listed] == [path.name for path in ADRS]
    for path, (number, title, _) in zip(ADRS, listed, strict=True):
        assert path.name.startswith(f"{int(number):04d}-")
        text = path.read_text()
        assert text.startswith(f"# {number}. {title}\n")
        assert re.search(r"^Status: (accepted|replaced by \[\d+\])", text, re.MULTILINE), path.name


def test_every_decision_that_the_code_names_is_there() -> None:
    numbers = {path.name[:4] for path in ADRS}
    for folder in ("models", "alerts", "streams", "web", "infra", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            for number in re.findall(r"docs/adr/(\d{4})", path.read_text()):
                assert number in numbers, f"{path.name}: {number}"


def test_every_document_that_the_code_names_is_there() -> None:
    for folder in ("models", "alerts", "streams", "web", "infra"):
        for path in (ROOT / folder).rglob("*.py"):
            for name in re.findall(r"docs/[a-z_]+\.md", path.read_text()):
                assert (ROOT / name).is_file(), f"{path.name}: {name}"


def test_every_document_can_be_found_from_the_readme() -> None:
    found, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in found or path.suffix != ".md":
            continue
        found.add(path)
        targets = (target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", path.read_text()))
        waiting += [(path.parent / name).resolve() for name in targets if name and "://" not in name]
    assert set(DOCS) == found


@pytest.mark.parametrize("path", sorted((ROOT / "docs/pictures").glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_asks_no_other_host_and_is_described(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"(?:href|src)=|url\((?!#)|@import", text) == []
    assert len(text) < 150_000
    alt = re.findall(rf"!\[([^]]{{40,}})\]\(docs/pictures/{path.name}\)", (ROOT / "README.md").read_text())
    assert len(alt) == 1


def test_no_document_names_a_machine() -> None:
    for path in DOCS:
        assert not re.search(r"/(?:work|home|root|tmp)/\w", path.read_text()), path.name


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
