"""An animation as a movie that plays on a static page."""

import html
import tempfile
from base64 import b64encode
from io import BytesIO
from pathlib import Path

# 96 CSS pixels are an inch; half as many again keep the movie sharp on a phone's dense screen.
_DPI = 144


class Video:
    """A movie that a notebook shows as HTML; `data` holds the bytes of the MP4 file."""

    def __init__(self, data: bytes, poster: bytes, width: int, alt: str):
        self.data = data
        self._poster = poster
        self._width = width
        self._alt = alt

    def __repr__(self) -> str:
        return f"<Video: {self._alt}>"

    def _repr_html_(self) -> str:
        alt = html.escape(self._alt)
        return (
            f'<video controls loop muted playsinline preload="metadata" width="{self._width}" '
            f'style="max-width: 100%; height: auto" aria-label="{alt}" title="{alt}" '
            f'poster="data:image/png;base64,{b64encode(self._poster).decode()}">'
            f'<source type="video/mp4" src="data:video/mp4;base64,{b64encode(self.data).decode()}">'
            f"{alt}</video>"
        )


def show_video(animation, *, alt: str) -> Video:
    """Turns an animation into a movie that needs no kernel and no file: H.264, inline in the page.

    The last frame is the movie's poster, so that a page on paper shows how it ends. The figure is
    closed.

    Args:
        animation: A `matplotlib.animation.Animation`.
        alt: What the movie shows, in words, for those who can't see it.

    Returns:
        A `Video`: the last line of a cell shows it.

    Raises:
        ValueError: If `alt` is empty.
        TypeError: If `animation` is not an animation.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import animate_learning_line, show_video
        >>> history = np.array([[0.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
        >>> animation = animate_learning_line(history, [[0.0, 0.0], [1.0, 1.0]], [-1, 1])
        >>> show_video(animation, alt="A line moves between two points.")
        <Video: A line moves between two points.>
    """
    from imageio_ffmpeg import get_ffmpeg_exe
    from matplotlib import pyplot as plt
    from matplotlib import rc_context
    from matplotlib.animation import Animation, FFMpegWriter

    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"`alt` must say in words what the movie shows. Received: {alt=}")
    if not isinstance(animation, Animation):
        raise TypeError(
            f"`animation` must be a matplotlib animation. Received: {type(animation).__name__}"
        )
    interval = animation.event_source.interval  # milliseconds
    # The psychovisual tuning is for photographs: a drawing of the same quality weighs a third less
    # without it. Eight frames to refer to are what any phone decodes. One thread: the bytes don't
    # depend on the number of cores.
    options = "-crf 26 -preset veryslow -psy-rd 0:0 -bf 0 -refs 8 -threads 1 -movflags +faststart"
    writer = FFMpegWriter(fps=1000 / interval, codec="h264", extra_args=options.split())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "animation.mp4"
        with rc_context({"animation.ffmpeg_path": get_ffmpeg_exe()}):
            animation.save(path, writer=writer, dpi=_DPI)
        data = path.read_bytes()
    figure = writer.fig
    poster = _poster(figure)
    plt.close(figure)
    return Video(data, poster, round(96 * figure.get_figwidth()), alt)


def _poster(figure) -> bytes:
    """The figure as a PNG of 64 colors, a fifth of the size."""
    from PIL import Image

    full, small = BytesIO(), BytesIO()
    figure.savefig(full, format="png", dpi=_DPI, facecolor=figure.get_facecolor())
    # Pillow's default would merge the colors of thin lines with one another.
    few = Image.open(full).convert("RGB").quantize(64, method=Image.Quantize.FASTOCTREE)
    few.save(small, format="png", optimize=True)
    return small.getvalue()
