"""OpenVINO: a model compiled for one request at a time on all cores.

The hint for throughput, with a request for each core, was tried for batches of 256: it was slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

import machine
from networks import Network
from sides import onnx_model


def prediction(
    package: str, precision: str, network: Network, x: NDArray[Any], call: str
) -> Callable[[], object]:
    """A call of an inference request that shares its memory with NumPy."""
    core = openvino.Core()
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bfloat16" else "f32",
        "INFERENCE_NUM_THREADS": machine.cores(),
    }
    model = core.read_model(onnx_model.make(network, len(x)))
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    images = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    return lambda: request.infer({0: images}, share_inputs=True, share_outputs=True)
