"""The planning task of Huys et al. (2015): six states, two actions, a fixed number of moves."""

from __future__ import annotations

import numpy as np

from dra import _check, presets
from dra.tasks.table import Tabular, assemble

ACTIONS = ("left", "right")
TO = np.array([(2, 4), (3, 5), (4, 6), (2, 5), (1, 6), (1, 3)])
"""Where left and right lead from states 1 to 6, numbered as in the figures of the task."""

REWARD = np.array([(140, 20), (-20, -70), (-20, -70), (20, -20), (-70, -20), (-20, 20)], float)
"""What those moves earn."""

MOST_MOVES = 10


def huys(depth: int = 3) -> Tabular:
    """Make the planning task of Huys et al. (2015): exactly ``depth`` moves through six states.

    The start is any of the six states, evenly. A memory belongs to (moves left, state, action):
    12 memories a level. With k moves left, state j (1 to 6) is number 6 (k - 1) + j - 1; the last
    number is the terminal state. The memories of the last level (one move left) are known,
    q the immediate reward and sigma 1, as in Patel et al. (2020). The terminal state's two are
    known too, and never read: 12 (depth - 1) memories are paid for.

    Parameters
    ----------
    depth : int
        Number of moves, 1 to 10. The paper's figure 3 has 3; its supplement 4, 5 and 10.

    Returns
    -------
    Tabular

    Raises
    ------
    ValueError
        If ``depth`` is not one of 1 to 10.

    Examples
    --------
    >>> task = huys(3)
    >>> task
    <huys, 3 moves: 19 states, 2 actions, step limit 3>
    >>> int((~task.known).sum())
    24
    """
    depth = _check.integer("depth", depth, least=1, most=MOST_MOVES)
    level = 6 * np.arange(-1, depth - 1)[:, None, None]  # first state of the level below
    next_state = np.vstack([(level + TO - 1).reshape(-1, 2), np.full((1, 2), 6 * depth)])
    next_state[:6] = 6 * depth
    reward = np.vstack([np.tile(REWARD, (depth, 1)), np.zeros((1, 2))])
    last = {slot: (q, 1.0) for slot, q in enumerate(REWARD.ravel())}
    end = {slot: (0.0, 1.0) for slot in (12 * depth, 12 * depth + 1)}
    return assemble(
        f"huys, {depth} move{'s' if depth > 1 else ''}",
        next_state[:, :, None],
        np.ones((*next_state.shape, 1)),
        reward[:, :, None],
        terminal=np.arange(6 * depth + 1) == 6 * depth,
        start=np.repeat([0.0, 1 / 6, 0.0], [6 * (depth - 1), 6, 1]),
        step_limit=depth,
        known={**last, **end},
        action_names=ACTIONS,
        preset=presets.HUYS,
    )
