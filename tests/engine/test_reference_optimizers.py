import numpy as np
import pytest

from convlet import optimizers
from convlet.engine import reference

START = np.array([1.0, -2.0, 0.5])
GRADIENTS = [np.array([0.1, -0.4, 2.0]), np.array([0.3, 0.2, -1.0])]


def after_two_steps(optimizer):
    return after_steps(optimizer, GRADIENTS)


def after_one_step(optimizer):
    return after_steps(optimizer, GRADIENTS[:1])


def after_steps(optimizer, gradients):
    variable = START.copy()
    slots = reference.new_slots(optimizer, [variable])
    for gradient in gradients:
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
    slots = reference.new_slots(optimizer, [variable])
    for gradient in ([4.0], [0.0]):
        reference.apply_gradients(optimizer, [variable], [np.array(gradient)], slots)
        optimizer.iterations += 1
    assert slots["velocity"][0].tolist() == [4.0]
    assert slots["velocity_hat"][0].tolist() == [8.0]


def test_adamax_by_hand():
    g, h = 0.1, 0.3
    w = 1.0 - 0.01 / (1 - 0.9) * (0.1 * g) / (g + 1e-7)
    w -= 0.01 / (1 - 0.9**2) * (0.9 * 0.1 * g + 0.1 * h) / (h + 1e-7)
    assert after_two_steps(optimizers.Adamax(0.01))[0] == pytest.approx(w, rel=1e-12)


def test_nadam_by_hand():
    g, u = 0.1, [0.9 * (1 - 0.5 * 0.96**t) for t in (1, 2)]
    ahead = u[1] * 0.1 * g / (1 - u[0] * u[1]) + (1 - u[0]) * g / (1 - u[0])
    w = 1.0 - 0.01 * ahead / (np.sqrt(g**2) + 1e-7)
    assert after_one_step(optimizers.Nadam(0.01))[0] == pytest.approx(w, rel=1e-12)


def test_adagrad_by_hand():
    g, h = 0.1, 0.3
    w = 1.0 - 0.5 * g / np.sqrt(0.1 + g**2 + 1e-7) - 0.5 * h / np.sqrt(0.1 + g**2 + h**2 + 1e-7)
    assert after_two_steps(optimizers.Adagrad(0.5))[0] == pytest.approx(w, rel=1e-12)


def test_adadelta_by_hand():
    g, h, epsilon = 0.1, 0.3, 0.01
    first = np.sqrt(epsilon) * g / np.sqrt(0.05 * g**2 + epsilon)
    square = 0.95 * 0.05 * g**2 + 0.05 * h**2
    second = np.sqrt(0.05 * first**2 + epsilon) * h / np.sqrt(square + epsilon)
    actual = after_two_steps(optimizers.Adadelta(0.5, epsilon=epsilon))[0]
    assert actual == pytest.approx(1.0 - 0.5 * first - 0.5 * second, rel=1e-12)


def test_lion_steps_by_the_sign_of_a_mean():
    moved = after_two_steps(optimizers.Lion(0.25, beta_1=0.5, beta_2=0.5)) - START
    # The means are (g + 0) / 2, then (g / 2 + h) / 2; g is 0.1, -0.4, 2 and h 0.3, 0.2, -1.
    assert moved.tolist() == pytest.approx([-0.5, 0.25, -0.25])


def test_ftrl_by_hand():
    g, rate = 0.1, 0.5
    new = 0.1 + g**2
    linear = g + 2 * 0.25 * 1.0 - (np.sqrt(new) - np.sqrt(0.1)) / rate * 1.0
    quadratic = np.sqrt(new) / rate + 2 * 0.125 + 0.75 / rate
    optimizer = optimizers.Ftrl(
        rate,
        l1_regularization_strength=0.2,
        l2_regularization_strength=0.125,
        l2_shrinkage_regularization_strength=0.25,
        beta=0.75,
    )
    w = -(linear - 0.2) / quadratic
    assert after_one_step(optimizer)[0] == pytest.approx(w, rel=1e-12)


def test_lamb_steps_as_far_as_the_weights_are_long():
    moved = after_one_step(optimizers.Lamb(0.25)) - START
    assert np.linalg.norm(moved) == pytest.approx(0.25 * np.linalg.norm(START), rel=1e-12)
    np.testing.assert_allclose(np.sign(moved), -np.sign(GRADIENTS[0]))


def test_adafactor_of_a_bias_by_hand():
    w, v = START.copy(), 0.0
    for t, g in enumerate(GRADIENTS, 1):
        beta = 1 - t**-0.8
        v = beta * v + (1 - beta) * g**2
        step = g / np.sqrt(v)
        step /= max(1.0, np.sqrt((step**2).mean()) / 0.5)
        w -= np.sqrt((w**2).mean()) * 0.25 * step
    actual = after_two_steps(optimizers.Adafactor(0.25, clip_threshold=0.5))
    np.testing.assert_allclose(actual, w, rtol=1e-12)


def test_adafactor_of_a_matrix_of_rank_one_knows_every_square():
    gradient = np.outer([1.0, -2.0, 4.0], [0.5, 3.0])
    variable = np.zeros((3, 2))
    optimizer = optimizers.Adafactor(0.5, epsilon_2=0.25)
    slots = reference.new_slots(optimizer, [variable])
    reference.apply_gradients(optimizer, [variable], [gradient], slots)
    np.testing.assert_allclose(slots["velocity"][0], gradient**2)
    np.testing.assert_allclose(variable, -0.125 * np.sign(gradient))


def test_moving_averages_begin_with_the_first_weights():
    optimizer = optimizers.SGD(1.0, use_ema=True, ema_momentum=0.75, ema_overwrite_frequency=2)
    variable = np.array([8.0])
    slots = reference.new_slots(optimizer, [variable])
    found = []
    for _ in range(3):
        reference.apply_gradients(optimizer, [variable], [np.array([4.0])], slots)
        optimizer.iterations += 1
        found.append((float(slots["average"][0][0]), float(variable[0])))
    assert found == [(4.0, 4.0), (3.0, 3.0), (2.0, -1.0)]


def test_gathered_gradients_move_by_their_mean():
    optimizer = optimizers.SGD(1.0, gradient_accumulation_steps=2, clipvalue=3.0)
    variable = np.array([0.0])
    slots = reference.new_slots(optimizer, [variable])
    found = []
    for gradient in (2.0, 6.0, 1.0, 0.0):
        reference.apply_gradients(optimizer, [variable], [np.array([gradient])], slots)
        optimizer.iterations += 1
        found.append((float(variable[0]), float(slots["gradient_accumulator"][0][0])))
    assert found == [(0.0, 2.0), (-3.0, 0.0), (-3.0, 1.0), (-3.5, 0.0)]


def test_weights_that_do_not_decay():
    variables = [np.array([2.0]), np.array([2.0])]
    optimizer = optimizers.SGD(0.5, weight_decay=0.5)
    nothing = [np.zeros(1), np.zeros(1)]
    reference.apply_gradients(optimizer, variables, nothing, {}, decayed=[True, False])
    assert [array.tolist() for array in variables] == [[1.5], [2.0]]


def test_an_optimizer_from_nothing_has_no_rule():
    class Custom(optimizers.Optimizer):
        pass

    with pytest.raises(TypeError, match="The reference knows no update for"):
        reference.apply_gradients(Custom(0.1), [np.zeros(1)], [np.zeros(1)], {})


def test_weight_decay_comes_before_the_update():
    decayed = optimizers.AdamW(0.01, weight_decay=0.5)
    variable = np.array([2.0])
    slots = reference.new_slots(decayed, [variable])
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
