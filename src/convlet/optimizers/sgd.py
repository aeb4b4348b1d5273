"""Stochastic gradient descent."""

from __future__ import annotations

from convlet import validation
from convlet.optimizers.base import LearningRate, Optimizer


class SGD(Optimizer):
    """Goes against the gradient, with momentum if asked for.

    For a weight `w` with the gradient `g`: `w = w - learning_rate * g`. With `momentum`:

        m = momentum * m - learning_rate * g
        w = w + m                                     without nesterov
        w = w + momentum * m - learning_rate * g      with nesterov

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        momentum: How much of the last step is kept, 0 to 1.
        nesterov: Look ahead along the momentum.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> SGD(momentum=0.9, nesterov=True).learning_rate
        0.01

    References:
        Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013,
        https://proceedings.mlr.press/v28/sutskever13.html
    """

    settings = ("momentum", "nesterov")

    def __init__(
        self,
        learning_rate: LearningRate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
            use_ema,
            ema_momentum,
            ema_overwrite_frequency,
            loss_scale_factor,
            gradient_accumulation_steps,
            name,
        )
        self.momentum = self._number("momentum", momentum, minimum=0, maximum=1)
        self.nesterov = validation.boolean("SGD", "nesterov", nesterov)

    @property
    def rule(self) -> str:
        """The row of the engine's table of update rules."""
        if not self.momentum:
            return "sgd"
        return "sgd+nesterov" if self.nesterov else "sgd+momentum"

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`momentum`, or nothing without it."""
        return (("momentum",),) if self.momentum else ()
