"""How the arithmetic is done: programs that run a network's layers on this computer's cores."""

from __future__ import annotations

from convlet.engine.cpu import cache
from convlet.engine.cpu.jit import Kernel, compile_ahead
from convlet.engine.explain import Explanation, explain
from convlet.engine.inference import InferenceProgram
from convlet.engine.threads import get_threads, set_threads
from convlet.engine.training import TrainingProgram

__all__ = [
    "Explanation",
    "InferenceProgram",
    "Kernel",
    "TrainingProgram",
    "cache",
    "compile_ahead",
    "explain",
    "get_threads",
    "set_threads",
]
