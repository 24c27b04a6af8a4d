"""Figures are drawn without a screen, Ctrl-C works, old libraries may warn of each other."""

import signal

import matplotlib
import pytest

matplotlib.use("agg")
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in a job in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption(
        "--old-libraries",
        action="store_true",
        help="a deprecation is no error: for the lowest versions beside others of today",
    )


def pytest_collection_modifyitems(session, config):
    if config.getoption("--old-libraries"):
        session.add_marker(pytest.mark.filterwarnings("default::DeprecationWarning"))


@pytest.fixture
def nothing_left_open():
    """No figure is open before a test, nor after it."""
    from matplotlib import pyplot as plt

    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def run():
    """A run on the maze with two snapshots, to draw."""
    import drawing

    return drawing.run_of_maze()


@pytest.fixture(scope="session")
def found():
    """A frontier at two prices, to draw."""
    import drawing

    return drawing.frontier_of(cost="kl")
