import html
import io
import re
import subprocess
from base64 import b64decode

import imageio_ffmpeg
import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.scratch import Perceptron
from nncourse.visualizations import animate_learning_line, show_video, use_style
from nncourse.visualizations._animation import thinned
from nncourse.visualizations.learning_line import _example_behind

rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (40, 2))
T = np.where(X[:, 0] + 0.5 * X[:, 1] > 0.1, 1, -1)
HISTORY = Perceptron(seed=0).fit(X, T).history_


def decoded(data: bytes, path) -> tuple[str, list[np.ndarray]]:
    """What ffmpeg says of a movie, and its frames."""
    path.write_bytes(data)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24"]
    done = subprocess.run([*command, "-"], capture_output=True, check=True)
    said = done.stderr.decode()
    width, height = map(int, re.search(r"Video: h264.* (\d{3,})x(\d{3,})", said).groups())
    return said, list(np.frombuffer(done.stdout, np.uint8).reshape(-1, height, width, 3))


def seconds(said: str) -> float:
    hours, minutes, rest = re.search(r"Duration: (\d+):(\d+):([\d.]+)", said).groups()
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


def turning(rows: int) -> np.ndarray:
    angle = np.linspace(0, 2, rows)
    return np.column_stack([0.1 * np.sin(7 * angle), np.cos(angle), np.sin(angle)])


@pytest.fixture(scope="module")
def long_movie():
    animation = animate_learning_line(turning(500), X, T, seconds=6)
    return show_video(animation, alt='A line "turns" & settles.')


def test_a_long_history_is_a_movie_of_sixty_frames_that_weighs_little(long_movie, tmp_path):
    said, frames = decoded(long_movie.data, tmp_path / "movie.mp4")
    assert len(frames) == 60
    assert re.search(r"Video: h264 .*yuv420p\W", said)
    assert frames[0].shape[0] % 2 == frames[0].shape[1] % 2 == 0
    assert seconds(said) == pytest.approx(6, rel=0.02)
    assert len({frame.tobytes() for frame in frames}) == 60  # it moves
    assert len(long_movie._repr_html_()) < 300_000


def test_the_page_needs_nothing_but_the_html(long_movie):
    text = long_movie._repr_html_()
    assert text.startswith("<video controls loop muted playsinline")
    assert "max-width: 100%" in text
    assert not re.search(r"""(src|href|poster)="(?!data:)""", text)
    alt = html.escape('A line "turns" & settles.')
    assert f'aria-label="{alt}"' in text
    assert f'title="{alt}"' in text
    poster = re.search(r'poster="data:image/png;base64,([^"]+)"', text)[1]
    assert b64decode(poster).startswith(b"\x89PNG")
    movie = re.search(r'src="data:video/mp4;base64,([^"]+)"', text)[1]
    assert b64decode(movie) == long_movie.data


def test_a_short_history_has_a_frame_for_every_row_and_the_same_bytes_twice(tmp_path):
    use_style()
    movies = [
        show_video(animate_learning_line(HISTORY, X, T, seconds=2), alt="A line") for _ in range(2)
    ]
    assert movies[0].data == movies[1].data
    assert movies[0]._repr_html_() == movies[1]._repr_html_()
    said, frames = decoded(movies[0].data, tmp_path / "movie.mp4")
    assert len(frames) == len(HISTORY) > 2
    assert seconds(said) == pytest.approx(2, rel=0.05)
    assert plt.get_fignums() == []
    # The poster is the last frame; the movie's colors are a little off, as in any H.264.
    poster = plt.imread(io.BytesIO(movies[0]._poster))[..., :3]
    height, width = frames[-1].shape[:2]
    off = np.abs(poster[:height, :width] - frames[-1] / 255).mean()
    assert off < 0.02
    assert np.abs(poster[:height, :width] - frames[0] / 255).mean() > 1.3 * off


def drawn_at(animation, update):
    """Draws one frame and returns its axes."""
    animation._draw_was_started = True  # or it warns when it is deleted that it was never drawn
    animation._draw_frame(update)
    return animation._fig.axes[0]


