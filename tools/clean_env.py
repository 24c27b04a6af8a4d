"""Run a command without the settings of whoever runs it.

    python -I tools/clean_env.py [NAME=VALUE ...] COMMAND [ARGUMENT ...]
    python -I tools/clean_env.py --install PYTHON -m pip install ...    (or -m build)

Of the environment only what says where things are on this machine is kept, and the home folder is
one of the repository's own. So no one's matplotlibrc, IPython profile, Jupyter, git or pip
settings, locale, umask or PYTEST_ADDOPTS changes what is built, or whether a check passes.
With --install, of pip's settings those are kept that say where packages come from.
"""

import ast
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "_build" / "home"
UMASK = 0o022  # others may read what is built
KEPT = {
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "TERM",
    "USER", "LOGNAME", "DRA_CHROMIUM", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
}  # fmt: skip
OF_WINDOWS = {"SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PROCESSOR_ARCHITECTURE"}
OF_PYTEST = ("PYTEST_XDIST_", "PYTEST_CURRENT_TEST", "PYTEST_VERSION", "COV_CORE_")
SET = {
    "DRA_ENVIRONMENT": "clean",
    "HOME": str(HOME),
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "CI": "true",  # no progress bars
    "OPENBLAS_NUM_THREADS": "1",  # our matrices have 54 rows: a second thread only waits
    "GIT_CONFIG_NOSYSTEM": "1",
    "PYTHONPATH": str(ROOT),  # this dra, and no other that is installed
    "PYTHONUTF8": "1",
    "PYTHONNOUSERSITE": "1",
}
if os.name == "nt":
    KEPT |= OF_WINDOWS
    SET |= dict.fromkeys(("USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(HOME))
OF_PIP = {
    "index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy", "cert",
    "client-cert", "timeout", "default-timeout", "retries",
}  # fmt: skip


def environment(given=os.environ, **more):
    """The environment for a command: what is kept of ``given``, what is set here, and ``more``."""
    with contextlib.suppress(OSError):
        HOME.mkdir(parents=True, exist_ok=True)
    return {name: given[name] for name in sorted(KEPT & set(given))} | SET | more


def adopt():
    """Clean the environment of this process, a run of pytest, and so of all that it starts."""
    own = {k: v for k, v in os.environ.items() if k.startswith(OF_PYTEST)}
    cleaned = environment(**own)
    os.environ.clear()
    os.environ.update(cleaned)
    os.umask(UMASK)
    if hasattr(time, "tzset"):
        time.tzset()


def restart(*names):
    """Start this program again in a clean environment, unless it is; ``names`` are kept too."""
    if os.environ.get("DRA_ENVIRONMENT") == "clean":
        return
    own = {name: os.environ[name] for name in names if name in os.environ}
    run([sys.executable, *sys.argv], environment(**own))


def run(command, env):
    """Become ``command``, in the environment ``env``."""
    os.umask(UMASK)
    try:
        if os.name == "nt":  # there exec does not wait
            sys.exit(subprocess.run(command, env=env).returncode)
        os.execvpe(command[0], command, env)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


def where_packages_come_from(pip):
    """Those settings of pip, as its environment variables; ``pip`` is the command."""
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True).stdout
    found = {}
    for section in ("global", "install", ":env:"):  # a later one counts
        for line in listed.splitlines():
            name, _, value = line.partition("=")
            key = name.removeprefix(f"{section}.")
            if key != name and key in OF_PIP:
                found[f"PIP_{key.upper().replace('-', '_')}"] = ast.literal_eval(value)
    cache = subprocess.run([*pip, "cache", "dir"], capture_output=True, text=True).stdout.strip()
    own = {"PIP_CONFIG_FILE": os.devnull, "PIP_CACHE_DIR": cache, "PIP_NO_INPUT": "1"}
    return found | {name: value for name, value in own.items() if value}


def git(*words, root=ROOT):
    """What git says of a repository, in bytes; None where it is missing, or refuses."""
    command = ["git", "-c", "safe.directory=*", "-C", str(root), *words]
    env = environment(GIT_CEILING_DIRECTORIES=str(Path(root).resolve().parent))
    try:
        return subprocess.run(command, env=env, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def main(words):
    install = words[:1] == ["--install"]
    words = words[install:]
    own = {}
    while words and "=" in words[0]:
        name, _, own[name] = words.pop(0).partition("=")
    if not words:
        sys.exit(__doc__)
    if install:
        own |= where_packages_come_from([words[0], "-m", "pip"])
    run(words, environment(**own))


if __name__ == "__main__":
    main(sys.argv[1:])
