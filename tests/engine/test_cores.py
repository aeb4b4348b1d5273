"""How many cores a process may use, with a folder in place of the system's files."""

import os

import pytest

from convlet.engine import cores


@pytest.fixture(autouse=True)
def _sixteen_cores(monkeypatch):
    monkeypatch.setattr(cores, "_cores", lambda: 16)


def write(root, files):
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


V2 = {"proc/self/cgroup": "0::/machine/box\n"}
V1 = {"proc/self/cgroup": "5:memory:/box\n4:cpu,cpuacct:/box\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 16),  # Windows, macOS
        ({"proc/self/cgroup": ""}, 16),
        (V2, 16),
        (V2 | {"sys/fs/cgroup/machine/box/cpu.max": "max 100000\n"}, 16),
        (V2 | {"sys/fs/cgroup/machine/box/cpu.max": "400000 100000\n"}, 4),
        (V2 | {"sys/fs/cgroup/machine/box/cpu.max": "250000 100000\n"}, 3),  # rounded up
        (V2 | {"sys/fs/cgroup/machine/box/cpu.max": "10000 100000\n"}, 1),
        (V2 | {"sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),  # the mount is the container's
        (
            V2
            | {
                "sys/fs/cgroup/machine/box/cpu.max": "800000 100000\n",
                "sys/fs/cgroup/machine/cpu.max": "300000 100000\n",
                "sys/fs/cgroup/cpu.max": "max 100000\n",
            },
            3,
        ),
        (V2 | {"sys/fs/cgroup/cpu.max": "6400000 100000\n"}, 16),  # more than there are
        (
            V1
            | {
                "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "150000\n",
                "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
            },
            2,
        ),
        (
            V1
            | {
                "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
            },
            16,
        ),
        (V1 | {"sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "150000\n"}, 16),  # no period
    ],
)
def test_the_least_limit_of_all_groups_counts(tmp_path, files, expected):
    write(tmp_path, files)
    assert cores.available_cores(tmp_path) == expected


def test_the_scheduler_is_asked_as_this_python_can(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(os, "process_cpu_count", lambda: 3, raising=False)
    assert cores._cores() == 3
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 5}, raising=False)
    assert cores._cores() == 2
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores._cores() == 1
