"""Files with another's numbers, and the comparison with ours."""
