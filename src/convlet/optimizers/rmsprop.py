"""RMSprop."""

from __future__ import annotations

from convlet import validation
from convlet.optimizers.base import LearningRate, Optimizer


class RMSprop(Optimizer):
    """Divides each gradient by a running root mean square of its own size.

    For a weight `w` with the gradient `g`, element by element:

        velocity = rho * velocity + (1 - rho) * g ** 2
        step = learning_rate * g / sqrt(velocity + epsilon)
        w = w - step

    With `momentum`, `m = momentum * m + step` is subtracted in place of `step`. With `centered`, a
    running mean `a` of the gradient is kept like `velocity`, and the root is of
    `velocity - a ** 2 + epsilon`.

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        rho: How much of the running averages is kept at each step.
        momentum: How much of the last step is kept; 0.0 for none.
        epsilon: Keeps the divisor away from zero; note that it stands inside the root.
        centered: Divide by an estimate of the standard deviation.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> RMSprop(learning_rate=0.01).learning_rate
        0.01

    References:
        Hinton, "Neural Networks for Machine Learning", lecture 6, 2012,
        https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf
    """

    settings = ("rho", "momentum", "epsilon", "centered")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
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
        self.momentum = self._number("momentum", momentum, minimum=0, maximum=1)
        self.epsilon = self._number("epsilon", epsilon, minimum=0)
        self.centered = validation.boolean("RMSprop", "centered", centered)

    @property
    def rule(self) -> str:
        """The row of the engine's table of update rules."""
        momentum = "+momentum" if self.momentum else ""
        return f"rmsprop{momentum}{'+centered' if self.centered else ''}"

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`velocity`, then `momentum` and `average_gradient` where the settings need them."""
        wanted = {"velocity": True, "momentum": self.momentum, "average_gradient": self.centered}
        return tuple((name,) for name, needed in wanted.items() if needed)
