"""The grammar of a language's numbers, read from left to right."""


class NumberGrammar:
    r"""What may follow what in the words of a number below a million.

    A number is a phrase for its thousands, a phrase for the rest, or the one and then the other:

    $$\text{number} \to \text{zero} \mid \text{rest} \mid \text{thousands} \mid
    \text{thousands} \; \text{rest}$$

    The 999 phrases of each are paths through a tree, so that a word which nothing can make right
    is found where it stands. After thousands the rest may differ (an Italian `tré`): it has a tree
    of its own.

    Args:
        spell: The words of a number, of one or more.
    """

    def __init__(self, spell):
        self._start, self._after_thousands = _Node(), _Node()
        for value in range(1000):
            self._start.add(spell(value), value)
        for value in range(1000, 1_000_000, 1000):
            self._start.add(spell(value), value)
        thousand = spell(1000)
        for value in range(1, 1000):
            self._after_thousands.add(spell(1000 + value)[len(thousand) :], value)
        self._words = self._start.words()

    def parse(self, words) -> int:
        """The number, or a `ValueError` that says at which word there is none."""
        thousands, node = 0, self._start
        for position, word in enumerate(words):
            if node.value is not None and node.value >= 1000:
                thousands, node = node.value, self._after_thousands
            known = isinstance(word, str) and word in self._words
            if not known or word not in node.following:
                place = f"Received: {word!r} at position {position}, which "
                if not known:
                    raise ValueError(place + "is no word of this language's numbers")
                before = " ".join(words[:position])
                raise ValueError(
                    place + (f"cannot follow {before!r}" if before else "cannot begin one")
                )
            node = node.following[word]
        if node.value is None:
            raise ValueError(f"Received: {' '.join(words)!r}, which breaks off")
        return thousands + node.value


class _Node:
    """Where the words so far have led: the number that they are, if any, and what may follow."""

    def __init__(self):
        self.value, self.following = None, {}

    def add(self, words, value):
        node = self
        for word in words:
            node = node.following.setdefault(word, _Node())
        node.value = value

    def words(self):
        found = set(self.following)
        return found.union(*(node.words() for node in self.following.values()))
