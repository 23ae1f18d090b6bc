"""A year as it was, judged day by day by other rules or numbers (docs/backtest.md)."""
