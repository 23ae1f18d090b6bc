"""How the API is served: its tokens, its clients of the store, its thread."""
