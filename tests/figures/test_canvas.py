import re
import sys

import pytest

from convlet.errors import MissingExtraError
from convlet.figures.canvas import BLUE, colour_map, mix, new_figure


def test_a_figure_has_the_size_asked_for():
    assert new_figure(3, 2).get_size_inches().tolist() == [3, 2]


def test_without_matplotlib_the_install_line_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    expected = (
        "convlet.figures needs matplotlib, which is not installed. "
        "Install it with: pip install 'convlet[figures]'"
    )
    with pytest.raises(MissingExtraError, match=re.escape(expected)):
        new_figure(3, 2)


def test_mixing_goes_from_white_to_the_colour():
    assert (mix(BLUE, 0), mix(BLUE, 1)) == ("#ffffff", BLUE)


def test_a_colour_map_begins_and_ends_with_its_colours():
    colours = colour_map(("#000000", "#ff0000"))
    assert colours(0.0)[:3] == (0, 0, 0)
    assert colours(1.0)[:3] == (1, 0, 0)
