"""A made-up Connecticut district, the same for the same seed: for the demo, the documents and the tests."""
