"""Grafana's data source and dashboards as code; `panels.py` says what they show (docs/dashboards.md)."""
