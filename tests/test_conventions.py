"""What the project promises about itself: its public names, its documents, its light import."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TEXTS = [
    path
    for folder in ("src", "tests", "docs", "examples", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".md", ".ipynb", ".toml"}
] + [*sorted(ROOT.glob("*.md")), ROOT / "pyproject.toml"]
MODULE_THAT_OWNS_FLAGS = "src/convlet/engine/cpu/jit.py"
PUBLIC_MODULES = [
    "convlet.activations",
    "convlet.callbacks",
    "convlet.constraints",
    "convlet.datasets",
    "convlet.estimators",
    "convlet.figures",
    "convlet.initializers",
    "convlet.layers",
    "convlet.losses",
    "convlet.metrics",
    "convlet.models",
    "convlet.networks",
    "convlet.optimizers",
    "convlet.optimizers.schedules",
    "convlet.regularizers",
    "convlet.utils",
]
EVERY_PUBLIC_NAME = [
    (module, name)
    for module in ("convlet", *PUBLIC_MODULES)
    for name in importlib.import_module(module).__all__
    if not name.startswith("__")
]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def home(value: object) -> str:
    """The module that a class or function comes from, or nothing."""
    module = getattr(value, "__module__", None)
    return module if isinstance(module, str) else ""


def documented_arguments(docstring: str) -> list[str]:
    """The names in the section Args of a docstring; a short function may have no such section."""
    section = re.search(r"^Args:\n((?:    .*\n?|\n)+)", docstring, re.MULTILINE)
    names = re.findall(r"^    ([\w*]+(?:, [\w*]+)*):", section[1], re.MULTILINE) if section else []
    return [name for group in names for name in group.split(", ")]


def has_arguments_section(module: str, name: str) -> bool:
    value = getattr(importlib.import_module(module), name)
    return bool(documented_arguments(inspect.getdoc(value) or ""))


@pytest.mark.parametrize("name", PUBLIC_MODULES)
def test_all_lists_every_public_name_in_order(name):
    module = importlib.import_module(name)
    defined_here = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and f"{home(value)}.".startswith(f"{name}.")
    }
    assert defined_here <= set(module.__all__)
    assert module.__all__ == sorted(set(module.__all__))
    assert all(hasattr(module, key) for key in module.__all__)


def test_the_package_lists_its_names_in_order():
    convlet = importlib.import_module("convlet")
    assert convlet.__all__ == sorted(convlet.__all__)
    assert dir(convlet) == convlet.__all__


@pytest.mark.parametrize(("module", "name"), EVERY_PUBLIC_NAME)
def test_every_public_name_is_documented(module, name):
    value = getattr(importlib.import_module(module), name)
    assert inspect.getdoc(value), f"{module}.{name} has no docstring"
    if inspect.isclass(value):
        undocumented = [
            key
            for key, member in inspect.getmembers(value)
            if not key.startswith("_")
            and (inspect.isfunction(member) or isinstance(member, property))
            and home(getattr(member, "fget", member)).startswith("convlet.")
            and not inspect.getdoc(getattr(value, key))
        ]
        assert undocumented == []


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, name in EVERY_PUBLIC_NAME if has_arguments_section(module, name)],
)
def test_documented_arguments_are_those_of_the_signature(module, name):
    value = getattr(importlib.import_module(module), name)
    expected = [
        {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "") + parameter.name
        for parameter in inspect.signature(value).parameters.values()
    ]
    assert documented_arguments(inspect.getdoc(value)) == expected


def test_documented_arguments_are_found():
    docstring = "One.\n\nArgs:\n    a: A\n        b: c.\n    d, e: Both.\n\nReturns:\n    f: g"
    assert documented_arguments(docstring) == ["a", "d", "e"]
    assert documented_arguments("One.") == []


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_no_file_is_too_long_to_read(path):
    assert len(path.read_text().splitlines()) <= 400


def compilations(tree: ast.Module) -> list[int]:
    """The lines that name one of Numba's compilers, or fast arithmetic."""
    compilers = {"jit", "njit", "cfunc", "vectorize", "guvectorize", "generated_jit"}
    return [
        getattr(node, "lineno", 0)
        for node in ast.walk(tree)
        if (isinstance(node, ast.keyword) and node.arg == "fastmath")
        or (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in {("numba", name) for name in compilers}
        )
        or (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("numba")
            and {alias.name for alias in node.names} & compilers
        )
    ]


def test_only_one_module_sets_the_flags_of_compilation():
    found = [relative(path) for path in SOURCES if compilations(ast.parse(path.read_text()))]
    assert found == [MODULE_THAT_OWNS_FLAGS]


@pytest.mark.parametrize(
    "statement", ["import convlet", "from convlet import layers, models, losses"]
)
def test_import_is_light(statement):
    heavy = ["numba", "llvmlite", "matplotlib", "h5py", "PIL", "sklearn", "scipy", "rich", "click"]
    heavy += ["onnx", "onnxruntime"]
    program = f"{statement}\nimport sys\nprint([name for name in {heavy} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (process.stdout.strip(), process.stderr) == ("[]", "")


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_no_path_of_somebodys_machine(path):
    pattern = re.compile(r"(?<![\w.~])/(?:home|root|Users|work|mnt|media)/|[A-Z]:\\Users")
    assert pattern.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix == ".md"], ids=relative)
def test_every_relative_link_leads_somewhere(path):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    missing = [relative(folder) for folder in folders if not (folder / "__init__.py").exists()]
    assert missing == []


def test_the_readme_shows_the_example_that_is_run():
    example = (ROOT / "examples" / "keras_script.py").read_text()
    program = example.split('"""', 2)[2].strip()
    assert f"```python\n{program}\n```" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("name", "beginning", "ending"),
    [
        ("main", "python3 -m venv .venv && ", ".venv/bin/convlet train digits"),
        ("test", "python3 -m venv .venv && ", ".venv/bin/python -m pytest"),
    ],
)
def test_the_readme_has_the_commands_that_continuous_integration_runs(name, beginning, ending):
    readme = (ROOT / "README.md").read_text()
    found = re.findall(rf"<!-- command: {name} -->\n```sh\n(.*)\n```", readme)
    assert len(found) == 1
    assert found[0].startswith(beginning)
    assert found[0].endswith(ending)
