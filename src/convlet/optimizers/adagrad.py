"""Adagrad."""

from __future__ import annotations

from convlet.optimizers.base import LearningRate, Optimizer


class Adagrad(Optimizer):
    """Divides each gradient by the root of the sum of all its squares so far.

    For a weight `w` with the gradient `g`, element by element:

        accumulator = accumulator + g ** 2
        w = w - learning_rate * g / sqrt(accumulator + epsilon)

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        initial_accumulator_value: What the sums start at.
        epsilon: Keeps the divisor away from zero.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Adagrad(0.1).slot_names
        ('accumulator',)

    References:
        Duchi et al., "Adaptive Subgradient Methods for Online Learning and Stochastic
        Optimization", 2011, https://jmlr.org/papers/v12/duchi11a.html
    """

    rule = "adagrad"
    settings = ("initial_accumulator_value", "epsilon")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        initial_accumulator_value: float = 0.1,
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
        self.initial_accumulator_value = self._number(
            "initial_accumulator_value", initial_accumulator_value, minimum=0
        )
        self.epsilon = self._number("epsilon", epsilon, minimum=0)

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`accumulator`."""
        return (("accumulator",),)

    def slot_start(self, slot: str) -> float:
        """What a slot holds before the first step."""
        return self.initial_accumulator_value if slot == "accumulator" else 0.0
