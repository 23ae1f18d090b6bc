"""That the file of tokens cannot be used; apart from its reading, for which a web framework is loaded."""


class TokensInvalid(Exception):
    """A file of tokens that cannot be used. The message names the entry, the key and the remedy."""
