"""A mapping proposed from files (`rollcall map`). Nothing of it holds a student's name or id."""
