"""Layers over sequences as ops over images, and borders: what is copied on the way."""

from convlet import engine
from convlet.engine.lowering import lower
from convlet.layers import (
    Conv1D,
    Conv2D,
    Cropping2D,
    Flatten,
    GlobalMaxPooling1D,
    Identity,
    MaxPooling1D,
)
from convlet.layers.graph import chain
from tests.engine.cases import built
from tests.engine.network import Network


def kernels(*layers, shape=(16, 3)):
    network = built(Network(shape, lambda: layers))
    program = engine.InferenceProgram(chain(network))
    plan, _ = program.planned("float32")
    return [call.kernel.source for part in plan.parts for call in part.calls]


def test_padding_is_a_halo_that_the_layer_before_writes():
    same, causal = {"padding": "same"}, {"padding": "causal", "dilation_rate": 2}
    found = kernels(Conv1D(16, 3, **same), Conv1D(16, 3, **causal), MaxPooling1D(3, 2))
    assert found == [
        "gather.gather",
        "products.product",
        "products.product",
        "pooling.max_pool",
        "gather.emit",
    ]


def test_relu_and_pool_are_part_of_the_convolution():
    found = kernels(Conv1D(16, 3, activation="relu"), MaxPooling1D(2), Flatten())
    assert found == ["gather.gather", "products.product", "gather.emit"]


def test_an_explanation_names_layers_and_counts_their_weights():
    network = built(Network((16, 3), lambda: [Conv1D(16, 3, name="conv"), GlobalMaxPooling1D()]))
    ops = {op.label().name: op.label() for op in lower(chain(network)).ops}
    assert ops["conv"].work == "1x3 convolution + bias"
    assert (ops["conv"].output, ops["conv"].weights) == ((14, 16), 160)


def test_cropping_is_a_look_at_the_inner_part():
    found = kernels(Cropping2D(1), Identity(), Conv2D(16, 3), shape=(9, 9, 3))
    assert found == ["gather.gather", "products.product", "gather.emit"]
    network = built(Network((9, 9, 3), lambda: [Cropping2D((1, 2)), Conv2D(8, 3)]))
    (crop, _) = lower(chain(network)).ops
    assert crop.describe() == "without the border: 1 above, 1 below, 2 left, 2 right"
