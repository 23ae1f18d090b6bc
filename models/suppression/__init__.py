"""Which counts about students may be shown, so that none that is hidden can be worked out (docs/suppression.md)."""
