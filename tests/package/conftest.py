"""Figures are drawn without a screen, and old libraries may warn of each other."""

import matplotlib
import pytest

matplotlib.use("agg")


def pytest_addoption(parser):
    parser.addoption(
        "--old-libraries",
        action="store_true",
        help="a deprecation is no error: for the lowest versions beside others of today",
    )


def pytest_collection_modifyitems(session, config):
    if config.getoption("--old-libraries"):
        session.add_marker(pytest.mark.filterwarnings("default::DeprecationWarning"))
