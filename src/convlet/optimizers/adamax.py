"""Adamax."""

from __future__ import annotations

from convlet.optimizers.base import LearningRate, Optimizer


class Adamax(Optimizer):
    """`Adam` with the largest gradient, slowly forgotten, in place of the root mean square.

    For a weight `w` with the gradient `g`, in step number `t` counted from 1, element by element:

        momentum = momentum + (1 - beta_1) * (g - momentum)
        norm = max(beta_2 * norm, abs(g))
        w = w - learning_rate / (1 - beta_1 ** t) * momentum / (norm + epsilon)

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        beta_1: How much of the mean is kept at each step.
        beta_2: How much of the largest gradient is kept at each step.
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
        >>> Adamax().slot_names
        ('momentum', 'norm')

    References:
        Kingma and Ba, "Adam: A Method for Stochastic Optimization", section 7, 2015,
        https://arxiv.org/abs/1412.6980
    """

    rule = "adamax"
    settings = ("beta_1", "beta_2", "epsilon")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
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
        self.beta_1 = self._number("beta_1", beta_1, minimum=0, below=1)
        self.beta_2 = self._number("beta_2", beta_2, minimum=0, below=1)
        self.epsilon = self._number("epsilon", epsilon, minimum=0)

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`momentum` and `norm`."""
        return (("momentum", "norm"),)
