"""Training: the one loop behind `fit`, `evaluate` and `predict`."""

from __future__ import annotations

from convlet.training.trainer import Trainer

__all__ = ["Trainer"]
