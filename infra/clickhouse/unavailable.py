"""That the store cannot be used; apart from the client, whose loading takes long."""


class StoreUnavailable(Exception):
    """The analytics store cannot be used now. The message says what to do, and shows no record or secret."""
