"""What a release holds of a district: which tables, how they hang together, and that it is safe."""
