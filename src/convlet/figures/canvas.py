"""The one look of every picture: its colours, and a sheet to draw grids of numbers on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convlet.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

INK = "#22303c"  # text and outlines
MUTED = "#7b8794"  # what stands back
LINE = "#cbd2d9"  # the lines of a grid
PAPER = "#ffffff"
BLUE = "#2166ac"
ORANGE = "#d9730d"
TEAL = "#0f8b8d"
PLUM = "#8e4585"

ACTIVATION_COLOURS = ("#f7fafc", "#c6dbef", "#6baed6", "#2166ac", "#0b2545")
SIGNED_COLOURS = (ORANGE, "#f6d2a9", "#ffffff", "#a6c8e4", BLUE)


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of that many inches, which belongs to no window.

    Raises:
        MissingExtraError: Where matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError(
            "convlet.figures needs matplotlib, which is not installed. "
            "Install it with: pip install 'convlet[figures]'"
        ) from None
    return Figure(figsize=(width, height), facecolor=PAPER, dpi=120)


def colour_map(colours: tuple[str, ...]) -> Colormap:
    """A continuous colour map through `colours`, from low to high."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("convlet", colours)


class Sheet:
    """A figure measured in grid cells, from the top left corner, so that all cells have one size.

    Args:
        width: Width in cells.
        height: Height in cells.
        cell: Inches of one cell.
    """

    def __init__(self, width: float, height: float, cell: float = 0.42) -> None:
        self.width = width
        self.figure = new_figure(width * cell, height * cell)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0.0, width)
        self.axes.set_ylim(height, 0.0)
        self.axes.set_axis_off()

    def grid(
        self,
        left: float,
        top: float,
        values: NDArray[np.float32],
        fills: dict[tuple[int, int], str] | None = None,
        faint: NDArray[np.bool_] | None = None,
    ) -> None:
        """Draws a matrix of numbers as cells.

        Args:
            left: Column at which the grid begins.
            top: Row at which the grid begins.
            values: The numbers, (rows, columns).
            fills: Background colours of some cells, by (row, column).
            faint: Cells whose numbers stand back.
        """
        from matplotlib.patches import Rectangle

        for (row, column), value in np.ndenumerate(values):
            fill = (fills or {}).get((row, column), PAPER)
            corner = (left + column, top + row)
            self.axes.add_patch(Rectangle(corner, 1, 1, facecolor=fill, edgecolor=LINE))
            stands_back = faint is not None and bool(faint[row, column])
            self.text(
                corner[0] + 0.5,
                corner[1] + 0.5,
                f"{value:g}".replace("-", "−"),
                colour=MUTED if stands_back else INK,
            )

    def outline(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Draws the border of a window."""
        from matplotlib.patches import Rectangle

        self.axes.add_patch(
            Rectangle(
                (left, top),
                width,
                height,
                fill=False,
                edgecolor=colour,
                linewidth=2.4,
                joinstyle="miter",
                zorder=3,
            )
        )

    def text(self, x: float, y: float, words: str, colour: str = INK, size: float = 10.5) -> None:
        """Writes words around the point (x, y)."""
        self.axes.text(x, y, words, color=colour, fontsize=size, ha="center", va="center_baseline")

    def caption(self, left: float, top: float, words: str) -> None:
        """Writes a small heading that begins at column `left` and stands on row `top`."""
        self.axes.text(left, top, words, color=MUTED, fontsize=9.5, ha="left", va="baseline")

    def arrow(self, left: float, right: float, y: float) -> None:
        """Draws an arrow from column `left` to column `right`."""
        self.axes.annotate(
            "",
            xy=(right, y),
            xytext=(left, y),
            arrowprops={"arrowstyle": "-|>", "color": MUTED, "linewidth": 1.4},
        )


def mix(colour: str, share: float) -> str:
    """`colour` thinned with white: `share` 1 is the colour itself, 0 is white."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (share * part + 1.0 - share for part in to_rgb(colour))
    return to_hex((red, green, blue))
