"""Releases of the store: counted, decided, checked, kept; by command, or by the sink after each period."""
