"""The dashboards as the JSON that Grafana reads: python -m infra.grafana.writing"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from infra.grafana.dashboard import Dashboard, Panel, Variable
from infra.grafana.panels import DASHBOARDS

FOLDER = Path(__file__).parent / "dashboards"

_SOURCE = {"type": "grafana-clickhouse-datasource", "uid": "rollcall"}
_HEIGHT, _WIDTH = 9, 24
# How the plugin names the two ways in which rows are read.
_TABLE, _TIMESERIES = ("table", 1), ("timeseries", 0)

# A hidden number is NULL. It is written as what it is, and a line has a gap there.
_HIDDEN = [{"type": "special", "options": {"match": "null", "result": {"text": "*"}}}]


def as_json(dashboard: Dashboard) -> str:
    """A dashboard's file. What is left out is Grafana's default."""
    made = {
        "uid": f"rollcall-{dashboard.name}",
        "title": dashboard.title,
        "description": dashboard.says,
        "tags": ["rollcall"],
        "schemaVersion": 41,
        "timezone": "browser",
        "time": {"from": dashboard.since, "to": "now"},
        "templating": {"list": [_variable(each) for each in dashboard.variables]},
        "panels": _placed(dashboard.panels),
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _variable(of: Variable) -> dict[str, Any]:
    return {
        "type": "query",
        "name": of.name,
        "label": of.label,
        "datasource": _SOURCE,
        "query": of.sql,
        "refresh": 2,
        "sort": 0,
    }


def _placed(panels: tuple[Panel, ...]) -> list[dict[str, Any]]:
    """One after the other, in lines of 24."""
    made, x, y = [], 0, 0
    for number, panel in enumerate(panels, start=1):
        if x + panel.width > _WIDTH:
            x, y = 0, y + _HEIGHT
        made.append(_panel(number, panel) | {"gridPos": {"x": x, "y": y, "w": panel.width, "h": _HEIGHT}})
        x += panel.width
    return made


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    query_type, form = _TIMESERIES if panel.kind == "timeseries" else _TABLE
    made: dict[str, Any] = {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": f"{panel.says} *: hidden.",
        "datasource": _SOURCE,
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "noValue": "*", "mappings": _HIDDEN},
            "overrides": [],
        },
        "targets": [
            {
                "refId": "A",
                "datasource": _SOURCE,
                "editorType": "sql",
                "queryType": query_type,
                "format": form,
                "rawSql": panel.sql,
            }
        ],
    }
    if panel.unit == "percent":
        made["fieldConfig"]["defaults"] |= {"min": 0, "decimals": 1}
    return made


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    for dashboard in DASHBOARDS:
        (FOLDER / f"{dashboard.name}.json").write_text(as_json(dashboard), "utf-8")


if __name__ == "__main__":
    main()
