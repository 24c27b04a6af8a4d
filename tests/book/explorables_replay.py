"""Run DRA in ``dra.loops`` and in the explorables' script on the same random numbers; compare."""

import base64

import numpy as np
import pytest

import dra
from dra import loops, presets
from dra._compile import COMPILED, uncompiled
from dra.parameters import Parameters

PARAMETERS = {**presets.GRIDWORLD_CHANGE, "sigma_init": 1.0}

REPLAY = """({ stages, parameters, draws, kinds }) => {
    const bytes = Uint8Array.from(atob(draws), (c) => c.charCodeAt(0));
    const numbers = new Float64Array(bytes.buffer);
    let used = 0;
    const next = (kind) => {
        if (kinds[used] !== kind) throw new Error(`draw ${used} is ${kinds[used]}, not ${kind}`);
        used += 1;
        return numbers[used - 1];
    };
    const stream = { standardNormal: () => next("n"), random: () => next("u") };
    const seen = { actions: [], rewards: [], q: [], sigma: [], problem: "" };
    const note = (target, m) => { seen.actions.push(Number(m) % 4); return target[m]; };
    let memory = null;
    try {
        for (const { layout, trials } of stages) {
            const model = Dra.gridworld({ ...layout, walls: new Set(layout.walls) });
            model.to = new Proxy(model.to, { get: note });
            memory = memory || Dra.initial_memory(model.n_states, parameters.sigma_init);
            const work = Dra.workspace(model, memory);
            for (let i = 0; i < trials; i += 1) {
                seen.rewards.push(Dra.trial(work, parameters, stream).reward);
                Dra.ascend(work, parameters);
                seen.q.push(Array.from(memory.q));
                seen.sigma.push(Array.from(memory.sigma));
            }
        }
        if (used !== numbers.length) seen.problem = "draws are left over";
    } catch (error) { seen.problem = error.message; }
    return seen;
}"""


class Recorder:
    """A random stream that writes down what it gives: normals ("n") and uniforms ("u")."""

    def __init__(self, seed):
        self.rng, self.draws, self.kinds = np.random.default_rng(seed), [], []

    def standard_normal(self):
        self.draws.append(self.rng.standard_normal())
        self.kinds.append("n")
        return self.draws[-1]

    def random(self):
        self.draws.append(self.rng.random())
        self.kinds.append("u")
        return self.draws[-1]


def recorded(stages, seed, parameters=PARAMETERS):
    """What ``dra.loops``, uncompiled, does in ``stages`` of (task, trials), trial by trial."""
    p, rng = Parameters.resolve({}, parameters), Recorder(seed)
    memory = dra.Memory.initial(stages[0][0], sigma=p.sigma_init, sigma_base=p.sigma_base)
    seen = {"actions": [], "rewards": [], "q": [], "sigma": []}
    code, returns = uncompiled(loops) if COMPILED else loops, []
    with pytest.MonkeyPatch.context() as patch:
        pick, add_scores = code.pick, code.add_scores
        patch.setattr(code, "pick", lambda *x: noted(pick(*x), seen["actions"]))
        patch.setattr(code, "add_scores", lambda *x: noted(add_scores(*x), returns))
        for task, trials in stages:
            gradient = np.zeros(memory.q.size)
            table = memory.table(task)
            given = loops.Given(
                np.array([1]),
                np.array([p.beta]),
                np.zeros(gradient.size),
                np.array([False]),
                np.empty(0),
            )
            learn, estimate = (
                (p.gamma_q, p.learning_rate_q), (p.credit.code, p.gamma, p.n_trajectories)
            )  # fmt: skip
            climb = p.learning_rate_sigma, p.cost_weight, *p.sigma_bounds, 0.0
            work = code.trials(
                task._world, table, gradient, given, learn, estimate, climb,
                task.step_limit, rng, None,
            )  # fmt: skip
            for _ in range(trials):
                given.slope[:] = p.cost.grad(memory.sigma.reshape(-1), p.sigma_base)
                next(work)
                seen["rewards"].append(np.mean([r for _, r, _ in returns[-p.n_trajectories :]]))
                seen["q"].append(memory.q.reshape(-1).copy())
                seen["sigma"].append(memory.sigma.reshape(-1).copy())
    return seen, rng


def noted(value, notes):
    notes.append(value)
    return value


def as_layout(layout):
    """A layout of ``dra`` as the scripts write it."""
    cells = {"start": layout.state(layout.start), "goal": layout.state(layout.goal)}
    walls = sorted(layout.state(cell) for cell in layout.walls)
    return {"rows": layout.rows, "columns": layout.columns, "walls": walls, **cells}


def replayed(page, stages, rng, **changed):
    """What the script does with the same random numbers."""
    arguments = {
        "stages": [{"layout": as_layout(task.layout), "trials": n} for task, n in stages],
        "parameters": {**PARAMETERS, **changed},
        "draws": base64.b64encode(np.array(rng.draws).tobytes()).decode(),
        "kinds": "".join(rng.kinds),
    }
    return page.evaluate(REPLAY, arguments)


def differences(python, script):
    """How two runs differ, in words."""
    found = [script["problem"]] if script["problem"] else []
    if python["actions"] != script["actions"]:
        found.append("actions")
    for name in ("rewards", "q", "sigma"):
        ours, theirs = np.array(python[name]), np.array(script[name])
        if ours.shape != theirs.shape or not np.allclose(ours, theirs, rtol=0, atol=1e-9):
            found.append(name)
    return found
