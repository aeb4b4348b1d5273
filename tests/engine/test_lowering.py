"""Which layers become one op."""

import re

import pytest

from convlet import layers, models
from convlet.engine.cpu.conv2d import Convolution
from convlet.engine.cpu.dense import Dense
from convlet.engine.cpu.depthwise import DepthwiseConvolution
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.merging import Combined
from convlet.engine.cpu.noise import Dropout
from convlet.engine.cpu.pooling import Pooling
from convlet.engine.cpu.repeating import RepeatedChannels
from convlet.engine.cpu.reshaping import OverImage, Reshaped, ZeroPadding
from convlet.engine.cpu.rows import Rowwise
from convlet.engine.lowering import lower
from convlet.errors import UnsupportedError
from convlet.layers import Layer


def ops_of(*stack, shape=(12, 12, 3)):
    model = models.Sequential([layers.Input(shape), *stack])
    return lower(model.graph).ops


def kinds(*stack):
    return [type(op) for op in ops_of(*stack)]


def test_convolution_relu_and_max_pool_are_one_op():
    (op,) = ops_of(layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(2))
    assert (op.activation, op.pool) == ("relu", (2, 2))


@pytest.mark.parametrize("relu", [layers.ReLU(), layers.Activation("relu")])
def test_a_relu_layer_joins_the_layer_before_it(relu):
    (op,) = ops_of(layers.Conv2D(4, 3), relu)
    assert (type(op), op.activation, op.pool) == (Convolution, "relu", None)


def merged_and_activated(merge, activation, twice=False):
    x, z = layers.Input((4, 4, 3)), layers.Input((4, 4, 3))
    both = merge([x, z])
    outputs = [activation(both), both] if twice else activation(both)
    return lower(models.Model([x, z], outputs).graph).ops


@pytest.mark.parametrize("merge", [layers.Add(), layers.Multiply(), layers.Maximum()])
def test_a_relu_joins_what_merges_two(merge):
    (op,) = merged_and_activated(merge, layers.ReLU())
    assert (type(op), op.activation) == (Combined, "relu")
    assert (len(op.layers), op.layers[0]) == (2, merge)


def test_other_activations_of_a_sum_stay_by_themselves():
    ops = merged_and_activated(layers.Add(), layers.ReLU(6.0))
    assert [type(op) for op in ops] == [Combined, Elementwise]
    assert ops[0].activation == "linear"


def test_a_sum_that_somebody_else_takes_is_not_rectified():
    ops = merged_and_activated(layers.Add(), layers.ReLU(), twice=True)
    assert [type(op) for op in ops] == [Combined, Elementwise]


def test_relu6_joins_the_layer_before_it():
    (op,) = ops_of(layers.Conv2D(4, 3), layers.ReLU(max_value=6.0), layers.MaxPooling2D(2))
    assert (type(op), op.activation, op.pool) == (Convolution, "relu6", (2, 2))


@pytest.mark.parametrize("relu", [layers.ReLU(5.0), layers.ReLU(6.0, 0.1), layers.ReLU(None, 0, 1)])
def test_a_relu_with_other_settings_stays_by_itself(relu):
    assert kinds(layers.Conv2D(4, 3), relu) == [Convolution, Elementwise]


def test_a_depthwise_convolution_takes_its_relu_in():
    (op,) = ops_of(layers.DepthwiseConv2D(3), layers.ReLU())
    assert (type(op), op.activation) == (DepthwiseConvolution, "relu")


def test_channels_with_several_windows_are_repeated_first():
    stack = layers.DepthwiseConv2D(3, depth_multiplier=2, activation="tanh"), layers.ReLU()
    assert kinds(*stack) == [RepeatedChannels, DepthwiseConvolution, Elementwise, Elementwise]


@pytest.mark.parametrize(
    "pool",
    [
        layers.MaxPooling2D(3, strides=2),
        layers.MaxPooling2D(3, padding="same"),
        layers.MaxPooling2D(5),
        layers.MaxPooling2D(1),
        layers.AveragePooling2D(2),
    ],
)
def test_a_pool_that_overlaps_leaves_the_image_or_is_large_stays_by_itself(pool):
    assert kinds(layers.Conv2D(4, 3), pool) == [Convolution, Pooling]


def test_same_padding_that_adds_nothing_does_not_keep_a_pool_apart():
    assert kinds(layers.Conv2D(4, 3), layers.MaxPooling2D(2, padding="same")) == [Convolution]


def test_an_activation_that_is_not_fused_stands_between_convolution_and_pool():
    stack = layers.Conv2D(4, 3, activation="tanh"), layers.MaxPooling2D(2)
    assert kinds(*stack) == [Convolution, Elementwise, Pooling]


def test_rescaling_in_front_happens_while_images_are_read():
    model = models.Sequential(
        [
            layers.Input((4, 4, 1)),
            layers.Rescaling(0.5, offset=1.0),
            layers.Rescaling(3.0, offset=2.0),
            layers.Flatten(),
            layers.Rescaling(2.0),
        ]
    )
    lowered = lower(model.graph)
    (source,) = lowered.sources
    assert (source.scale, source.offset) == (1.5, 5.0)
    assert [type(op) for op in lowered.ops] == [Reshaped, Elementwise]


def test_the_other_layers_are_ops_of_their_own():
    assert kinds(
        layers.ZeroPadding2D(1),
        layers.Dropout(0.5),
        layers.Dropout(0.0),
        layers.GlobalMaxPooling2D(),
        layers.Activation("linear"),
        layers.Dense(4, activation="softmax"),
        layers.Softmax(),
        layers.Reshape((2, 2)),
    ) == [ZeroPadding, Dropout, OverImage, Dense, Rowwise, Rowwise, Reshaped]


def test_layers_over_sequences_are_fused_as_those_over_images():
    stack = layers.Conv1D(4, 3), layers.ReLU(), layers.MaxPooling1D(2), layers.MaxPooling1D(2, 1)
    first, second = ops_of(*stack, shape=(9, 2))
    assert [type(first), type(second)] == [OverImage, OverImage]
    assert first.describe() == "1x3 convolution + bias + relu + 1x2 max pool"
    assert second.describe() == "1x2 max pool, strides 1x1"


def test_a_layer_that_the_engine_does_not_know_is_named():
    class Strange(Layer):
        def output_sizes(self, sizes):
            return sizes

    message = (
        "The engine does not know how to compute Strange 'odd'. "
        f"Received a layer of type {__name__}.Strange."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        ops_of(Strange(name="odd"))
