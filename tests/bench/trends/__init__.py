"""How fast questions about a whole state are: `make bench-trends` (docs/speed.md, Trends)."""
