import numpy as np
import pytest

from convlet import optimizers
from convlet.engine import reference

START = np.array([1.0, -2.0, 0.5])
GRADIENTS = [np.array([0.1, -0.4, 2.0]), np.array([0.3, 0.2, -1.0])]


def after_two_steps(optimizer):
    variable = START.copy()
    slots = reference.zero_slots(optimizer, [variable])
    for gradient in GRADIENTS:
        reference.apply_gradients(optimizer, [variable], [gradient], slots)
        optimizer.iterations += 1
    return variable


def test_gradient_descent_by_hand():
    assert after_two_steps(optimizers.SGD(0.5)).tolist() == pytest.approx([0.8, -1.9, 0.0])


def test_momentum_by_hand():
    moved = [0.05 + 0.9 * 0.05 + 0.15, -0.2 - 0.9 * 0.2 + 0.1, 1.0 + 0.9 * 1.0 - 0.5]
    actual = after_two_steps(optimizers.SGD(0.5, momentum=0.9))
    assert actual.tolist() == pytest.approx(START - moved)


def test_nesterov_by_hand():
    variable, g, h = 1.0, 0.1, 0.3
    first = -0.5 * g
    second = 0.9 * first - 0.5 * h
    expected = variable + (0.9 * first - 0.5 * g) + (0.9 * second - 0.5 * h)
    actual = after_two_steps(optimizers.SGD(0.5, momentum=0.9, nesterov=True))
    assert actual[0] == pytest.approx(expected)


def test_rmsprop_by_hand():
    g, h = 0.1, 0.3
    v = 0.1 * g**2
    w = 1.0 - 0.01 * g / np.sqrt(v + 1e-7)
    v = 0.9 * v + 0.1 * h**2
    w -= 0.01 * h / np.sqrt(v + 1e-7)
    assert after_two_steps(optimizers.RMSprop(0.01))[0] == pytest.approx(w, rel=1e-12)


def test_centered_rmsprop_with_momentum_by_hand():
    g, h = 0.1, 0.3
    v, average = 0.1 * g**2, 0.1 * g
    m = 0.01 * g / np.sqrt(v - average**2 + 1e-7)
    w = 1.0 - m
    v, average = 0.9 * v + 0.1 * h**2, 0.9 * average + 0.1 * h
    m = 0.5 * m + 0.01 * h / np.sqrt(v - average**2 + 1e-7)
    optimizer = optimizers.RMSprop(0.01, momentum=0.5, centered=True)
    assert after_two_steps(optimizer)[0] == pytest.approx(w - m, rel=1e-12)


def test_adam_by_hand():
    """As the paper has it: with bias-corrected means, whose epsilon is then a scaled one."""
    w, m, v = START.copy(), 0.0, 0.0
    for t, g in enumerate(GRADIENTS, 1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        unscaled = 1e-7 / np.sqrt(1 - 0.999**t)
        w -= 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + unscaled)
    np.testing.assert_allclose(after_two_steps(optimizers.Adam(0.01)), w, rtol=1e-12)


def test_amsgrad_keeps_the_largest_velocity():
    variable = np.array([1.0])
    optimizer = optimizers.Adam(0.01, beta_2=0.5, amsgrad=True)
    slots = reference.zero_slots(optimizer, [variable])
    for gradient in ([4.0], [0.0]):
        reference.apply_gradients(optimizer, [variable], [np.array(gradient)], slots)
        optimizer.iterations += 1
    assert slots["velocity"][0].tolist() == [4.0]
    assert slots["velocity_hat"][0].tolist() == [8.0]


def test_weight_decay_comes_before_the_update():
    decayed = optimizers.AdamW(0.01, weight_decay=0.5)
    variable = np.array([2.0])
    slots = reference.zero_slots(decayed, [variable])
    reference.apply_gradients(decayed, [variable], [np.array([3.0])], slots)
    assert variable[0] == pytest.approx(2.0 * (1 - 0.5 * 0.01) - 0.01)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"clipnorm": 5.0}, [[3.0, 4.0], [0.0, 5.0]]),
        ({"clipnorm": 1.0}, [[0.6, 0.8], [0.0, 1.0]]),
        ({"clipvalue": 3.5}, [[3.0, 3.5], [0.0, 3.5]]),
        ({"global_clipnorm": 1.3}, [[0.3, 0.4], [0.0, 1.2]]),
        ({"global_clipnorm": 20.0}, [[3.0, 4.0], [0.0, 12.0]]),
        ({}, [[3.0, 4.0], [0.0, 12.0]]),
    ],
)
def test_clipping(setting, expected):
    variables = [np.zeros(2), np.zeros(2)]
    gradients = [np.array([3.0, 4.0]), np.array([0.0, 12.0])]
    reference.apply_gradients(optimizers.SGD(1.0, **setting), variables, gradients, {})
    np.testing.assert_allclose(variables, -np.array(expected))


def test_a_global_norm_that_is_not_finite_spoils_every_gradient():
    variables = [np.zeros(1), np.zeros(1)]
    optimizer = optimizers.SGD(1.0, global_clipnorm=1.0)
    reference.apply_gradients(optimizer, variables, [np.array([np.inf]), np.array([1.0])], {})
    assert np.isnan(variables).all()


def test_a_schedule_is_read_at_each_step():
    rate = optimizers.schedules.ExponentialDecay(1.0, decay_steps=1, decay_rate=0.5)
    variable = np.zeros(1)
    optimizer = optimizers.SGD(rate)
    for _ in range(3):
        reference.apply_gradients(optimizer, [variable], [np.ones(1)], {})
        optimizer.iterations += 1
    assert variable[0] == pytest.approx(-1.75)
