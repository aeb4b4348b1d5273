import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlet import layers
from convlet.layers.windows import (
    Window,
    dilated_size,
    output_size,
    pad_amounts,
    receptive_field,
    transposed_size,
    transposed_start,
)


def positions(size, window, stride, dilation):
    """Every place where a window fits, found by trying."""
    last = (window - 1) * dilation
    return [start for start in range(0, size, stride) if start + last < size]


lengths = st.integers(1, 40)
settings = given(
    size=lengths, window=st.integers(1, 7), stride=st.integers(1, 5), dilation=st.integers(1, 3)
)


@settings
def test_valid_counts_the_places_where_the_window_fits(size, window, stride, dilation):
    expected = len(positions(size, window, stride, dilation))
    assert output_size(size, window, stride, "valid", dilation) == expected
    assert pad_amounts(size, window, stride, "valid", dilation) == (0, 0)


@settings
def test_same_pads_just_enough(size, window, stride, dilation):
    count = output_size(size, window, stride, "same", dilation)
    before, after = pad_amounts(size, window, stride, "same", dilation)
    assert count == -(-size // stride)
    assert before <= after <= before + 1
    assert output_size(before + size + after, window, stride, "valid", dilation) == count
    if before + after > 0:  # one zero less is too few
        assert output_size(before + size + after - 1, window, stride, "valid", dilation) < count


@settings
def test_causal_padding_stands_before_all_steps(size, window, stride, dilation):
    count = output_size(size, window, stride, "causal", dilation)
    before, after = pad_amounts(size, window, stride, "causal", dilation)
    assert (before, after) == (dilated_size(window, dilation) - 1, 0)
    assert count == output_size(before + size, window, stride, "valid", dilation)


# (size, window, stride, dilation), and what Keras on TensorFlow pads: (before, after)
@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ((28, 3, 1, 1), (1, 1)),
        ((28, 2, 2, 1), (0, 0)),
        ((5, 2, 2, 1), (0, 1)),
        ((28, 4, 1, 1), (1, 2)),
        ((7, 3, 2, 1), (1, 1)),
        ((8, 3, 2, 1), (0, 1)),
        ((7, 3, 1, 2), (2, 2)),
        ((4, 1, 3, 1), (0, 0)),
    ],
)
def test_same_padding_as_in_keras(case, expected):
    size, window, stride, dilation = case
    assert pad_amounts(size, window, stride, "same", dilation) == expected


def test_dilated_size():
    assert [dilated_size(3, dilation) for dilation in (1, 2, 3)] == [3, 5, 7]


def test_receptive_field_of_the_chapters_network():
    stack = [layers.Conv2D(32, 3), layers.MaxPooling2D(), layers.Conv2D(64, 3)]
    stack += [layers.MaxPooling2D(), layers.Conv2D(64, 3)]
    fields = [receptive_field(stack[: count + 1]) for count in range(5)]
    assert fields == [(3, 3), (4, 4), (8, 8), (10, 10), (18, 18)]


def test_receptive_field_without_pooling():
    assert receptive_field([layers.Conv2D(8, 3)] * 3) == (7, 7)


def test_receptive_field_of_oblong_and_dilated_windows():
    stack = [layers.Conv2D(1, (3, 1), dilation_rate=(2, 1)), layers.AveragePooling2D((2, 4))]
    assert receptive_field(stack) == (6, 4)


@pytest.mark.parametrize("last", [layers.Dense(3), layers.GlobalMaxPooling2D()])
def test_receptive_field_is_the_whole_image(last):
    assert receptive_field([layers.Conv2D(8, 3), layers.Flatten(), last]) is None


def test_receptive_field_of_a_sequence():
    stack = [layers.Conv1D(1, 3, dilation_rate=4), layers.MaxPooling1D(2), layers.Conv1D(1, 2)]
    assert receptive_field(stack) == (1, 9 + 1 + 2)


@pytest.mark.parametrize(("shape", "field"), [((8, 3), (1, 3)), ((24,), None)])
def test_dense_sees_a_position_of_a_sequence_and_all_features(shape, field):
    dense = layers.Dense(2)
    dense.build((None, *shape))
    assert receptive_field([layers.Conv1D(8, 3), dense]) == field


def test_receptive_field_of_nothing():
    assert receptive_field([]) == (1, 1)
    assert layers.Flatten().window == Window((1, 1), (1, 1))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("window", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_transposed_convolution_undoes_what_a_convolution_does_to_whole_strides(
    stride, window, padding
):
    size = 6 * stride if padding == "same" else 5 * stride + max(window, stride)
    small = output_size(size, window, stride, padding)
    assert transposed_size(small, window, stride, padding) == size
    start = transposed_start(window, stride, padding)
    assert start == pad_amounts(size, window, stride, padding)[0]
