"""Adadelta."""

from __future__ import annotations

from convlet.optimizers.base import LearningRate, Optimizer


class Adadelta(Optimizer):
    """Steps as long as the last ones were, relative to the gradient's size.

    For a weight `w` with the gradient `g`, element by element:

        accumulated_grad = rho * accumulated_grad + (1 - rho) * g ** 2
        step = g * sqrt(accumulated_delta_var + epsilon) / sqrt(accumulated_grad + epsilon)
        accumulated_delta_var = rho * accumulated_delta_var + (1 - rho) * step ** 2
        w = w - learning_rate * step

    The paper's own method is a `learning_rate` of 1.0.

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        rho: How much of the running averages is kept at each step.
        epsilon: Keeps the divisor away from zero, and the first steps too.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Adadelta(1.0).slot_names
        ('accumulated_grad', 'accumulated_delta_var')

    References:
        Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012,
        https://arxiv.org/abs/1212.5701
    """

    rule = "adadelta"
    settings = ("rho", "epsilon")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-7,
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
        self.rho = self._number("rho", rho, minimum=0, maximum=1)
        self.epsilon = self._number("epsilon", epsilon, minimum=0)

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`accumulated_grad` and `accumulated_delta_var`."""
        return (("accumulated_grad", "accumulated_delta_var"),)
