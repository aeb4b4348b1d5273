"""How the arithmetic is done: programs that run a network's layers on this computer's cores."""

from __future__ import annotations

from convlet.engine.program import InferenceProgram, TrainingProgram
from convlet.engine.threads import get_threads, set_threads

__all__ = ["InferenceProgram", "TrainingProgram", "get_threads", "set_threads"]
