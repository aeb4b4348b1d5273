import pytest

from convlet import networks as convlets_networks
from networks import NETWORKS, Conv, Dense, Kernel, Network, Pool


@pytest.mark.parametrize(
    ("name", "same"),
    [("chapter", "convnet"), ("no pooling", "no_pooling"), ("strides", "strided")],
)
def test_the_chapters_networks_are_convlets(name, same):
    built = convlets_networks.build(same, (28, 28, 1), 10)
    assert NETWORKS[name].parameters == built.count_params()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("chapter", 93_322), ("cats and dogs", 3_453_121), ("six convolutions", 1_186_378)],
)
def test_parameters_are_counted(name, parameters):
    assert NETWORKS[name].parameters == parameters


def test_kernels_follow_sizes_through_strides_pads_and_pools():
    network = Network(
        (11, 8, 3), (Conv(4, 5, 2), Pool(), Conv(6, padding="same")), (Dense(7), Dense(2))
    )
    assert list(network.kernels()) == [
        Kernel((5, 5, 3, 4), 4 * 2),
        Kernel((3, 3, 4, 6), 2 * 1),
        Kernel((12, 7), 1),
        Kernel((7, 2), 1),
    ]


def test_the_first_layer_needs_no_gradient_of_its_input():
    network = Network((4, 4, 1), (Conv(2),), (Dense(3, "softmax"),))
    assert [kernel.multiply_adds for kernel in network.kernels()] == [72, 24]
    assert network.training_multiply_adds == 2 * 72 + 3 * 24


def test_a_wider_network_keeps_its_classes():
    wide = NETWORKS["chapter"].widened(2)
    shapes = [kernel.shape for kernel in wide.kernels()]
    assert shapes == [(3, 3, 1, 64), (3, 3, 64, 128), (3, 3, 128, 128), (1152, 128), (128, 10)]


@pytest.mark.parametrize(
    ("name", "binary", "classes"), [("chapter", False, 10), ("cats and dogs", True, 2)]
)
def test_the_last_layer_says_how_many_classes_there_are(name, binary, classes):
    assert (NETWORKS[name].binary, NETWORKS[name].classes) == (binary, classes)
