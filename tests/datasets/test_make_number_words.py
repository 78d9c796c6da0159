import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_number_words, words_to_number

LANGUAGES = ["de", "en", "fr", "it", "nl"]


@settings(deadline=None, max_examples=40)
@given(st.data(), st.integers(0, 3000), st.integers(0, 2**32))
def test_a_draw_has_each_number_once_and_all_lengths_alike(data, maximum, seed):
    samples = data.draw(st.integers(1, maximum + 1))
    source, target = data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=2, max_size=2))
    sources, targets = make_number_words(target, source, samples, maximum, seed)
    numbers = [words_to_number(words, source) for words in sources]
    assert numbers == [words_to_number(words, target) for words in targets]
    assert len(set(numbers)) == len(numbers) == samples
    assert max(numbers) <= maximum
    drawn = np.bincount([len(str(n)) for n in numbers], minlength=5)
    there = np.bincount([len(str(n)) for n in range(maximum + 1)], minlength=5)
    left_out = drawn < there
    if left_out.any():
        assert drawn[left_out].max() - drawn[left_out].min() <= 1
        assert drawn.max() <= drawn[left_out].max() + 1


def test_all_languages_get_the_same_numbers_and_the_seed_makes_them():
    digits, english = make_number_words("en", samples=300, seed=5)
    german, again = make_number_words("digits", source="de", samples=300, seed=5)
    assert digits == again
    numbers = [int("".join(number)) for number in digits]
    assert [words_to_number(words, "en") for words in english] == numbers
    assert [words_to_number(words, "de") for words in german] == numbers
    assert make_number_words("en", samples=300, seed=5)[0] == digits
    assert make_number_words("en", samples=300, seed=6)[0] != digits
    assert len(make_number_words("en")[0]) == 10_000


def test_draws_are_uniform_within_a_length_and_their_order_is_random():
    digits, _ = make_number_words("en", samples=20_000, seed=2)
    numbers = np.array([int("".join(number)) for number in digits])
    six = numbers[numbers >= 100_000]
    np.testing.assert_allclose(np.histogram(six, 9, (1e5, 1e6))[0] / len(six), 1 / 9, atol=0.015)
    # A cut in two leaves both parts alike.
    first, second = numbers[:10_000], numbers[10_000:]
    for shortest in (100, 1000, 10_000, 100_000):
        parts = np.mean(first >= shortest), np.mean(second >= shortest)
        np.testing.assert_allclose(*parts, atol=0.03)
    assert not set(first.tolist()) & set(second.tolist())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"language": "eo"}, "`language` must be one of 'en', .*, 'digits'. Rec.*language='eo'"),
        ({"source": None}, "`source` must be one of 'en', .*, 'digits'. Received: source=None"),
        ({"samples": 0}, "`samples` must be an integer of at least 1. Received: samples=0"),
        ({"maximum": -1}, "`maximum` must be an integer of at least 0. Received: maximum=-1"),
        ({"maximum": 10**6}, "`maximum` must be at most 999999. Received: maximum=1000000"),
        (
            {"samples": 101, "maximum": 99},
            "`samples` must be at most 100, for no number up to 99 comes twice. Rec.*samples=101",
        ),
        ({"seed": "a"}, "`seed` must be a non-negative integer. Received: seed='a'"),
    ],
)
def test_bad_arguments_of_a_draw(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_number_words(**{"language": "en", **arguments})
