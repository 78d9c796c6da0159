import numpy as np

from nncourse.datasets import load_sunspots


def test_form():
    years, numbers = load_sunspots()
    np.testing.assert_array_equal(years, np.arange(1700, 2009))
    assert years.dtype == np.int64
    assert numbers.shape == (309,)
    assert numbers.min() == 0.0
    assert numbers.max() == 190.2


def test_the_series_is_the_published_one():
    """Against the extremes that every account of the cycle gives."""
    years, numbers = load_sunspots()
    of = dict(zip(years.tolist(), numbers.tolist(), strict=True))
    assert (of[1711], of[1712], of[1810]) == (0, 0, 0)  # years without a spot
    assert (of[1778], of[1957], of[1979]) == (154.4, 190.2, 155.4)  # the highest maxima
    assert round(numbers.mean(), 4) == 49.7521


def test_its_main_period_is_that_of_the_solar_cycle():
    _, numbers = load_sunspots()
    power = np.abs(np.fft.rfft(numbers - numbers.mean())) ** 2
    assert 10.5 < len(numbers) / power.argmax() < 11.5
