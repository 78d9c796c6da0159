"""The tokens of a language and their numbers, with four that steer a network."""

import numpy as np

from nncourse.datasets._arguments import whole_number

_SIGNS = ("<pad>", "<unk>", "<go>", "<eos>")


class TokenVocabulary:
    r"""Numbers the tokens of a language for a network that reads or writes them.

    The first four numbers are no tokens of a language but signs to the network:

    ======  =======  ===========================================
    Number  Name     Use
    ======  =======  ===========================================
    0       PAD      fills short sequences up, and is masked
    1       UNK      any token that is not in the vocabulary
    2       GO       what a decoder reads before its first token
    3       EOS      the end of a sequence
    ======  =======  ===========================================

    The tokens follow from 4 on. `tokens` is the list of them: what to store, for
    `TokenVocabulary(tokens)` makes the vocabulary anew.

    Args:
        tokens: Strings in the order of their numbers, each once, none of them `"<pad>"`, `"<unk>"`,
            `"<go>"` or `"<eos>"`.

    Raises:
        ValueError: If `tokens` is not as said above.

    Example:
        >>> from nncourse import datasets
        >>> vocabulary = datasets.TokenVocabulary(["ein", "und", "zwanzig"])
        >>> len(vocabulary)
        7
        >>> ids, mask = vocabulary.encode([["ein", "und", "zwanzig"], ["elf"]])
        >>> ids
        array([[4, 5, 6, 3],
               [1, 3, 0, 0]], dtype=int32)
        >>> vocabulary.decode(ids)
        [['ein', 'und', 'zwanzig'], ['<unk>']]

    Reference:
        Sutskever, Vinyals and Le (2014), "Sequence to sequence learning with neural networks",
        section 2 for the end of a sequence and section 3.1 for the unknown token. Taught in the
        chapter *Sequence to sequence*.
    """

    PAD, UNK, GO, EOS = range(4)

    def __init__(self, tokens):
        self.tokens = _strings("tokens", "a list of strings", tokens)
        self._names = [*_SIGNS, *self.tokens]
        self._number = {}
        for number, name in enumerate(self._names):
            if name in self._number:
                what = "no name of a sign" if name in _SIGNS else "each token once"
                raise ValueError(
                    f"`tokens` must have {what}. "
                    f"Received: {name!r} at position {number - len(_SIGNS)}"
                )
            self._number[name] = number

    @classmethod
    def from_sequences(cls, sequences):
        """The vocabulary of all tokens in some sequences, in alphabetical order.

        Args:
            sequences: Lists of tokens.

        Raises:
            ValueError: If a sequence is no list of strings or has the name of a sign.

        Example:
            >>> from nncourse import datasets
            >>> datasets.TokenVocabulary.from_sequences([["deux", "cent", "un"], ["cent"]]).tokens
            ['cent', 'deux', 'un']
        """
        return cls(sorted({token for sequence in _sequences(sequences) for token in sequence}))

    def __len__(self):
        return len(self._names)

    def encode(self, sequences, length=None, go=False, eos=True):
        """The numbers of sequences of tokens, filled up to equal length.

        To train a decoder, let it read the targets with `go=True, eos=False` and write them with
        `eos=True`: each step's output is the next step's input.

        Args:
            sequences: Lists of tokens, one or more.
            length: How many numbers to a sequence, signs included; those of the longest if not
                given.
            go: Begin each sequence with `GO`.
            eos: End each sequence with `EOS`.

        Returns:
            The numbers, `(sequences, length)` int32, and a mask of the same shape, True where they
            are not `PAD`.

        Raises:
            ValueError: If there is no sequence, one is no list of strings, has the name of a sign
                or is longer than `length`.

        Example:
            >>> from nncourse import datasets
            >>> vocabulary = datasets.TokenVocabulary(["a", "b"])
            >>> read, _ = vocabulary.encode([["a", "b"]], go=True, eos=False)
            >>> write, mask = vocabulary.encode([["a", "b"]], length=4)
            >>> read, write, mask
            (array([[2, 4, 5]], dtype=int32), array([[4, 5, 3, 0]], dtype=int32), \
array([[ True,  True,  True, False]]))
        """
        rows = [
            [self.GO] * bool(go)
            + [self._number.get(token, self.UNK) for token in sequence]
            + [self.EOS] * bool(eos)
            for sequence in _sequences(sequences)
        ]
        if not rows:
            raise ValueError("`sequences` must have one sequence or more. Received: none")
        longest = max(range(len(rows)), key=lambda where: len(rows[where]))
        needed = len(rows[longest])
        if length is None:
            length = needed
        elif whole_number("length", length, at_least=1) < needed:
            raise ValueError(
                f"`length` must be at least {needed} for sequence {longest} and its signs. "
                f"Received: length={length}"
            )
        ids = np.full((len(rows), length), self.PAD, dtype="int32")
        for row, numbers in zip(ids, rows, strict=True):
            row[: len(numbers)] = numbers
        return ids, ids != self.PAD

    def decode(self, ids):
        """The tokens of numbers, up to the first `EOS`.

        A `GO` at the beginning and `PAD` at the end are left out. Anywhere else they are a
        network's errors and show up by name, as an unknown token does.

        Args:
            ids: The numbers of one sequence, or those of several, of equal length or not.

        Returns:
            A list of tokens, or a list of such lists.

        Raises:
            ValueError: If a number is not in the vocabulary.
        """
        rows = list(ids)
        if rows and np.ndim(rows[0]):
            return [self._decode(row) for row in rows]
        return self._decode(rows)

    def _decode(self, row):
        numbers = np.asarray(row)
        if numbers.size and numbers.dtype.kind not in "iu":
            raise ValueError(f"`ids` must be integers. Received: {numbers.dtype}")
        numbers = numbers.tolist()
        wrong = [number for number in numbers if not 0 <= number < len(self)]
        if wrong:
            raise ValueError(f"`ids` must be from 0 to {len(self) - 1}. Received: {wrong[0]}")
        if numbers[:1] == [self.GO]:
            numbers = numbers[1:]
        if self.EOS in numbers:
            numbers = numbers[: numbers.index(self.EOS)]
        while numbers and numbers[-1] == self.PAD:
            numbers.pop()
        return [self._names[number] for number in numbers]


def _sequences(sequences):
    """The sequences as lists of strings, none of which is the name of a sign."""
    if isinstance(sequences, str) or not hasattr(sequences, "__iter__"):
        raise ValueError(f"`sequences` must be lists of strings. Received: {sequences!r}")
    listed = [_strings("sequences", "lists of strings", sequence) for sequence in sequences]
    for where, sequence in enumerate(listed):
        for sign in _SIGNS:
            if sign in sequence:
                raise ValueError(
                    "`sequences` must have no name of a sign among their tokens. "
                    f"Received: {sign!r} in sequence {where}"
                )
    return listed


def _strings(name, wanted, tokens):
    """A list of strings; a string is not taken for the list of its characters."""
    listed = None if isinstance(tokens, str) or not hasattr(tokens, "__iter__") else list(tokens)
    if listed is None or not all(isinstance(token, str) for token in listed):
        raise ValueError(f"`{name}` must be {wanted}. Received: {tokens!r}")
    return listed
