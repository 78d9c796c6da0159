import numpy as np
import pytest

from nncourse.datasets import number_to_words, number_word_digits

LANGUAGES = ["de", "en", "fr", "it", "nl"]
# By hand: for each word the digits that it names, counted from 0 as they are written, - for none.
BY_HAND = {
    "de": "0 0|7 0|10 0|12 01|20 0|21 1 - 0|300 0 -|321 0 - 2 - 1|1000 0 -|1101 0 - 1 - 3|"
    "83721 1 - 0 - 2 - 4 - 3|616017 0 - 12 - 45",
    "nl": "0 0|10 0|21 1 - 0|100 0|103 0 2|117 0 12|321 0 - 2 - 1|1000 0|1100 0 1|2000 0 -|"
    "100000 0 -|201305 0 - 2 - 3 - 5",
    "en": "0 0|13 01|40 0|42 0 1|100 0 -|999 0 - 1 2|21017 0 1 - 34|700070 0 - - 4",
    "fr": "0 0|4 0|10 0|17 0 1|16 01|20 0|21 0 - 1|71 0 - 01|77 0 0 1|80 0 0|84 0 0 1|90 0 0 0|"
    "91 0 0 01|97 0 0 0 1|100 0|104 0 2|180 0 1 1|200 0 -|1000 0|1080 0 2 2|4020 0 - 2|"
    "80080 0 0 - 3 3|100000 0 -|280000 0 - 1 1 -|24000 0 1 -|420 0 - 1",
    "it": "0 0|18 01|21 0 1|28 0 1|23 0 1|100 0|103 0 2|108 0 2|188 0 1 2|208 0 - 2|1000 0|"
    "1008 0 3|1100 0 1|2000 0 -|3003 0 - 3|23023 0 1 - 3 4|108108 0 2 - 3 5",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_done_by_hand(language):
    for entry in BY_HAND[language].split("|"):
        number, *named = entry.split()
        expected = [() if n == "-" else tuple(map(int, n)) for n in named]
        assert number_word_digits(int(number), language) == expected, entry


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_digit_but_zero_is_named_and_nothing_else(language):
    numbers = np.random.default_rng(0).integers(1, 1_000_000, 1500)
    for number in [*range(1, 1200), *numbers.tolist()]:
        named = number_word_digits(number, language)
        assert len(named) == len(number_to_words(number, language))
        there = {place for place, digit in enumerate(str(number)) if digit != "0"}
        assert {place for places in named for place in places} == there
        if language in ("de", "en", "it", "nl"):  # each digit by one word
            assert sum(map(len, named)) == len(there)


@pytest.mark.parametrize("language", LANGUAGES)
def test_thousands_and_the_rest_are_named_as_if_alone(language):
    for thousands, rest in np.random.default_rng(1).integers(2, [1000, 1000], (300, 2)).tolist():
        number = 1000 * thousands + rest
        head = number_word_digits(thousands, language)
        shift = len(str(number)) - len(str(rest))
        tail = [tuple(p + shift for p in places) for places in number_word_digits(rest, language)]
        assert number_word_digits(number, language) == [*head, (), *tail]


@pytest.mark.parametrize(
    ("number", "language", "message"),
    [
        (-1, "de", "`number` must be"),
        (1_000_000, "de", "`number` must be at most 999999"),
        (2.5, "de", "`number` must be"),
        (5, "es", "`language` must be one of"),
    ],
)
def test_bad_input(number, language, message):
    with pytest.raises(ValueError, match=message):
        number_word_digits(number, language)
