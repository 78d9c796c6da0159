"""What doctests need, which are in the package and so see no fixture of `tests`."""

import sys

import pytest


@pytest.fixture(autouse=True)
def figures_are_closed():
    """Matplotlib warns, and so fails the test, where more than 20 figures are open."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
