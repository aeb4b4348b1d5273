"""The network as an ONNX model with random weights, for the runtimes that read those."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from networks import Conv, Network


class Graph:
    """Nodes in a row, each reading what the one before it wrote, with their weights."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self.rng = np.random.default_rng(0)

    def add(self, operation: str, *shapes: tuple[int, ...], **attributes: Any) -> None:
        """Appends an operation; its weights are as large as Glorot's."""
        number = len(self.nodes)
        names: list[str] = []
        for shape in shapes:
            scale = (2 / (np.prod(shape[1:]) + shape[0])) ** 0.5
            weights = self.rng.normal(0, scale, shape).astype(np.float32)
            names.append(f"weights {number} {len(names)}")
            self.weights.append(numpy_helper.from_array(weights, names[-1]))
        inputs = [f"values {number}", *names]
        outputs = [f"values {number + 1}"]
        self.nodes.append(helper.make_node(operation, inputs, outputs, **attributes))


def make(network: Network, batch: int) -> bytes:
    """The model's file: (batch, channels, height, width) in, probabilities out."""
    graph = Graph()
    kernels = iter(kernel.shape for kernel in network.kernels())
    for layer in network.features:
        if isinstance(layer, Conv):
            height, width, channels, filters = next(kernels)
            pads = [(layer.size // 2 if layer.padding == "same" else 0)] * 4
            strides = [layer.stride] * 2
            weights = (filters, channels, height, width)
            graph.add("Conv", weights, (filters,), strides=strides, pads=pads)
            graph.add("Relu")
        else:
            graph.add("MaxPool", kernel_shape=[layer.size] * 2, strides=[layer.size] * 2)
    graph.add("Flatten")
    operations = {"relu": "Relu", "softmax": "Softmax", "sigmoid": "Sigmoid"}
    for dense, shape in zip(network.classifier, kernels, strict=True):
        graph.add("Gemm", shape, (dense.units,))
        graph.add(operations[dense.activation])

    height, width, channels = network.input_shape
    first = ("values 0", TensorProto.FLOAT, [batch, channels, height, width])
    last = (
        f"values {len(graph.nodes)}",
        TensorProto.FLOAT,
        [batch, network.classifier[-1].units],
    )
    made = helper.make_graph(
        graph.nodes,
        "network",
        [helper.make_tensor_value_info(*first)],
        [helper.make_tensor_value_info(*last)],
        graph.weights,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    file: bytes = model.SerializeToString()
    return file
