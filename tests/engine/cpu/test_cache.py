"""The cache of compiled kernels: whatever happens to its files, the right code runs."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from convlet.engine.cpu import cache

TRAIN = """
import hashlib, numpy as np
from convlet import layers, models, utils
from convlet.engine.cpu import cache, jit
compiled = []
compile_kernel = jit.Kernel.compile
jit.Kernel.compile = lambda kernel: (compiled.append(kernel.name), compile_kernel(kernel))
utils.set_random_seed(1)
model = models.Sequential([layers.Input((6, 6, 1)), layers.Conv2D(4, 3, activation="relu"),
    layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
x = np.arange(8 * 36, dtype=np.float32).reshape(8, 6, 6, 1) / 288
model.fit(x, np.arange(8) % 3, verbose=0)
bits = b"".join(weight.tobytes() for weight in model.get_weights())
print(len(compiled), hashlib.sha256(bits).hexdigest())
"""
SMALL_NETWORK_NEEDS = 5  # kernels at least


def train(folder, before="", **environment):
    """Trains a tiny network in a new process: how many kernels it compiled, its weights, stderr."""
    variables = {"CONVLET_CACHE": str(folder), "TMPDIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", before + TRAIN],
        env=os.environ | variables | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    compiled, weights = done.stdout.split()
    return int(compiled), weights, done.stderr


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache with the kernels of the tiny network in it, and the weights it is trained to."""
    folder = tmp_path_factory.mktemp("cache")
    compiled, weights, message = train(folder)
    assert compiled > SMALL_NETWORK_NEEDS
    assert message == f"convlet: compiling {compiled} kernels for this CPU, once: about " + (
        f"{1 + 0.2 * compiled:.0f} s ...\n"
    )
    return folder, weights


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty cache for this process."""
    monkeypatch.setenv("CONVLET_CACHE", str(tmp_path / "user"))
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path))
    cache._prune.cache_clear()
    cache._mark_as_used.cache_clear()
    return tmp_path / "user" / "kernels" / cache.version()


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_second_process_compiles_nothing_and_says_nothing(filled):
    folder, weights = filled
    assert train(folder) == (0, weights, "")


def test_processes_that_start_at_once_with_an_empty_cache(tmp_path, filled):
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(train, [tmp_path] * 4))
    assert {weights for _, weights, _ in results} == {filled[1]}
    assert train(tmp_path) == (0, filled[1], "")
    contents = [{path.name: path.read_bytes() for path in files(f)} for f in (tmp_path, filled[0])]
    assert contents[0] == contents[1]  # without any temporary ones


@pytest.mark.parametrize(
    "damage", ["truncated", "garbage", "empty", "another kernel's", "a folder"]
)
def test_a_damaged_file_is_compiled_again(tmp_path, filled, damage):
    source, weights = filled
    copy = tmp_path / "kernels" / cache.version()
    copy.mkdir(parents=True)
    for path in files(source):
        (copy / path.name).write_bytes(path.read_bytes())
    first, second = files(copy)[:2]
    content = first.read_bytes()
    if damage == "a folder":
        first.unlink()
        first.mkdir()
    else:
        damaged = {
            "truncated": content[: len(content) // 2],
            "garbage": content[:-100] + bytes(100),
            "empty": b"",
            "another kernel's": second.read_bytes(),
        }
        first.write_bytes(damaged[damage])
    assert train(tmp_path)[:2] == (1, weights)
    if damage != "a folder":
        assert first.read_bytes() == content


def test_a_kernel_that_calls_what_is_not_there_is_compiled_again(tmp_path, filled):
    copy = tmp_path / "kernels" / cache.version()
    copy.mkdir(parents=True)
    path = files(filled[0])[0]
    digest = hashlib.sha256().digest_size
    data = b"a_function_of_no_library " + path.read_bytes()[digest:]
    (copy / path.name).write_bytes(cache._digest(path.name, data) + data)
    compiled, weights, _ = train(tmp_path)
    assert compiled == len(files(filled[0]))
    assert weights == filled[1]


@pytest.mark.skipif(sys.platform == "win32", reason="the size of files can't be limited")
def test_a_full_disk(tmp_path, filled):
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
    compiled, weights, message = train(tmp_path, before=limit)
    assert (compiled, weights) == (len(files(filled[0])), filled[1])
    assert message.splitlines()[1:] == [
        "convlet: no folder for compiled kernels can be written to, so that every process compiles "
        "them anew. Set CONVLET_CACHE to one that can."
    ]
    assert files(tmp_path) == []


def test_without_any_folder_everything_is_compiled_each_time(tmp_path, filled):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    before = "import tempfile\ntempfile.tempdir = " + repr(str(blocked)) + "\n"
    compiled, weights, message = train(blocked, before=before, TMPDIR=str(tmp_path))
    assert (compiled, weights) == (len(files(filled[0])), filled[1])
    assert message.count("no folder for compiled kernels can be written to") == 1
    assert files(tmp_path) == [blocked]


def test_a_home_that_can_not_be_written_to(tmp_path, filled):
    """As many containers have it: the kernels are kept among the temporary files."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    settings = {"CONVLET_CACHE": "", "HOME": str(blocked), "XDG_CACHE_HOME": str(blocked)}
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    settings |= {"LOCALAPPDATA": str(blocked), "TMPDIR": str(temporary)}
    assert train(tmp_path, **settings)[:2] == (len(files(filled[0])), filled[1])
    assert train(tmp_path, **settings) == (0, filled[1], "")
    (private,) = temporary.iterdir()
    if hasattr(os, "getuid"):
        assert private.name == f"convlet-{os.getuid()}"
        assert private.stat().st_mode & 0o777 == 0o700


def test_a_cache_that_can_only_be_read_is_read(folder, monkeypatch):
    """As in a container image: what is new is kept among the temporary files."""
    assert cache.write("old", b"image") == folder

    def refuse(*arguments, **settings):
        if str(folder) in str(settings["dir"]):
            raise PermissionError(13, "Permission denied")
        return make(*arguments, **settings)

    make = cache.tempfile.mkstemp
    monkeypatch.setattr(cache.tempfile, "mkstemp", refuse)
    kept = cache.write("new", b"container")
    assert kept is not None
    assert kept != folder
    assert (cache.read("old"), cache.read("new"), cache.read("none")) == (
        b"image", b"container", None,
    )  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no users of this kind")
@pytest.mark.parametrize("planted", ["link", "open to others", "somebody else's", "file"])
def test_a_temporary_folder_that_others_could_write_to_is_not_used(
    folder, tmp_path, monkeypatch, planted
):
    private = tmp_path / f"convlet-{os.getuid()}"
    if planted == "link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        private.symlink_to(tmp_path / "elsewhere")
    elif planted == "file":
        private.write_text("")
    else:
        private.mkdir(mode=0o700)
    if planted == "open to others":
        private.chmod(0o770)
    if planted == "somebody else's":
        user = os.getuid()
        monkeypatch.setattr(cache, "_user", lambda: str(user))
        monkeypatch.setattr(cache.os, "getuid", lambda: user + 1)
    assert list(cache.folders(make=True)) == [folder]
    private.unlink() if private.is_symlink() or private.is_file() else private.rmdir()
    monkeypatch.undo()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no users of this kind")
def test_reading_makes_no_folder_among_the_temporary_files(folder, tmp_path):
    assert cache.read("none") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_process_killed_while_it_writes(tmp_path, filled):
    """The file it had begun never gets the name under which a kernel is looked for."""
    stop = (
        "import os, signal\nfrom convlet.engine.cpu import cache\n"
        "cache.os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", stop + TRAIN],
        env=os.environ | {"CONVLET_CACHE": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert [path.suffix for path in files(tmp_path)] == [".tmp"]
    assert train(tmp_path)[:2] == (len(files(filled[0])), filled[1])
    assert train(tmp_path) == (0, filled[1], "")


def changed_version(monkeypatch, target, name, value):
    before = cache.version.__wrapped__()
    monkeypatch.setattr(target, name, value)
    return before != cache.version.__wrapped__()


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        ("llvm", "get_host_cpu_name", lambda: "another"),
        ("llvm", "get_host_cpu_features", lambda: {"another": True}),
        ("llvm", "get_default_triple", lambda: "another"),
        ("numba", "__version__", "another"),
        ("llvmlite", "__version__", "another"),
        ("np", "__version__", "another"),
        ("sys", "version", "another"),
    ],
)
def test_another_cpu_or_compiler_has_another_folder(monkeypatch, module, name, value):
    assert changed_version(monkeypatch, getattr(cache, module), name, value)


def test_another_width_has_another_folder(monkeypatch):
    assert changed_version(monkeypatch, cache, "LANES", -1)


def test_other_sources_have_another_folder_and_a_copy_has_the_same(monkeypatch, tmp_path):
    copies = []
    for source in cache._sources():
        copies.append(tmp_path / f"{len(copies)}.py")
        copies[-1].write_bytes(source.read_bytes())
    assert {"products.py", "plan.py", "jit.py"} <= {path.name for path in cache._sources()}
    assert not changed_version(monkeypatch, cache, "_sources", lambda: copies)
    before = cache.version.__wrapped__()
    copies[0].write_text(copies[0].read_text() + "\n")
    assert cache.version.__wrapped__() != before


def old_version(folder, number, age):
    """The folder of another version, unused for `age` seconds."""
    other = folder.parent / f"{number:016x}"
    other.mkdir(parents=True)
    (other / "kernel").write_bytes(b"code")
    used = time.time() - age
    os.utime(other, (used, used))
    return other


def test_only_the_newest_of_old_versions_stay(folder):
    week = 7 * 24 * 3600
    old = [old_version(folder, number, week + number) for number in range(6)]
    notes = folder.parent / "notes"
    notes.mkdir()
    cache.write("kernel", b"code")
    assert sorted(folder.parent.iterdir()) == sorted([*old[: cache.KEPT_VERSIONS], folder, notes])


def test_versions_in_use_stay_however_many_there_are(folder):
    used = [old_version(folder, number, 60) for number in range(6)]
    cache.write("kernel", b"code")
    assert sorted(folder.parent.iterdir()) == sorted([*used, folder])


def test_what_the_main_folder_holds(folder):
    assert cache.main_folder() == folder
    assert not cache.holds("kernel")
    cache.write("kernel", b"code")
    assert cache.holds("kernel")
    (folder / "kernel").write_bytes(b"damaged")
    assert not cache.holds("kernel")


def test_reading_shows_that_a_version_is_in_use(folder):
    cache.write("kernel", b"code")
    os.utime(folder, (0, 0))
    assert cache.read("kernel") == b"code"
    assert folder.stat().st_mtime > time.time() - 3600
