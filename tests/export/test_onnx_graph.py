"""A graph while it is put together."""

import numpy as np
import pytest

from convlet.export.onnx_graph import FIRST, LAST, OnnxGraph, Tensor


def test_the_other_layout_is_made_once():
    graph = OnnxGraph()
    image = Tensor((5, 4, 3), "image")
    assert graph.last(image) == graph.own(image) == "image"
    assert graph.nodes == []
    assert graph.first(image) == graph.first(image) != "image"
    assert [list(node.attribute[0].ints) for node in graph.nodes] == [[0, 3, 1, 2]]
    made = Tensor((5, 4, 3), "made", FIRST)
    graph.last(made)
    assert list(graph.nodes[1].attribute[0].ints) == [0, 2, 3, 1]


@pytest.mark.parametrize("sizes", [(), (3,)])
def test_few_axes_are_the_same_in_both(sizes):
    graph = OnnxGraph()
    x = Tensor(sizes, "x", FIRST)
    assert graph.last(x) == graph.first(x) == "x"
    assert graph.nodes == []


def test_axes():
    x = Tensor((5, 4, 3), "x")
    assert [x.axis(number, LAST) for number in (0, 1, 2, 3, -1)] == [0, 1, 2, 3, 3]
    assert [x.axis(number, FIRST) for number in (0, 1, 2, 3, -1)] == [0, 2, 3, 1, 1]
    assert Tensor((3,), "x").axis(1, FIRST) == 1


def test_equal_constants_are_kept_once():
    graph = OnnxGraph()
    graph.scope = "a"
    first = graph.constant(np.arange(3.0), "kernel")
    assert graph.constant(np.arange(3, dtype=np.float32)) == first == "a/kernel"
    assert graph.constant(np.arange(3)) == "a/constant"
    assert graph.constant(np.arange(3.0)[None], "kernel") == "a/kernel_1"


def test_arrays_are_spread_as_numpy_does_it():
    graph = OnnxGraph()
    channels = np.arange(3.0)
    assert graph.spread(channels, Tensor((5, 4, 3), "x")).shape == (1, 1, 1, 3)
    assert graph.spread(channels, Tensor((5, 4, 3), "x", FIRST)).shape == (1, 3, 1, 1)
    assert graph.spread(channels, Tensor((3,), "x", FIRST)).shape == (1, 3)
    assert graph.spread(1.0, Tensor((4, 3), "x", FIRST)).shape == (1, 1, 1)
