"""Which program made a decision: said in every decision, so that it can be solved again by the same one."""

VERSION = "0.1.0"
"""The version of the program, as in ``pyproject.toml``."""
