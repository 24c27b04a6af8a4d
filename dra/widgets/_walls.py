"""A control to build a maze with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets as widgets
import traitlets

from dra.tasks.grid import Cell

WALL = "✕"


class Walls(widgets.VBox):
    """A button for each cell of a grid, pressed where a wall is.

    Attributes
    ----------
    value : tuple of (row, column)
        The walls, in reading order.
    """

    value = traitlets.Tuple()
    description = traitlets.Unicode("walls: press a cell")

    def __init__(
        self, rows: int, columns: int, walls: Sequence[Cell], fixed: Mapping[Cell, str]
    ) -> None:
        """Make the buttons.

        Parameters
        ----------
        rows, columns : int
        walls : sequence of (row, column)
        fixed : dict of (row, column) to str
            Cells that cannot become walls, and the letter on each.
        """
        cells = [(row, column) for row in range(rows) for column in range(columns)]
        self._fixed = dict(fixed)
        self.buttons = {
            cell: widgets.ToggleButton(
                tooltip=f"row {cell[0]}, column {cell[1]}", disabled=cell in fixed,
                layout=widgets.Layout(width="auto", padding="0", margin="1px"),
            )
            for cell in cells
        }  # fmt: skip
        grid = widgets.Layout(grid_template_columns=f"repeat({columns}, 2.2em)")
        super().__init__(
            [
                widgets.Label(self.description),
                widgets.GridBox([*self.buttons.values()], layout=grid),
            ]
        )
        for button in self.buttons.values():
            button.observe(self._pressed, "value")
        self.observe(self._drawn, "value")
        self.value = tuple(sorted(walls))

    def _pressed(self, change: dict) -> None:
        """Take the walls from the buttons."""
        self.value = tuple(cell for cell, button in self.buttons.items() if button.value)

    def _drawn(self, change: dict) -> None:
        """Show the walls on the buttons, all before they are read again."""
        with self.hold_trait_notifications():
            for cell, button in self.buttons.items():
                button.unobserve(self._pressed, "value")
                button.value = cell in self.value
                button.description = self._fixed.get(cell, WALL if button.value else " ")
                button.observe(self._pressed, "value")
