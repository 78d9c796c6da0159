import itertools
import subprocess
import sys

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from nbclient import NotebookClient

from nncourse import visualizations as vis
from nncourse.visualizations.style import CARD, INK, MUTED


def linear(color) -> np.ndarray:
    """sRGB to linear light, as in WCAG 2.1 and IEC 61966-2-1."""
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a, b) -> float:
    dark, light = sorted(linear(color) @ [0.2126, 0.7152, 0.0722] for color in (a, b))
    return (light + 0.05) / (dark + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(np.array(to_xyz) @ light / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


# Machado, Oliveira and Fernandes (2009), severity 1.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.mark.parametrize("color", [*vis.COLORS, MUTED])
def test_colors_stand_out_from_the_card(color):
    assert contrast(color, CARD) >= 3


def test_text_can_be_read():
    assert contrast(INK, CARD) >= 7


@pytest.mark.parametrize("sight", SIGHT)
def test_colors_differ_for_every_reader(sight):
    seen = [lab(np.clip(SIGHT[sight] @ linear(color), 0, 1)) for color in vis.COLORS]
    distances = [np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)]
    assert min(distances) > 12  # 2 is just noticeable side by side


def test_markers_and_line_styles_differ():
    assert len(set(vis.MARKERS)) == len(vis.MARKERS) >= 10  # a class each for ten digits
    assert len(set(vis.LINESTYLES)) == len(vis.LINESTYLES) == len(vis.COLORS)


def test_use_style_sets_the_card_and_varies_lines_by_more_than_color():
    vis.use_style()
    assert plt.rcParams["figure.facecolor"] == plt.rcParams["axes.facecolor"] == CARD
    figure, axes = plt.subplots()
    lines = [axes.plot([0, 1])[0] for _ in vis.COLORS]
    assert [line.get_color() for line in lines] == list(vis.COLORS)
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in lines}) == 5
    assert figure.get_facecolor()[3] == 1  # opaque: a dark page does not shine through


def test_importing_does_not_import_matplotlib():
    code = (
        "import sys, nncourse.visualizations as v; v.COLORS; v.show_source; "
        "print([m for m in ('matplotlib', 'keras', 'sklearn', 'imageio_ffmpeg', 'IPython') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def run_notebook(*cells: str) -> list:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    NotebookClient(notebook, timeout=120).execute()
    return [cell.outputs for cell in notebook.cells]


def test_in_a_notebook_figures_are_svg_and_shown_once():
    setup = "from nncourse import visualizations as vis\nvis.use_style()"
    line = "vis.plot_line([0.1, 1, 1]);"
    movie = (
        "a = vis.animate_learning_line([[0, 1, 1], [1, 1, 2]], [[0, 1], [-1, 0]], [1, -1])\n"
        "vis.show_video(a, alt='A line turns.')"
    )
    source = "vis.show_source(vis.plot_line)"
    quiet, first, second, video, code = run_notebook(setup, line, line, movie, source)
    assert quiet == []
    assert len(first) == len(second) == len(video) == len(code) == 1
    picture = first[0]["data"]["image/svg+xml"]
    assert "image/png" not in first[0]["data"]
    assert picture == second[0]["data"]["image/svg+xml"]
    assert "dc:date" not in picture
    assert video[0]["data"]["text/html"].startswith("<video")
    assert video[0]["data"]["text/plain"] == "<Video: A line turns.>"
    assert code[0]["data"]["text/markdown"].startswith("```python\ndef plot_line(")


def test_use_style_outside_a_notebook_changes_matplotlib_only():
    backend = matplotlib.get_backend()
    vis.use_style()
    assert matplotlib.get_backend() == backend
