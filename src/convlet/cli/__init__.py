"""The `convlet` command, one file a verb."""

from convlet.cli.command import main

__all__ = ["main"]
