"""Adam, and AdamW with its weight decay."""

from __future__ import annotations

from convlet import validation
from convlet.errors import ArgumentError
from convlet.optimizers.base import LearningRate, Optimizer


class Adam(Optimizer):
    """Steps along a running mean of the gradient, divided by a running root mean square of it.

    For a weight `w` with the gradient `g`, in step number `t` counted from 1, element by element:

        momentum = momentum + (1 - beta_1) * (g - momentum)
        velocity = velocity + (1 - beta_2) * (g ** 2 - velocity)
        alpha = learning_rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
        w = w - alpha * momentum / (sqrt(velocity) + epsilon)

    With `amsgrad`, the largest `velocity` so far is used in the last line.

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        beta_1: How much of the mean is kept at each step.
        beta_2: How much of the mean square is kept at each step.
        epsilon: Keeps the divisor away from zero (the paper's "epsilon hat").
        amsgrad: Never let the divisor shrink.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Adam(beta_1=0.8).slot_names
        ('momentum', 'velocity')

    References:
        Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015,
        https://arxiv.org/abs/1412.6980
    """

    settings = ("beta_1", "beta_2", "epsilon", "amsgrad")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        self.amsgrad = validation.boolean(type(self).__name__, "amsgrad", amsgrad)

    @property
    def rule(self) -> str:
        """The row of the engine's table of update rules."""
        return "adam+amsgrad" if self.amsgrad else "adam"

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`momentum` and `velocity`, and `velocity_hat` with `amsgrad`."""
        averages = ("momentum", "velocity")
        return (averages, ("velocity_hat",)) if self.amsgrad else (averages,)


class AdamW(Adam):
    """`Adam` with weight decay that does not pass through the averages.

    Before the update of `Adam`, each weight shrinks: `w = w - w * weight_decay * learning_rate`.

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        weight_decay: The strength of the decay.
        beta_1: How much of the mean is kept at each step.
        beta_2: How much of the mean square is kept at each step.
        epsilon: Keeps the divisor away from zero.
        amsgrad: Never let the divisor shrink.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> AdamW().weight_decay
        0.004

    References:
        Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019,
        https://arxiv.org/abs/1711.05101
    """

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
            beta_1,
            beta_2,
            epsilon,
            amsgrad,
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
        if weight_decay is None:
            raise ArgumentError(
                "AdamW needs weight_decay to be a number. Received weight_decay=None. "
                "Use Adam to train without weight decay."
            )
