"""The four steps of addressing, and erasing and adding, against NumPy and their laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse._autodiff import gradient
from nncourse.layers import addressing

SLOTS, WIDTH = 7, 4  # JAX compiles anew for each shape, so there are few
LAW = settings(deadline=None, max_examples=40)
SEEDS = st.integers(0, 2**32)


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def weightings(rng, heads=2, concentration=0.3):
    return rng.dirichlet(np.full(SLOTS, concentration), size=(3, heads)).astype("float32")


def is_weighting(w):
    assert w.shape[-1] == SLOTS
    assert (w >= 0).all()
    np.testing.assert_allclose(w.sum(axis=-1), 1, atol=1e-5)


# --- laws ---------------------------------------------------------------------------------------


@LAW
@given(seed=SEEDS, size=st.sampled_from([0.0, 1e-6, 1.0, 1e3]), beta=st.floats(0, 1e4))
def test_content_addressing_gives_a_weighting(seed, size, beta):
    rng = np.random.default_rng(seed)
    memory = (size * rng.normal(size=(3, SLOTS, WIDTH))).astype("float32")
    keys = rng.normal(size=(3, 2, WIDTH)).astype("float32")
    keys[0, 0] = 0
    strengths = np.full((3, 2, 1), beta, "float32")
    is_weighting(numpy(addressing.content_addressing(memory, keys, strengths)))


@LAW
@given(
    seed=SEEDS,
    gate=st.sampled_from([0.0, 0.3, 1.0]),
    gamma=st.floats(1, 1e4, width=32),
    concentration=st.sampled_from([1e-3, 0.3, 100.0]),
)
def test_the_other_steps_keep_a_weighting(seed, gate, gamma, concentration):
    rng = np.random.default_rng(seed)
    w, previous = (weightings(rng, concentration=concentration) for _ in range(2))
    w = numpy(addressing.interpolate(w, previous, np.full((3, 2, 1), gate, "float32")))
    is_weighting(w)
    kernels = rng.dirichlet(np.ones(3), size=(3, 2)).astype("float32")
    w = numpy(addressing.shift(w, kernels))
    is_weighting(w)
    is_weighting(numpy(addressing.sharpen(w, np.full((3, 2, 1), gamma, "float32"))))


@LAW
@given(seed=SEEDS, row=st.integers(0, SLOTS - 1), scale=st.sampled_from([0.01, 1.0, 30.0]))
def test_content_addressing_finds_a_stored_row(seed, row, scale):
    rng = np.random.default_rng(seed)
    memory = np.linalg.qr(rng.normal(size=(SLOTS, SLOTS)))[0].astype("float32")  # unlike rows
    key = scale * memory[row : row + 1] + 0.02 * scale * rng.normal(size=(1, SLOTS))
    strength = np.full((1, 1), 40.0, "float32")
    w = numpy(addressing.content_addressing(memory, key.astype("float32"), strength))
    assert w[0, row] > 0.999


# --- each step against its formula --------------------------------------------------------------


def test_content_addressing_is_a_softmax_of_cosines():
    rng = np.random.default_rng(0)
    memory, keys = rng.normal(size=(3, SLOTS, WIDTH)), rng.normal(size=(3, 2, WIDTH))
    strengths = rng.uniform(0, 5, size=(3, 2, 1))
    w = numpy(addressing.content_addressing(memory, keys, strengths))
    for b in range(3):
        for h in range(2):
            k = keys[b, h]
            cosines = [k @ m / np.linalg.norm(k) / np.linalg.norm(m) for m in memory[b]]
            powers = np.exp(strengths[b, h, 0] * np.array(cosines))
            np.testing.assert_allclose(w[b, h], powers / powers.sum(), atol=1e-5)


def test_without_strength_or_content_no_slot_is_preferred():
    rng = np.random.default_rng(0)
    memory, keys = rng.normal(size=(2, 3, SLOTS, WIDTH))[:, :, :5].astype("float32")
    w = numpy(addressing.content_addressing(memory, keys, np.zeros((3, 5, 1), "float32")))
    np.testing.assert_allclose(w, 1 / 5, atol=1e-6)
    w = addressing.content_addressing(np.zeros_like(memory), keys, np.full((3, 5, 1), 9, "float32"))
    np.testing.assert_allclose(numpy(w), 1 / 5, atol=1e-6)


def test_a_gate_chooses_between_content_and_the_last_weighting():
    rng = np.random.default_rng(0)
    w, previous = weightings(rng), weightings(rng)
    gates = rng.random((3, 2, 1)).astype("float32")
    gates[0], gates[1] = 0, 1
    blend = numpy(addressing.interpolate(w, previous, gates))
    np.testing.assert_array_equal(blend[0], previous[0])
    np.testing.assert_array_equal(blend[1], w[1])
    expected = previous[2] + (w[2] - previous[2]) * gates[2]
    np.testing.assert_allclose(blend[2], expected, atol=1e-6)


@pytest.mark.parametrize("farthest", [1, 3])
def test_a_shift_by_one_place_in_a_kernel_is_a_roll(farthest):
    w = weightings(np.random.default_rng(0))
    for place, kernel in enumerate(np.eye(2 * farthest + 1, dtype="float32")):
        moved = numpy(addressing.shift(w, np.tile(kernel, (3, 2, 1))))
        np.testing.assert_array_equal(moved, np.roll(w, place - farthest, axis=-1))


def test_shift_is_a_circular_convolution():
    rng = np.random.default_rng(0)
    w = weightings(rng)
    kernels = rng.dirichlet(np.ones(5), size=(3, 2)).astype("float32")
    around = np.zeros_like(w)
    around[..., [-2, -1, 0, 1, 2]] = kernels
    product = np.fft.ifft(np.fft.fft(w) * np.fft.fft(around)).real
    np.testing.assert_allclose(numpy(addressing.shift(w, kernels)), product, atol=1e-6)


def test_sharpening_goes_from_no_change_to_the_largest():
    w = weightings(np.random.default_rng(0), concentration=1.0)

    def sharpened(gamma):
        return numpy(addressing.sharpen(w, np.full((3, 2, 1), gamma, "float32")))

    np.testing.assert_allclose(sharpened(1), w, atol=1e-6)
    powers = w.astype(float) ** 2.5
    np.testing.assert_allclose(sharpened(2.5), powers / powers.sum(-1, keepdims=True), atol=1e-6)
    np.testing.assert_allclose(sharpened(1e4), np.eye(SLOTS)[w.argmax(-1)], atol=1e-3)


@pytest.mark.parametrize("gamma", [1.0, 20.0, 1000.0])
def test_sharpening_a_head_at_one_slot_has_finite_slopes(gamma):
    """A power of zeros has not: from slot 0 the machine starts."""
    start = np.eye(1, SLOTS, dtype="float32")
    exponent = np.array([[gamma]], "float32")

    def first(w, g):
        return addressing.sharpen(w, g)[0, 0]

    assert numpy(first(start, exponent)) == pytest.approx(1)
    slopes = [numpy(slope) for slope in gradient(first, [start, exponent])]
    assert all(np.isfinite(slope).all() for slope in slopes)
    spread = np.full((1, SLOTS), 1e-20, "float32")  # to whose power of 20 float32 says 0
    np.testing.assert_allclose(numpy(addressing.sharpen(spread, exponent)), 1 / SLOTS, rtol=1e-5)


def test_a_blank_memory_has_finite_slopes():
    def first(memory, keys):
        strengths = np.ones((1, 1), "float32")
        return addressing.content_addressing(memory, keys, strengths)[0, 0]

    blank = np.zeros((SLOTS, WIDTH), "float32")
    slopes = gradient(first, [blank, np.ones((1, WIDTH), "float32")])
    assert all(np.isfinite(numpy(slope)).all() for slope in slopes)
    assert numpy(slopes[0])[0].max() > 0


# --- writing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("heads", [1, 3])
def test_all_heads_erase_and_then_all_add(heads):
    rng = np.random.default_rng(0)
    memory = rng.normal(size=(3, SLOTS, WIDTH)).astype("float32")
    w = weightings(rng, heads)
    erase = rng.random((3, heads, WIDTH)).astype("float32")
    add = rng.normal(size=(3, heads, WIDTH)).astype("float32")
    expected = memory.astype(float)
    for b in range(3):
        for i in range(SLOTS):
            for h in range(heads):
                expected[b, i] *= 1 - w[b, h, i] * erase[b, h]
            for h in range(heads):
                expected[b, i] += w[b, h, i] * add[b, h]
    written = numpy(addressing.erase_and_add(memory, w, erase, add))
    np.testing.assert_allclose(written, expected, atol=1e-6)


def test_a_head_at_one_slot_replaces_it_and_no_other():
    memory = np.arange(SLOTS * WIDTH, dtype="float32").reshape(SLOTS, WIDTH)
    there = np.eye(1, SLOTS, 2, dtype="float32")
    new = np.full((1, WIDTH), 0.5, "float32")
    written = numpy(addressing.erase_and_add(memory, there, np.ones_like(new), new))
    np.testing.assert_array_equal(written[2], new[0])
    np.testing.assert_array_equal(np.delete(written, 2, 0), np.delete(memory, 2, 0))
