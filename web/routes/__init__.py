"""The routes: each with its path, who may ask, and the port that it asks."""
