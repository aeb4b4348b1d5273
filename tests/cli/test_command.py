"""What holds for every verb: help, versions, misspelt names, errors, exit codes."""

import os
import subprocess
import sys

import click
import pytest

import convlet
from convlet.cli import command, main
from convlet.cli.parameters import network_names
from convlet.datasets.labelled import NAMES
from convlet.errors import DatasetError

VERBS = ["train", "evaluate", "predict", "summary", "compare", "warmup"]


def test_help_lists_the_verbs_in_the_order_of_use(run):
    result = run("--help")
    assert (result.exit_code, result.stderr) == (0, "")
    positions = [result.stdout.index(f"\n  {verb} ") for verb in VERBS]
    assert positions == sorted(positions)
    assert "\nExamples:\n  convlet train digits\n" in result.stdout


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("columns", [60, 80])
def test_every_verb_has_a_help_with_examples(run, verb, columns):
    result = run(verb, "--help", terminal_width=columns)
    assert result.exit_code == 0
    assert f"\nExamples:\n  convlet {verb}" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= columns
    for option in main.commands[verb].params:
        assert not isinstance(option, click.Option) or option.help


def test_the_help_names_every_network_and_data_set(run):
    words = run("train", "--help").stdout.replace(",", " ").replace(".", " ").split()
    assert set(network_names()) | set(NAMES) <= set(words)


def test_without_arguments_the_help_is_shown(run):
    result = run()
    assert result.exit_code == 2
    assert "Usage: " in result.stdout


def test_version(run):
    assert run("--version").stdout == f"convlet {convlet.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["tarin", "digits"],
            "There is no command 'tarin'. Did you mean 'train'? The commands are train, evaluate, "
            "predict, summary, compare, warmup. See 'convlet --help'.",
        ),
        (
            ["zzz"],
            "There is no command 'zzz'. The commands are train, evaluate, predict, summary, "
            "compare, warmup. See 'convlet --help'.",
        ),
        (
            ["--vresion"],
            "There is no option '--vresion'. Did you mean '--version'? See 'convlet --help'.",
        ),
        (
            ["train", "digits", "--epcohs", "3"],
            "There is no option '--epcohs'. Did you mean '--epochs'? See 'convlet train --help'.",
        ),
        (["train", "digits", "--zzz"], "There is no option '--zzz'. See 'convlet train --help'."),
        (["train"], "Missing argument 'DATA'. See 'convlet train --help'."),
        (
            ["train", "digitz"],
            "convlet needs data to be one of 'mnist', 'fashion_mnist', 'cifar10', 'digits', or the "
            "path of an .npz file. Received data='digitz'. Did you mean 'digits'? See 'convlet "
            "train --help'.",
        ),
        (
            ["train", "nowhere.npz"],
            "convlet needs data to be one of 'mnist', 'fashion_mnist', 'cifar10', 'digits', or the "
            "path of an .npz file. Received data='nowhere.npz'. There is no such file. See "
            "'convlet train --help'.",
        ),
        (
            ["train", "digits", "--network", "covnet"],
            "convlet needs --network to be one of 'convnet', 'dense', 'no_pooling', 'strided', "
            "'average_pooling'. Received --network='covnet'. Did you mean 'convnet'? See 'convlet "
            "train --help'.",
        ),
        (
            ["train", "digits", "--optimizer", "adm"],
            "convlet needs --optimizer to be one of 'rmsprop', 'sgd', 'adam', 'adamw'. Received "
            "--optimizer='adm'. Did you mean 'adam'? See 'convlet train --help'.",
        ),
        (
            ["train", "digits", "--epochs", "0"],
            "Invalid value for '--epochs': 0 is not in the range x>=1. See 'convlet train --help'.",
        ),
        (
            ["compare", "--networks", "dense,strided,covnet"],
            "convlet needs --networks to be one of 'convnet', 'dense', 'no_pooling', 'strided', "
            "'average_pooling'. Received --networks='covnet'. Did you mean 'convnet'? See 'convlet "
            "compare --help'.",
        ),
        (
            ["summary", "convnet", "--input-shape", "28x28"],
            "convlet needs --input-shape to be height, width and channels, such as 28,28,1. "
            "Received --input-shape 28x28. See 'convlet summary --help'.",
        ),
        (
            ["summary", "convet"],
            "summary needs NETWORK to be one of 'convnet', 'dense', 'no_pooling', 'strided', "
            "'average_pooling', or the path of a .keras file. Received NETWORK='convet'. Did you "
            "mean 'convnet'? See 'convlet summary --help'.",
        ),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run, arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"Error: {message}\n")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (DatasetError("MNIST needs\n  a file."), 1, "Error: MNIST needs a file.\n"),
        (click.ClickException("Something is off."), 1, "Error: Something is off.\n"),
        (
            PermissionError(13, "Permission denied", "runs"),
            1,
            "Error: [Errno 13] Permission denied: 'runs'\n",
        ),
        (KeyboardInterrupt(), 130, "\nError: Stopped. Nothing was kept.\n"),
    ],
)
def test_failures_are_one_line(run, monkeypatch, error, code, message):
    def fail(*arguments, **settings):
        raise error

    monkeypatch.setattr("convlet.cli.training.run", fail)
    result = run("train", "digits")
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", message)


def test_a_mistake_in_convlet_itself_keeps_its_traceback(run, monkeypatch):
    def fail(*arguments, **settings):
        raise ZeroDivisionError

    monkeypatch.setattr("convlet.cli.training.run", fail)
    assert isinstance(run("train", "digits").exception, ZeroDivisionError)


def test_an_error_is_red_in_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(click.utils, "should_strip_ansi", lambda *arguments: False)
    with pytest.raises(SystemExit):
        command._fail("No.", 1)
    assert capsys.readouterr().err == "\x1b[31mError: No.\x1b[0m\n"


def test_the_real_command():
    process = subprocess.run(
        [sys.executable, "-m", "convlet", "tarin"], capture_output=True, text=True
    )
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith("Error: There is no command 'tarin'. Did you mean 'train'?")


def test_an_encoding_without_the_signs():
    """As of a file on Windows: the lines of a table become plain, and other signs a "?"."""
    program = (
        "from convlet.cli import output\n"
        "import click\n"
        "from convlet.cli.command import main\n"
        "@main.command()\n"
        "def show():\n"
        "    output.print_table(['Class', 'Times'], [['\u732b', '\u2013']])\n"
        "main(['show'])"
    )
    process = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert (process.returncode, process.stderr) == (0, b"")
    lines = process.stdout.decode("cp1252").splitlines()
    assert any("Class" in line and "Times" in line for line in lines)
    assert any("?" in line and "\u2013" in line for line in lines)


def test_help_imports_nothing_heavy():
    heavy = ["numpy", "numba", "matplotlib", "h5py", "PIL", "sklearn", "scipy", "rich"]
    program = (
        "import sys\nfrom convlet.cli import main\n"
        "try:\n    main(['train', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert process.stderr == "[]\n"


def test_a_reader_that_leaves_early_is_no_error():
    process = subprocess.run(
        f"{sys.executable} -m convlet summary convnet | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
    )
    assert (process.stdout, process.stderr) == ('Model: "sequential"\n', "")
