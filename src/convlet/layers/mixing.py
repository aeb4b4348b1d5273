"""Augmentations that mix each image with another one of the data set, and their targets."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.augmentation import Augmentation, factor_range
from convlet.layers.resampled import Factor


class MixUp(Augmentation):
    """Blends each image with another one while training, and their targets in the same way.

    `outputs = share * inputs + (1 - share) * others`, the share drawn from the distribution
    Beta(alpha, alpha) for each image; the loss is computed for
    `share * targets + (1 - share) * targets of others`. Metrics, and what callbacks see of them,
    compare predictions with each image's own target.

    The other image is drawn from the whole data set given to `fit`, not from the batch as in Keras,
    so that batches change nothing; and it is read as it lies there. The layer therefore stands
    first in a model; only `Rescaling` by one number may stand before it.

    Args:
        alpha: Above 0: the smaller, the more images remain almost as they are.
        data_format: Only `"channels_last"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `alpha` is not above 0.

    Example:
        >>> MixUp(0.4).compute_output_shape((None, 32, 32, 3))
        (None, 32, 32, 3)

    References:
        Zhang et al., 2018: mixup: beyond empirical risk minimization.
    """

    def __init__(
        self,
        alpha: float = 0.2,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.alpha = validation.number(type(self).__name__, "alpha", alpha, above=0)
        super().__init__(seed=seed, data_format=data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "alpha": self.alpha}


class CutMix(Augmentation):
    """Covers a window of each image with that of another one while training, and mixes targets.

    The window is `sqrt(1 - share)` as high and as wide as the image, at a random place, the share
    drawn from the distribution Beta(alpha, alpha) for each image, and alpha uniformly from the
    range of `factor`. The loss is computed for
    `share * targets + (1 - share) * targets of others`. Metrics, and what callbacks see of them,
    compare predictions with each image's own target.

    The other image is drawn from the whole data set given to `fit`, not from the batch as in Keras,
    so that batches change nothing; and it is read as it lies there. The layer therefore stands
    first in a model; only `Rescaling` by one number may stand before it.

    Args:
        factor: Two numbers from 0 to 1, or one `f` for `(0, f)`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range.

    Example:
        >>> CutMix().factor
        (0, 1.0)

    References:
        Yun et al., 2019: CutMix: regularization strategy to train strong classifiers with
        localizable features.
    """

    def __init__(
        self,
        factor: Factor = 1.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.factor = factor_range(type(self).__name__, "factor", factor, 0, 1, least=0)
        super().__init__(seed=seed, data_format=data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "factor": self.factor}
