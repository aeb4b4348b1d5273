"""How windows are divided up: tiles, groups of input pixels, and what each group's taps meet."""

import pytest

from convlet.engine.cpu.conv2d import Geometry
from convlet.engine.cpu.depthwise import backward_sweeps, forward_sweep, tile_shape
from convlet.engine.cpu.simd import REGISTERS
from convlet.engine.plan import Halo
from convlet.layers.windows import output_size, pad_amounts

AXES = [
    (size, window, stride, dilation, padding)
    for size in (5, 8)
    for window in (1, 2, 3)
    for stride in (1, 2, 3)
    for dilation in (1, 2, 4)
    for padding in ("valid", "same")
    if output_size(size, window, stride, padding, dilation)
]


def geometry_of(size, window, stride, dilation, padding):
    before, after = pad_amounts(size, window, stride, padding, dilation)
    output = output_size(size, window, stride, padding, dilation)
    return Geometry((window, 1), (stride, 1), (dilation, 1), Halo(before, after, 0, 0), (output, 1))


def meetings(sweep):
    """Each (result, tap, what the tap meets)."""
    return [
        (sweep.first + i * sweep.step, tap, sweep.start + i * sweep.move + number * sweep.apart)
        for i in range(sweep.count)
        for number, tap in enumerate(sweep.taps)
    ]


@pytest.mark.parametrize("axis", AXES)
def test_backward_meets_what_forward_met(axis):
    size, geometry = axis[0], geometry_of(*axis)
    forward = {
        (output, tap, i) for output, tap, i in meetings(forward_sweep(geometry, 0)) if 0 <= i < size
    }
    sweeps = backward_sweeps(geometry, 0, size)
    backward = [meeting for sweep in sweeps for meeting in meetings(sweep)]
    inside = {(output, tap, i) for i, tap, output in backward if 0 <= output < geometry.output[0]}
    assert inside == forward
    assert len(backward) == len(set(backward))
    written = [sweep.first + i * sweep.step for sweep in sweeps for i in range(sweep.count)]
    assert sorted(written) == list(range(size))


@pytest.mark.parametrize("axis", AXES)
def test_a_sweep_knows_its_end_and_the_distance_of_its_taps(axis):
    for sweep in backward_sweeps(geometry_of(*axis), 0, axis[0]):
        met = [place for _, _, place in meetings(sweep)]
        if met:
            assert sweep.end == max(met) + 1
        gaps = {second - first for first, second in zip(sweep.taps, sweep.taps[1:], strict=False)}
        assert gaps in (set(), {sweep.taps_step})


@pytest.mark.parametrize("width", range(1, 40))
@pytest.mark.parametrize("vectors", [1, 2, 3, 60])
def test_a_tile_fits_the_line_the_channels_and_the_registers(width, vectors):
    pixels, each = tile_shape(width, vectors)
    assert 1 <= pixels <= width
    assert 1 <= each <= vectors
    assert pixels * each <= (8 if REGISTERS >= 32 else 4)