def test_each_frame_shows_its_line_its_example_and_its_mistakes():
    animation = animate_learning_line(HISTORY, X, T)
    rows = np.column_stack([np.ones(len(X)), X])
    assert len(HISTORY) > 3
    seen = 0
    for update in [*range(1, len(HISTORY)), 2, len(HISTORY) - 1]:
        axes = drawn_at(animation, update)
        w = HISTORY[update]
        solid = [line.get_xydata() for line in axes.lines if line.get_linestyle() == "-"]
        for line in solid:
            np.testing.assert_allclose(w[0] + line @ w[1:], 0, atol=1e-9)
        outside = [text for text in axes.texts if "outside" in text.get_text()]
        assert len(solid) + len(outside) == 1
        seen += len(solid)
        (ring,) = (c for c in axes.collections if c.get_sizes()[0] > 200)
        ((cause,),) = (np.flatnonzero((point == X).all(axis=1)) for point in ring.get_offsets())
        # The oracle: the perceptron's own rule, and that the example was wrong before it.
        np.testing.assert_allclose(
            HISTORY[update] - HISTORY[update - 1], 2 * T[cause] * rows[cause], atol=1e-12
        )
        assert T[cause] * (rows[cause] @ HISTORY[update - 1]) <= 0
        wrong = sum(t * (row @ w) <= 0 for row, t in zip(rows, T, strict=True))
        assert axes.get_title() == f"update {update} of {len(HISTORY) - 1}: {wrong} of 40 wrong"
    assert wrong == 0
    assert seen >= 3


def test_the_start_has_no_line_and_no_example():
    animation = animate_learning_line(HISTORY, X, T)
    axes = drawn_at(animation, 0)
    assert not HISTORY[0].any()
    assert not axes.lines
    assert "40 of 40 wrong" in axes.get_title()
    assert all(len(c.get_offsets()) == 0 for c in axes.collections if c.get_sizes()[0] > 200)


def test_a_thinned_history_says_so():
    animation = animate_learning_line(turning(100), X, T)
    assert drawn_at(animation, 99).get_title().startswith("update 99 of 99 (60 shown): ")


@pytest.mark.parametrize("rows", [1, 2, 59, 60, 61, 500])
def test_thinning_keeps_the_first_and_the_last(rows):
    shown = thinned(rows)
    assert shown[0] == 0
    assert shown[-1] == rows - 1
    assert len(shown) == len(set(shown)) == min(rows, 60)
    assert np.diff([-1, *shown]).max() - np.diff([*shown, rows]).min() <= np.ceil(rows / 59)


def test_another_rule_has_no_example_to_show():
    history = np.array([[0, 0, 0], [0.3, 5, 5], [0.3, 6, 5]])
    assert _example_behind(history, 1, X, T) is None
    assert _example_behind(history, 2, X, T) is None


def test_draws_into_axes_that_are_given_and_closes_their_figure():
    figure, axes = plt.subplots()
    animation = animate_learning_line(HISTORY[:3], X, T, ax=axes)
    assert axes.has_data()
    assert plt.get_fignums() == [figure.number]
    show_video(animation, alt="A line")
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"history": np.zeros((4, 2))}, r"`history` must hold a row.*Received: .*\(4, 2\)"),
        ({"history": np.zeros((0, 3))}, r"`history` must hold a row.*\(0, 3\)"),
        ({"history": np.full((2, 3), np.nan)}, "`history` must hold finite numbers"),
        ({"x": X[:, :1]}, "`x` must be a matrix of points"),
        ({"t": T[:-1]}, "`t` must hold one target for each of the 40 points"),
        ({"t": (T + 1) // 2}, r"`t` must hold targets -1 and \+1. Received: .*\[0 1\]"),
        ({"seconds": 0}, "`seconds` must be a positive number. Received: seconds=0"),
    ],
)
def test_animation_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        animate_learning_line(**{"history": HISTORY, "x": X, "t": T, **arguments})
    assert plt.get_fignums() == []


def test_video_refuses():
    with pytest.raises(TypeError, match=r"`animation` must be a matplotlib animation. .*Figure"):
        show_video(plt.figure(), alt="A figure")
    for alt in ("", "  ", None):
        with pytest.raises(ValueError, match="`alt` must say in words what the movie shows"):
            show_video(plt.figure(), alt=alt)
