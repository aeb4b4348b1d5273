"""Keras's settings: those that can be read say how convlet works, and none can be another."""

from __future__ import annotations

from convlet import validation
from convlet.absent import each, refuser

__all__ = [
    "backend",
    "disable_traceback_filtering",
    "enable_traceback_filtering",
    "epsilon",
    "floatx",
    "image_data_format",
    "set_floatx",
    "set_image_data_format",
]

__getattr__ = refuser(
    "config",
    {
        **each("set_backend", "It has an engine of its own: leave it out."),
        **each("set_epsilon", "Layers and optimizers have an argument epsilon."),
        **each("dtype_policy set_dtype_policy", "Everything is float32: leave it out."),
        **each(
            "disable_interactive_logging enable_interactive_logging is_interactive_logging_enabled",
            "fit, evaluate and predict have an argument verbose.",
        ),
        **each("max_epochs set_max_epochs", "fit has an argument epochs."),
        **each("max_steps_per_epoch set_max_steps_per_epoch", "fit has steps_per_epoch."),
        **each("enable_unsafe_deserialization", "load_model takes custom_objects."),
        **each("is_traceback_filtering_enabled", "Tracebacks are always whole: leave it out."),
        **each(
            "disable_flash_attention enable_flash_attention is_flash_attention_enabled "
            "is_nnx_enabled",
            "There is nothing that it would change: leave it out.",
        ),
    },
)


def backend() -> str:
    """What computes: always "convlet"."""
    return "convlet"


def floatx() -> str:
    """What weights and activations consist of: always "float32"."""
    return "float32"


def set_floatx(value: str) -> None:
    """Takes "float32", and refuses all else.

    Args:
        value: Only "float32".

    Raises:
        UnsupportedError: For anything else.
    """
    validation.unsupported("set_floatx", "value", value, only="float32")


def image_data_format() -> str:
    """Where images have their channels: always "channels_last"."""
    return "channels_last"


def set_image_data_format(data_format: str) -> None:
    """Takes "channels_last", and refuses all else.

    Args:
        data_format: Only "channels_last".

    Raises:
        UnsupportedError: For anything else.
    """
    validation.unsupported(
        "set_image_data_format", "data_format", data_format, only="channels_last"
    )


def epsilon() -> float:
    """The small number that keeps losses and metrics from dividing by zero: 1e-7."""
    return 1e-7


def disable_traceback_filtering() -> None:
    """Does nothing: tracebacks are always whole."""


def enable_traceback_filtering() -> None:
    """Does nothing: tracebacks are always whole."""
