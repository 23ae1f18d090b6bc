"""The HTTP API: routes that read a question, ask a port, and answer. It knows no client and no setting."""
