"""ONNX Runtime: a session on all cores that optimizes the graph as far as it can (its default)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

import machine
from networks import Network
from sides import onnx_model


def prediction(
    package: str, precision: str, network: Network, x: NDArray[Any], call: str
) -> Callable[[], object]:
    """A call of the session's `run`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = machine.cores()
    session = onnxruntime.InferenceSession(
        onnx_model.make(network, len(x)), options, providers=["CPUExecutionProvider"]
    )
    inputs = {session.get_inputs()[0].name: np.ascontiguousarray(x.transpose(0, 3, 1, 2))}
    return lambda: session.run(None, inputs)
