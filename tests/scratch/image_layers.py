"""What the tests of the layers on images share: geometries drawn by hypothesis."""

from typing import NamedTuple

from hypothesis import strategies as st


class Geometry(NamedTuple):
    """Sizes of a batch and of what slides over it; each pair is (vertical, horizontal)."""

    samples: int
    size: tuple[int, int]
    channels: int
    window: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    seed: int

    @property
    def shape(self):
        return self.samples, *self.size, self.channels

    @property
    def border(self):
        """What `np.pad` wants."""
        return (0, 0), *((p, p) for p in self.padding), (0, 0)


@st.composite
def geometries(draw, largest=7):
    """Windows that fit, with padding that is less than they are."""

    def axis():
        window = draw(st.integers(1, 4))
        padding = draw(st.integers(0, window - 1))
        size = draw(st.integers(max(1, window - 2 * padding), largest))
        return size, window, draw(st.integers(1, 3)), padding

    sizes, windows, strides, paddings = zip(axis(), axis(), strict=True)
    samples, channels, seed = (
        draw(st.integers(low, high)) for low, high in [(1, 3)] * 2 + [(0, 99)]
    )
    return Geometry(samples, sizes, channels, windows, strides, paddings, seed)
