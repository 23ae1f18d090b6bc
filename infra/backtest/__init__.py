"""The back-test's files, its reading of the event log, and its reports (docs/backtest.md)."""
