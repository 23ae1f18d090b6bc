"""Write docs/openapi.json, the description of the API: python -m infra.serving.openapi [FILE]"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from web.app import make_app, openapi
from web.asking import Door
from web.ports import Releases, Trends
from web.rate import Rate

FILE = Path(__file__).parents[2] / "docs/openapi.json"


def described() -> str:
    """The text of the file. No store, token or setting is needed: nothing of it depends on them."""

    def nothing() -> None:
        raise AssertionError("nobody asks")

    door = Door(grants=nothing, now=nothing, monotonic=nothing, rate=Rate(1, 1))  # type: ignore[arg-type]  # unused
    trends: Trends = None  # type: ignore[assignment]  # unused
    releases: Releases = None  # type: ignore[assignment]  # unused
    app = make_app(trends, releases, door, "1")
    return json.dumps(openapi(app), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else FILE).write_text(described(), "utf-8")
