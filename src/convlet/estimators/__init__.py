"""Networks as estimators of scikit-learn: for `cross_val_score`, `GridSearchCV` and `Pipeline`."""

from __future__ import annotations

from convlet.estimators.classifier import ConvNetClassifier

__all__ = ["ConvNetClassifier"]
