import re
import sys
from pathlib import Path

import pytest

import report


def test_a_table_is_markdown():
    table = report.table(["", "seconds"], [["one", "1.0"], ["two", "2.0"]])
    assert table == "|  | seconds |\n| --- | ---: |\n| one | 1.0 |\n| two | 2.0 |"


def test_figures_are_medians_and_the_best():
    assert report.Figures.of([3.0, 1.0, 2.0, 10.0]) == report.Figures(2.5, 1.0, 10.0)


def test_figures_are_compared_like_with_like():
    ratio = report.Figures(6.0, 4.0, 9.0).over(report.Figures(3.0, 1.0, 9.0))
    assert ratio == report.Figures(2.0, 4.0, 1.0)


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        (report.EPOCH, "12.00"),
        (report.MILLISECONDS, "0.20"),
        (report.MICROSECONDS, "200.0"),
        (report.RATE, "5,000"),
    ],
)
def test_units_show_seconds_per_image(unit, shown):
    assert unit.show(0.0002) == shown


@pytest.mark.parametrize(
    "option",
    [["--environments", "elsewhere"], ["--environments=x"], ["--output", "file"], ["--write"]],
)
def test_the_printed_command_is_no_machines_own(monkeypatch, option):
    script = str(Path("somewhere") / "benchmarks" / "performance.py")
    monkeypatch.setattr(sys, "argv", [script, "--rounds", "5", *option])
    assert report.command_line() == "python benchmarks/performance.py --rounds 5"


def test_circumstances_name_each_version_once():
    lines = report.circumstances(["keras 3.1, jax 1.0", "keras 3.1, torch 2.0"]).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "- machine", "- versions", "- date", "- command",
    ]  # fmt: skip
    assert lines[1].endswith(", keras 3.1, jax 1.0, torch 2.0")


PAGE = """before
<!-- begin: performance.py one -->
old
<!-- end -->
between
<!-- begin: performance.py two -->
<!-- end -->
"""


@pytest.mark.parametrize(("key", "old"), [("one", "old\n"), ("two", "")])
def test_a_section_is_replaced_and_nothing_else(key, old):
    begin = f"<!-- begin: performance.py {key} -->\n"
    replaced = report.replace_section(PAGE, key, r"new \1")
    assert replaced == PAGE.replace(begin + old, begin + "new \\1\n")


def test_a_page_without_the_marks_is_refused():
    message = (
        "The page needs a line '<!-- begin: performance.py three -->' and, after it, a line "
        "'<!-- end -->'."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        report.replace_section(PAGE, "three", "new")
