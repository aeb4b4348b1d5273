"""Exact statistics for BatchNormalization at the end of training."""

from __future__ import annotations

from typing import Any

from convlet.callbacks.callback import Callback, Logs


class ExactBatchStatistics(Callback):
    """Computes the moving statistics of BatchNormalization from all data when training ends.

    While training, `moving_mean` and `moving_variance` follow the batches with a memory of about
    `1 / (1 - momentum)` steps, 100 by default: with few data they are still near their start when
    training is over, and the model predicts badly however low its loss is. This callback calls
    `model.recompute_batch_statistics(x)` then. Put it last, behind callbacks that restore weights.
    Validation during training still goes by the moving statistics.

    Keras has nothing like it.

    Args:
        x: The images of training, as `fit` gets them.
        batch_size: How many images are computed at a time; 32 by default. The result does not
            depend on it.

    Example:
        >>> import numpy as np
        >>> from convlet import layers, models
        >>> model = models.Sequential([layers.Input((2,)), layers.BatchNormalization()])
        >>> model.compile("sgd", "mse")
        >>> x = np.array([[1.0, 5.0], [3.0, 5.0]])
        >>> _ = model.fit(x, x, verbose=0, callbacks=[ExactBatchStatistics(x)])
        >>> model.layers[0].moving_mean.numpy().tolist()
        [2.0, 5.0]
    """

    def __init__(self, x: Any, batch_size: int | None = None) -> None:
        super().__init__()
        self.x = x
        self.batch_size = batch_size

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Computes the statistics."""
        self.model.recompute_batch_statistics(self.x, self.batch_size)
