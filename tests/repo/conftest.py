"""The settings of a person who has many, none of which may change what is built."""

import json
import os

import pytest

RC = "figure.facecolor: red\nfont.size: 31\nlines.linewidth: 9\n"
LOUD = "import sys; print('from a startup file', file=sys.stderr)\n"
IPYTHON = "c.PlainTextFormatter.float_precision = '%.3f'\n"
GIT = "[core]\n\tquotepath = true\n\tfsmonitor = false\n[log]\n\tshowSignature = true\n"
PIP = "[global]\nindex-url = https://packages.invalid/simple\n[install]\nuser = true\n"
KERNEL = {"argv": ["false", "{connection_file}"], "display_name": "mine", "language": "python"}


@pytest.fixture
def hostile(tmp_path):
    """An environment of which every part would change or break a build."""
    home = tmp_path / "hostile"
    texts = {
        "matplotlibrc": RC,
        ".config/matplotlib/matplotlibrc": RC,
        ".ipython/profile_default/startup/00-loud.py": LOUD,
        ".ipython/profile_default/ipython_config.py": IPYTHON,
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps(KERNEL),
        ".gitconfig": GIT,
        "pip.conf": PIP,
        "startup.py": LOUD,
        "path/sitecustomize.py": LOUD,
        "path/dra/__init__.py": "raise ImportError('another dra')\n",
    }
    for name, text in texts.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "MATPLOTLIBRC": str(home / "matplotlibrc"),
        "MPLBACKEND": "svg",
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_PATH": str(home / ".local/share/jupyter"),
        "PYTHONPATH": str(home / "path"),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "PYTHONHASHSEED": "7",
        "PYTHONWARNINGS": "error",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C",
        "LANGUAGE": "tr_TR",
        "TZ": "Asia/Tokyo",
        "SOURCE_DATE_EPOCH": "1",
        "PIP_CONFIG_FILE": str(home / "pip.conf"),
        "PIP_TARGET": str(home / "target"),
        "PIP_NO_INDEX": "1",
        "GIT_DIR": str(home / "no.git"),
        "GIT_INDEX_FILE": str(home / "no.index"),
        "NUMBA_DISABLE_JIT": "1",
        "NO_COLOR": "1",
        "FORCE_COLOR": "1",
        "DRA_SEED_OFFSET": "5",
        "PYTEST_ADDOPTS": "--collect-only",
        "PYTEST_PLUGINS": "no_such_plugin",
        "CDPATH": str(home),
    }
