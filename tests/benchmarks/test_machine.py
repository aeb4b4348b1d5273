import os
from pathlib import Path

import pytest

import machine


def test_the_machine_has_a_processor_with_cores():
    assert machine.processor()
    assert 1 <= machine.cores() <= (os.cpu_count() or 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system has no /proc")
def test_memory_is_what_the_process_holds():
    held, peak = machine.memory("VmRSS"), machine.memory("VmHWM")
    assert 10 < held <= peak
