"""The version of this checkout."""

VERSION = "0.1.0"
