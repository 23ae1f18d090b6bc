"""Why another's numbers differ from ours: our records, counted as somebody else may count them."""
