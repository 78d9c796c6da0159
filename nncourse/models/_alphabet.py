"""The symbols of a text and their numbers."""

import numpy as np

from nncourse.models._arguments import integer


class Alphabet:
    """Symbols in the order of their numbers, which count from 0.

    Args:
        symbols: Single characters, each once; two or more.
    """

    def __init__(self, symbols):
        characters = tuple(symbols)
        if len(characters) < 2 or not all(isinstance(s, str) and len(s) == 1 for s in characters):
            raise ValueError(
                "`alphabet` must have two or more single characters. "
                f"Received: alphabet={symbols!r}"
            )
        self._number = {symbol: number for number, symbol in enumerate(characters)}
        if len(self._number) < len(characters):
            twice = next(s for s in characters if characters.count(s) > 1)
            raise ValueError(f"`alphabet` must have each symbol once. Received: {twice!r} twice")
        self.symbols = "".join(characters)

    def encode(self, text):
        """The numbers of a text's symbols, int32, or a `ValueError` that says what is unknown."""
        try:
            return np.array([self._number[symbol] for symbol in text], dtype="int32")
        except KeyError as error:
            place = next(i for i, symbol in enumerate(text) if symbol not in self._number)
            raise ValueError(
                "`text` must consist of the alphabet's symbols. "
                f"Received: {text[place]!r} at position {place}"
            ) from error

    def decode(self, numbers):
        """The text of symbol numbers."""
        return "".join(self.symbols[number] for number in numbers)

    def windows(self, text, length):
        """Windows of a text and the same one symbol later, each `(windows, length)`."""
        numbers = self.encode(text)
        count = (len(numbers) - 1) // integer("length", length, at_least=1) * length
        if count < 1:
            raise ValueError(
                f"`text` must have more symbols than a window of {length}. "
                f"Received: {len(numbers)} symbols"
            )
        return numbers[:count].reshape(-1, length), numbers[1 : count + 1].reshape(-1, length)
