"""What is mutated and which tests have to notice: the counting and the rules, in three groups.

A group is a run of its own, because its tests are. Within a group mutmut runs for each mutant only the tests
that reach the mutated function.
"""

from __future__ import annotations

from typing import NamedTuple

LEAST_KILLED = 90
"""Per cent of a group's mutants that its tests have to kill."""


class Group(NamedTuple):
    """Modules whose mutants the same tests have to kill; paths from the root of the repository.

    `examples`: how many of each property at most. A mutant that lives costs all of its tests.
    """

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    examples: int


# Timelines by hand. `after the fact` is left out: seconds a story, and it says nothing of one function.
_STORIES = (
    "tests/story/test_story_corrections.py",
    "tests/story/test_story_documentation.py",
    "tests/story/test_story_mhw.py",
    "tests/story/test_story_schools.py",
    "tests/story/test_story_switches.py",
    "tests/story/test_story_tiers.py",
    "tests/story/test_story_truancy_meetings.py",
    "tests/story/test_story_years.py",
)

COUNTING = Group(
    "counting",
    (
        "models/bits.py",
        "models/calendar.py",
        "models/code_reading.py",
        "models/day_classes.py",
        "models/day_reasons.py",
        "models/day_records.py",
        "models/documentation.py",
        "models/enrollment.py",
        "models/in_force.py",
        "models/instant.py",
        "models/lateness.py",
        "models/level.py",
        "models/mhw.py",
        "models/percent.py",
        "models/policy.py",
        "models/reporting.py",
        "models/school_year.py",
        "models/standing.py",
        "models/student_year.py",
        "models/truancy_clock.py",
        "models/version.py",
    ),
    (
        "tests/unit/test_day_classes.py",
        "tests/unit/test_documentation.py",
        "tests/unit/test_lateness.py",
        "tests/unit/test_level_counter.py",
        "tests/unit/test_models_days.py",
        "tests/unit/test_models_in_force.py",
        "tests/unit/test_models_standing.py",
        "tests/unit/test_school_year.py",
        "tests/unit/test_student_year.py",
        "tests/unit/test_switches.py",
        "tests/unit/test_truancy_clock.py",
        "tests/unit/test_validate.py",
        "tests/unit/test_version.py",
        "tests/property/test_counting.py",
        "tests/property/test_meetings_due.py",
        "tests/property/test_reasons.py",
        "tests/property/test_versions_in_any_order.py",
        *_STORIES,
    ),
    examples=10,
)

RULES = Group(
    "rules",
    (
        "alerts/changes.py",
        "alerts/days.py",
        "alerts/fold.py",
        "alerts/known_since.py",
        "alerts/reading.py",
        "alerts/rules/__init__.py",
        "alerts/rules/consecutive.py",
        "alerts/rules/early_pace.py",
        "alerts/rules/level.py",
        "alerts/rules/mhw.py",
        "alerts/rules/month_pace.py",
        "alerts/rules/once.py",
        "alerts/rules/prior_year.py",
        "alerts/rules/rolling.py",
        "alerts/rules/tiers.py",
        "alerts/rules/truancy.py",
        "alerts/student.py",
    ),
    (
        "tests/unit/test_alert_changes.py",
        "tests/unit/test_engine_policies.py",
        "tests/unit/test_level_counter.py",
        "tests/unit/test_rules_counts.py",
        "tests/unit/test_rules_gates.py",
        "tests/unit/test_rules_mhw.py",
        "tests/unit/test_rules_rates.py",
        "tests/unit/test_rules_truancy.py",
        "tests/property/test_alerts_round_trip.py",
        *_STORIES,
    ),
    examples=10,
)

# Held against the definition: here the properties are the tests, and they are slow.
ENGINE = Group(
    "engine",
    ("alerts/advance.py", "alerts/quick.py", "alerts/step.py"),
    (
        "tests/unit/test_engine_policies.py",
        "tests/unit/test_quick.py",
        "tests/unit/test_rules_gates.py",
        "tests/property/test_changed_policies.py",
        "tests/property/test_gates.py",
        "tests/property/test_mornings.py",
        *_STORIES,
    ),
    examples=60,
)

GROUPS = (COUNTING, RULES, ENGINE)

# Of `models` and `alerts`, what is neither counting nor a rule: records and their checks, the ledger that
# holds them, and what is made of alerts elsewhere. Named, so that a new module has to be put somewhere.
ELSEWHERE = (
    "alerts/__init__.py",
    "alerts/backtest/",
    "alerts/engine.py",
    "models/__init__.py",
    "models/columns.py",
    "models/ledger/",
    "models/not_text.py",
    "models/papers/",
    "models/student_groups.py",
    "models/plain_json.py",
    "models/published.py",
    "models/quality/",
    "models/quick_check.py",
    "models/reconcile/",
    "models/refusal.py",
    "models/spreadsheet_text.py",
    "models/releases/",
    "models/suppression/",
    "models/trends/",
    "models/validate.py",
)
