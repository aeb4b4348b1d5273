import sys

import pytest

import grid
from networks import Conv, Dense

CONVOLUTION = grid.Case(Conv(16, 3, 1, "same"), (7, 7, 4), batch=2, pool=True)
DENSE = grid.Case(Dense(10), (33,), batch=7)


def test_cases_describe_themselves():
    assert str(CONVOLUTION) == "conv 3x3/1 same + pool, 7x7x4 to 16, batch 2"
    assert str(DENSE) == "dense 33 to 10, batch 7"


def test_work_is_that_of_the_formula():
    assert CONVOLUTION.multiply_adds == 2 * 49 * 9 * 4 * 16
    assert DENSE.multiply_adds == 7 * 330


def test_every_case_has_room_for_its_windows():
    seen = list(grid.cases())
    assert len(seen) == len(set(seen))
    for case in seen:
        if isinstance(case.layer, Conv):
            assert case.multiply_adds > 0
    assert grid.Case(Conv(1, 7, 1, "valid"), (7, 7, 1), 1, pool=True) not in seen
    assert grid.Case(Conv(1, 7, 1, "valid"), (7, 7, 1), 1) in seen


def test_the_same_cases_are_drawn_each_time_and_dense_ones_among_them():
    first = grid.drawn(3)[:16]
    assert first == grid.drawn(3)[:16]
    assert first != grid.drawn(4)[:16]
    assert [number for number, case in enumerate(first) if isinstance(case.layer, Dense)] == [7, 15]
    assert all(case.multiply_adds <= grid.LARGE for case in grid.drawn())


@pytest.mark.parametrize("case", [CONVOLUTION, DENSE], ids=str)
def test_layers_are_measured_forward_and_in_training(case):
    assert grid.forward(case, 0.0) > 0
    assert grid.training(case, 0.0) > 0


def test_speed_counts_two_operations_for_a_multiply_add():
    speed = grid.Speed(DENSE, forward=1e-6, training=1e-5)
    assert speed.gflops == pytest.approx((4.62, 1.386))
    assert speed.cells() == ["dense 33 to 10, batch 7", "4.6", "1.4", "1", "10"]


def test_the_worst_are_the_slowest_large_ones():
    large = [grid.Case(Dense(4096), (4096,), batch) for batch in range(1, 13)]
    speeds = [grid.Speed(case, 1.0, case.batch**2) for case in large]
    speeds.append(grid.Speed(DENSE, 1.0, 1e9))
    _, everything, forward, training = grid.markdown(speeds).split("## ")
    assert everything.count("| dense") == 13
    assert forward.startswith("The ten worst forward, of 12 with 5 million multiply-adds or more\n")
    batches = [line.split("batch ")[1].split()[0] for line in forward.splitlines()[4:] if line]
    assert batches == [str(batch) for batch in range(1, 11)]
    batches = [line.split("batch ")[1].split()[0] for line in training.splitlines()[4:] if line]
    assert batches == [str(batch) for batch in range(12, 2, -1)]


def test_the_command_measures_at_least_one_case(monkeypatch, capsys):
    monkeypatch.setattr(grid, "drawn", lambda seed: [DENSE, CONVOLUTION])
    monkeypatch.setattr(sys, "argv", ["benchmarks/grid.py", "--seconds", "0"])
    grid.main()
    printed = capsys.readouterr()
    assert printed.err.startswith("dense 33 to 10, batch 7 | ")
    assert "\n1 of 2 shapes, " in printed.out
