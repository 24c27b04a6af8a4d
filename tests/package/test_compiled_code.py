"""What Numba makes of the inner loops."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import dra
from dra import loops
from dra._compile import COMPILED


@pytest.mark.slow
@pytest.mark.skipif(not COMPILED, reason="needs Numba")
@pytest.mark.parametrize("twin", [False, True])
def test_compiled_loops_count_no_references(tmp_path, twin, request):
    """Numba gives up leaving them out once a draw stands after a plain `if`: see dra.loops.

    That costs more than a move, in every episode. The twin has such an `if`.
    """
    if request.config.getoption("--old-libraries", default=False):
        pytest.skip("Numba 0.60 counts them in the gradient all the same")
    source = Path(loops.__file__).read_text()
    draw = "    for _ in range(min(high, 1)):\n        u = rng.random()\n"
    assert draw in source
    if twin:
        source = source.replace(draw, "    if high > 0:\n        u = rng.random()\n")
    file = tmp_path / f"loops_{twin}.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    task = dra.tasks.huys(3)
    memory, rng = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0), np.random.default_rng(0)
    n, one = memory.q.size, np.ones(1, np.int64)
    given = loops.Given(one, np.ones(1), np.zeros(n), np.ones(1, bool), np.zeros(1))
    code.trials(
        task._world, memory.table(task), np.zeros(n), given, (1.0, 0.0), (0, 1.0, 1),
        (0.0, 0.0, 1.0, 1.0, 0.0), 3, rng, rng,
    )  # fmt: skip
    parts = "\n".join(code.trials.inspect_llvm().values()).split("\ndefine ")
    counted = {
        name: [part.count("@NRT_incref(") for part in parts if name in part.split("\n")[0]]
        for name in ("learn_episode", "mean_gradient", "evaluate", "ascend")
    }
    assert [len(counts) for counts in counted.values()] == [1, 1, 1, 1]
    assert (sum(map(sum, counted.values())) > 0) == twin
