import sys

import pytest

import peers
import performance
import tables
from worker import Task


@pytest.fixture
def turns(monkeypatch):
    """The tasks of all turns, none of which is done: each takes a second an image more."""
    taken = []

    def take_turn(peer, task, environments, variables=None):
        taken.append((peer.title, task))
        return {"seconds": [float(len(taken))]}

    monkeypatch.setattr(peers.Peer, "take_turn", take_turn)
    monkeypatch.setattr(peers.Peer, "versions", lambda peer, environments: f"{peer.title} 1.0")
    return taken


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["benchmarks/performance.py", *arguments])
    performance.main()


def test_rows_take_turns(monkeypatch, capsys, turns):
    run(monkeypatch, "--only", "six-convolutions", "--peers", "pytorch", "--rounds", "2")
    assert [title for title, _ in turns] == ["convlet", "PyTorch, channels last"] * 2
    assert {task.seconds for _, task in turns} == {3.0}
    printed = capsys.readouterr()
    assert "| convlet | 2000.00 | 1000.00 | 1.00 | 1.00 |" in printed.out
    assert "| PyTorch, channels last | 3000.00 | 2000.00 | 1.50 | 2.00 |" in printed.out
    assert "convlet 1.0, PyTorch, channels last 1.0" in printed.out
    assert printed.err.splitlines()[1] == (
        "six-convolutions, round 1 of 2, PyTorch, channels last: 2000.00 ms an image"
    )


def test_a_rehearsal_is_short_and_not_counted(monkeypatch, capsys, turns):
    rehearsed = tables.Table(
        (tables.Row("one", "convlet", Task("script", "chapter", images=60_000)),),
        tables.MILLISECONDS,
        rehearsed=True,
    )
    monkeypatch.setitem(performance.TABLES, "chapter", rehearsed)
    run(monkeypatch, "--only", "chapter", "--rounds", "1")
    assert [task.images for _, task in turns] == [128, 60_000]
    assert "| one | 2000.00 | 2000.00 |" in capsys.readouterr().out


def test_a_trial_is_short(monkeypatch, turns):
    run(monkeypatch, "--only", "cats-and-dogs", "--peers", "convlet", "--trial", "--rounds", "1")
    ((_, task),) = turns
    assert (task.images, task.epochs, task.seconds) == (64, 2, 0.0)


def test_tables_go_into_a_file_and_into_the_page(monkeypatch, capsys, tmp_path, turns):
    page = tmp_path / "page.md"
    marks = "<!-- begin: performance.py cats-and-dogs -->\n<!-- end -->\n"
    page.write_text(marks)
    monkeypatch.setattr(performance, "PAGE", page)
    output = tmp_path / "output.md"
    arguments = ["--only", "cats-and-dogs", "--peers", "pytorch", "--rounds", "1", "--write"]
    run(monkeypatch, *arguments, "--output", str(output))
    assert output.read_text() in capsys.readouterr().out
    assert output.read_text().startswith("## cats-and-dogs\n\n|  | median (ms an image) |")
    assert page.read_text().splitlines()[1].startswith("|  | median (ms an image) |")


@pytest.mark.parametrize("option", ["--only", "--peers"])
def test_unknown_names_are_refused(monkeypatch, capsys, option, turns):
    with pytest.raises(SystemExit):
        run(monkeypatch, option, "chapters")
    assert "unknown: chapters. Known are: c" in capsys.readouterr().err
    assert turns == []


def test_the_page_has_a_place_for_every_table():
    page = performance.PAGE.read_text(encoding="utf-8")
    for name in tables.TABLES:
        assert page.count(f"<!-- begin: performance.py {name} -->\n") == 1
