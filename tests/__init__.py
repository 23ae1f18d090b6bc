"""The tests. kafka-python is imported here, before all of them, because its import warns on Python 3.11.

It reads its schemas through a function of importlib that is deprecated; every other warning is an error.
"""

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "(read|open)_text is deprecated", DeprecationWarning)
    import kafka.admin  # type: ignore[import-untyped]  # noqa: F401  # imported for its warning alone
