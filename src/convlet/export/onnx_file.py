"""Writing a model into an ONNX file that is known to do what the model does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet import engine, validation
from convlet.errors import ArgumentError, ExportError, MissingExtraError
from convlet.export.onnx_model import Description, onnx_model, output_names
from convlet.files import checked_path, written_whole

if TYPE_CHECKING:
    from convlet.models.exported import Exported

TOLERANCE = 1e-4
"""How far an output of the file may be from the model's, as a part of its largest value."""
LEAST_TOLERANCE = 1e-6
SAMPLES = 4  # of what the file is tried on where none are given
OWNER = "export"


def export_onnx(
    model: Exported,
    filepath: str | os.PathLike[str],
    *,
    class_names: Sequence[str] | None,
    input_dtype: str,
    value_range: Sequence[float] | None,
    samples: Any,
    overwrite: bool,
) -> None:
    """Writes a built model as an ONNX file; its arguments are those of `Model.export`."""
    onnx, runtime = _packages()
    path = checked_path(OWNER, filepath, ".onnx", overwrite)
    description = Description(
        validation.one_of(OWNER, "input_dtype", input_dtype, ("float32", "uint8")),
        _checked_range(value_range, input_dtype),
        _checked_names(model, model.class_names if class_names is None else class_names),
    )
    xs = _samples(model, samples, description)
    proto = onnx_model(model, description)
    with written_whole(path) as file:
        file.write(proto.SerializeToString())
        file.flush()
        onnx.checker.check_model(file.name, full_check=True)
        _compare(model, runtime, file.name, xs)


def _packages() -> tuple[ModuleType, ModuleType]:
    try:
        import onnx
        import onnxruntime
    except ImportError as error:
        raise MissingExtraError(
            f"ONNX export needs {error.name}, which is not installed. "
            "Install it with: pip install 'convlet[onnx]'"
        ) from None
    return onnx, onnxruntime


def _compare(model: Exported, runtime: Any, filename: str, xs: list[NDArray[Any]]) -> None:
    """Runs the file in ONNX Runtime, on all samples and on the first alone.

    Raises:
        ExportError: An output is not the model's.
    """
    options = runtime.SessionOptions()
    options.log_severity_level = 3  # errors alone
    session = runtime.InferenceSession(filename, options, providers=["CPUExecutionProvider"])
    expected = engine.InferenceProgram(model.graph).run_all(xs)
    for count in (len(xs[0]), 1):
        inputs = (x[:count] for x in xs)
        found = session.run(None, dict(zip(model.input_names, inputs, strict=True)))
        for name, ours, theirs in zip(output_names(model), expected, found, strict=True):
            _check_output(name, ours[:count], theirs, _rounding(ours))


def _check_output(name: str, ours: NDArray[Any], theirs: NDArray[Any], rounding: float) -> None:
    if ours.shape != theirs.shape:
        differs = f"shape {theirs.shape} in place of {ours.shape}"
    else:
        differing = (ours != theirs) & ~(np.isnan(ours) & np.isnan(theirs))
        gaps = np.abs(ours[differing] - theirs[differing])
        if np.all(gaps <= rounding):  # NaN is not
            return
        differs = f"values that differ by up to {gaps.max():.3g}, where {rounding:.3g} is rounding"
    raise ExportError(
        "ONNX export needs a file that computes what the model computes. Received from ONNX "
        f"Runtime for output {name!r} {differs}. Nothing was written."
    )


def _rounding(values: NDArray[Any]) -> float:
    """How far values may be from others: there may be zeros alone, after a relu."""
    largest = float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0))
    return max(TOLERANCE * largest, LEAST_TOLERANCE)


def _samples(model: Exported, samples: Any, description: Description) -> list[NDArray[Any]]:
    """What the file is tried on, for each input."""
    shapes = model.graph.input_shapes
    if samples is None:
        draw = np.random.default_rng(0)
        return [_random_samples(draw, shape, description) for shape in shapes]
    given = samples if isinstance(samples, (list, tuple)) else [samples]
    arrays = [np.ascontiguousarray(array, description.dtype) for array in given]
    found = [array.shape for array in arrays]
    counts = {sizes[0] for sizes in found}
    if [sizes[1:] for sizes in found] != shapes or len(counts) > 1 or 0 in counts:
        needed = " and ".join(str((None, *shape)) for shape in shapes)
        needed = f"for each input an array of as many samples, of shape {needed}"
        raise ArgumentError(validation.bad_argument(OWNER, "samples", needed, found))
    return arrays


def _random_samples(
    draw: np.random.Generator, shape: tuple[int, ...], description: Description
) -> NDArray[Any]:
    """Half of them up to the largest value, half darker; of unknown range half from 0 to 1."""
    low, high = description.value_range or (0.0, 255.0)
    darker = low + (high - low) / 8 if description.value_range else 1.0
    tops = np.where(np.arange(SAMPLES) % 2, darker, high).reshape(-1, *[1] * len(shape))
    shares = draw.random((SAMPLES, *shape))
    return (low + shares * (tops - low)).astype(description.dtype)


def _checked_range(value_range: Any, dtype: str) -> tuple[float, float] | None:
    if value_range is None:
        return (0.0, 255.0) if dtype == "uint8" else None
    try:
        low, high = (float(value) for value in value_range)
    except (TypeError, ValueError):
        low = high = np.nan
    if not (np.isfinite([low, high]).all() and low < high):
        needed = "(low, high), the smallest and the largest value of the inputs, or None"
        raise ArgumentError(validation.bad_argument(OWNER, "value_range", needed, value_range))
    return low, high


def _checked_names(model: Exported, class_names: Any) -> list[str] | None:
    if class_names is None:
        return None
    sizes = model.graph.output_shapes[0]
    count = max(sizes[-1], 2) if sizes else 2  # one output tells two classes apart
    texts = isinstance(class_names, (list, tuple)) and all(isinstance(x, str) for x in class_names)
    if texts and (len(class_names) == count or len(model.outputs) > 1):
        return list(class_names)
    needed = f"a list of {count} texts, or None"
    raise ArgumentError(validation.bad_argument(OWNER, "class_names", needed, class_names))
