"""Which counts of students are shown, so that no other one can be worked out (docs/suppression.md)."""
