import matplotlib
import matplotlib.pyplot as plt
import pytest

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def _own_figures_and_settings():
    """Each test starts with no figure open and leaves neither a figure nor a setting behind."""
    plt.close("all")
    with matplotlib.rc_context():
        yield
    plt.close("all")
