"""Everything that is fuzzed, by name."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fuzz import comparing, exports, messages, texts
from tests.fuzz.target import Target

TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (*exports.TARGETS, *messages.TARGETS, *texts.TARGETS, *comparing.TARGETS)
}
