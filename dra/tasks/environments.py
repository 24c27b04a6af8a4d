"""From Gymnasium and back: environments as tasks, and tasks as environments.

Gymnasium is imported when a function of this module is called, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from dra import _check
from dra.tasks import live as lives
from dra.tasks import outcomes, simulator, spaces
from dra.tasks import task as base
from dra.tasks.layout import OWN, plain
from dra.tasks.simulator import Simulated
from dra.tasks.table import STEP_LIMIT, Tabular, assemble
from dra.tasks.task import Task

if TYPE_CHECKING:
    import gymnasium

    from dra.tasks.env import TaskEnv


def from_gymnasium(
    env: str | gymnasium.Env, *, observe: Callable[[Any], int] | None = None,
    n_states: int | None = None, live: bool = False, available: ArrayLike | None = None,
    step_limit: int | None = None, slot: ArrayLike | None = None,
    known: Mapping[int, tuple[float, float]] | None = None, name: str | None = None,
    action_names: Sequence[str] | None = None, preset: Mapping[str, Any] | None = None,
    layout: Any = None,
) -> Tabular | Simulated:  # fmt: skip
    """Make a task of an environment of Gymnasium that has discrete actions.

    An environment that has tables of its moves (``env.unwrapped.P`` and ``initial_state_distrib``,
    as FrozenLake, CliffWalking and Taxi) becomes a tabular task: compiled, and with exact
    values. Outcomes listed twice are put together. A state that episodes reach only by ending is
    terminal; if a move may end where other episodes go on, one more state, the last, is the end.

    Any other environment is moved through as it is. That takes about a hundred times longer than a
    compiled task. Discrete observations, and tuples, arrays and mappings of them, are numbered;
    others have to be made discrete first, by a wrapper of Gymnasium
    (``gymnasium.wrappers.DiscretizeObservation``) or by ``observe``. Each episode resets the
    environment with a seed drawn from ``rng``. An episode that the environment truncates counts
    as cut off, not as ended: what its last state is worth is still learned from.

    Parameters
    ----------
    env : str or gymnasium.Env
        The name of a registered environment, or an environment. Wrappers that change what is seen,
        done or earned are respected: with them the environment is moved through as it is.
    observe : callable, optional
        ``observe(observation)`` returns the row of the memory that is read.
    n_states : int, optional
        Number of rows; needed with ``observe``.
    live : bool
        True moves through the environment although it has tables.
    available : (n_states, n_actions) bool array, optional
        Which actions exist in which state. Default: all, or those with an outcome in the tables.
        Without ``env.unwrapped.P`` every row needs one.
    step_limit : int, optional
        Moves after which an episode is cut off. Default: that of the environment, or 10 000.
    slot, known, name, action_names, preset, layout
        As for :func:`dra.tasks.tabular`; ``name`` is by default that of the environment.

    Returns
    -------
    Tabular or Simulated
        An environment that runs live is shared by all that use the task: use it in one thread at
        a time. Processes each get their own. A run on it can be saved and resumed like any other;
        the file holds its name and arguments where it was made by them, else pass the task again.

    Raises
    ------
    ValueError
        If the environment's actions or observations are not discrete, it does not do what its
        tables say, or an argument is not legal.
    ImportError
        If Gymnasium is not installed.

    Examples
    --------
    >>> from_gymnasium("FrozenLake-v1")
    <FrozenLake-v1: 16 states, 4 actions, step limit 100>
    >>> from_gymnasium("Blackjack-v1")
    <Blackjack-v1: 704 states, 2 actions, step limit 10000>
    """
    live = _check.flag("live", live)
    rows = _rows(observe, n_states)
    made, recipe = _opened(env)
    n_actions = _count_actions(made)
    keywords = {
        "name": _name(made) if name is None else _check.text("name", name),
        "step_limit": _limit(made) if step_limit is None else step_limit,
        "action_names": base.names(action_names, n_actions),
        "preset": base.preset_of(preset),
        "layout": layout,
    }
    memories = {"available": available, "slot": slot, "known": known}
    if observe is None and not live and outcomes.are_there(made):
        tables = outcomes.tables(made, available)
        return assemble(**keywords, **tables, slot=slot, known=known)
    if any(x is not None for x in (observe, preset, layout, *memories.values())):
        recipe = {}
    if recipe:
        recipe |= {k: keywords[k] for k in ("name", "step_limit", "action_names")}
    rows = rows or spaces.numbered(made.observation_space)[0]
    _try_out(made, observe, rows)
    task = lives.Live(
        begin=lives.begin,
        observe=lives.observe,
        move=lives.move,
        constants=lives.Connection(made, observe, (_connection, recipe) if recipe else None),
        recipe={"kind": "gymnasium", **recipe} if recipe else {},
        **keywords,
        **base.memories(rows, n_actions, **memories),
    )
    simulator.try_out(task)
    return task


def to_gymnasium(task: Task) -> TaskEnv:
    """Make an environment of Gymnasium of a task.

    Observations are rows of the memory, numbered from 0. The step limit truncates. ``info`` has an
    ``action_mask``; an action that does not exist leaves all as it is and earns nothing. A tabular
    task without noisy rewards also has ``P`` and ``initial_state_distrib``.

    Parameters
    ----------
    task : Task

    Returns
    -------
    gymnasium.Env
        ``env.task`` is the task. Given the same random numbers, the moves are those of
        :func:`dra.rollout`.

    Raises
    ------
    ValueError
        If ``task`` is no task.
    ImportError
        If Gymnasium is not installed.

    Examples
    --------
    >>> import dra
    >>> env = to_gymnasium(dra.tasks.gridworld())
    >>> row, info = env.reset(seed=0)
    >>> env.step(1)[:4]  # down
    (27, -1.0, False, False)
    """
    _check.instance("task", task, Task, "a task, see dra.tasks")
    _required()
    from dra.tasks.env import TaskEnv

    return TaskEnv(task)


def remade(
    id: str, kwargs: Mapping[str, Any], max_episode_steps: int | None, **given: Any
) -> Simulated:  # fmt: skip
    """Return the live task of a registered environment, from what a file keeps of it.

    Raises
    ------
    ValueError
        If there is no such environment. A name with a colon, which would import a module of any
        name, is refused.
    """
    gymnasium = _required()
    if ":" in str(id) or str(id) not in gymnasium.registry:
        raise ValueError(
            f"the environment {_check.shown(id)} is not registered with gymnasium here"
        )
    options = {**kwargs, "max_episode_steps": max_episode_steps}
    env = gymnasium.make(str(id), disable_env_checker=True, **options)
    made = from_gymnasium(env, live=True, **given)
    assert isinstance(made, Simulated)
    return made


def _connection(**recipe):
    """Return the connection of a live task, made again in another process."""
    return remade(**recipe).constants


def _rows(observe, n_states):
    """Return the number of rows that ``observe`` tells apart; None without one."""
    if observe is None:
        if n_states is not None:
            shown = _check.shown(n_states)
            raise ValueError(f"n_states is {shown}; without observe it must be left out")
        return None
    _check.function("observe", observe)
    return _check.integer("n_states", n_states, least=1)


def _try_out(env, observe, n_states):
    """Raise ``ValueError`` unless ``observe`` finds a row for the first observation."""
    if observe is not None:
        observation, _ = env.reset(seed=0)
        try:
            row = observe(observation)
        except Exception as error:
            raise ValueError(f"observe(observation) raises {_check.shown(error)}") from error
        _check.integer("observe(observation)", row, most=n_states - 1)


def _opened(env):
    """Return (environment, how to make it again or {})."""
    gymnasium = _required()
    if isinstance(env, str):
        try:
            env = gymnasium.make(env, disable_env_checker=True)
        except (gymnasium.error.Error, ImportError, ValueError) as error:
            raise ValueError(
                f"env is {_check.shown(env)}; it must be the name of an environment that "
                f"gymnasium.make knows: {error}"
            ) from error
    legal = "an environment of gymnasium, or the name of one"
    env = _check.instance("env", env, gymnasium.Env, legal)
    spec = env.spec
    kwargs = None if spec is None else plain(spec.kwargs)
    if (
        spec is None
        or spec.additional_wrappers
        or kwargs == OWN
        or spec.id not in gymnasium.registry
    ):
        return env, {}
    return env, {"id": spec.id, "kwargs": kwargs, "max_episode_steps": spec.max_episode_steps}


def _count_actions(env):
    """Return the number of actions, or raise unless they are discrete."""
    from gymnasium import spaces as kinds

    if not isinstance(env.action_space, kinds.Discrete):
        raise ValueError(
            f"env has the action space {_check.shown(env.action_space)}; it must be Discrete. "
            "gymnasium.wrappers.DiscretizeAction(env, bins) makes a bounded Box so"
        )
    return int(env.action_space.n)


def _name(env):
    """Return the name under which an environment is registered, or that of its class."""
    own = getattr(env.unwrapped, "task", None)
    if isinstance(own, Task):
        return own.name
    return type(env.unwrapped).__name__ if env.spec is None else env.spec.id


def _limit(env):
    """Return the environment's own step limit, or the usual one."""
    own = getattr(env.unwrapped, "task", None)
    if isinstance(own, Task):
        return own.step_limit
    limit = None if env.spec is None else env.spec.max_episode_steps
    return STEP_LIMIT if limit is None else limit


def _required():
    """Return the module gymnasium, or raise."""
    try:
        import gymnasium
    except ImportError as error:
        raise ImportError(
            "gymnasium is not installed; pip install 'dra[research]' has it"
        ) from error
    return gymnasium
