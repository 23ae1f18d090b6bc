"""The papers of `rollcall report`: rows, files and pages made of what is known (docs/papers.md)."""
