"""What two plain lines would cost: the loops with the obvious code in place of what is there."""

import inspect

import numpy as np

import dra
from benches.timing import QUIET, paired, ratio
from dra import _compile, loops

PLAIN = {  # function: what stands there, and the obvious code
    "begin": ("for _ in range(min(high, 1)):", "if high > 0:"),
    "recall": (" 0.0 if below < -746.0 else", ""),
}


def loops_with(*plain):
    """Return the compiled loops, with the obvious code in the functions of these names."""
    functions = {}
    for name in plain:
        now, obvious = PLAIN[name]
        source, space = inspect.getsource(getattr(loops, name)), dict(vars(loops))
        if source.count(now) != 1:
            raise ValueError(f"{now!r} stands {source.count(now)} times in {name}; it must once")
        exec(source.replace(now, obvious), space)
        functions[name] = space[name]

    def decorate(function):
        return _compile.jit(function, **getattr(function, "options", {}))

    return _compile.copied(loops, functions, decorate)


def price_of_plain_code(turns, scale):
    """Time of the gradient of trained agents, with the obvious code over that of the package.

    A plain ``if`` around a draw makes Numba count who holds each array, in every trajectory. And
    the C library takes long over an exponential that is too small for a number.
    """
    codes = {
        "as it is": loops_with(),
        "a plain if around the start": loops_with("begin"),
        "exponentials that are zero": loops_with("recall"),
    }
    tasks = {"maze": dra.tasks.gridworld(), "planning, 3 moves": dra.tasks.huys(3)}
    return {
        name: _ratios(task, codes, turns, max(int(n * scale), 2))
        for (name, task), n in zip(tasks.items(), (1000, 20_000), strict=True)
    }


def _ratios(task, codes, turns, n):
    """Return the time of ``n`` trajectories by each of the codes over that by the first."""
    run = dra.train(task, 1000, rng=0, progress=False, **QUIET)
    p, gradient = run.parameters, np.zeros(run.memory.sigma.size)

    def draws(code):
        walk = task._world, run.memory.table(task), p.beta_at(0), p.credit.code, p.gamma
        code.fill_gradient(*walk, task.step_limit, n, gradient, np.random.default_rng(1))
        return gradient.copy()

    made = [draws(code) for code in codes.values()]
    assert all(np.array_equal(one, made[0]) for one in made)  # the same, to the bit
    times = paired(*(lambda code=code: draws(code) for code in codes.values()), turns=turns)
    return {name: ratio(times, i, 0)["ratio"] for i, name in enumerate(codes) if i > 0}
