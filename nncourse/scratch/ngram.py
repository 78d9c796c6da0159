"""N-grams: the next symbol from counts of what followed the last few."""

import math
from collections import Counter, defaultdict

import numpy as np

from nncourse.scratch._network_checks import is_positive_integer
from nncourse.scratch._ngram_checks import START, as_sequences, as_symbols, positive_number

_SMOOTHINGS = ("kneser-ney", "witten-bell", "add-k")


class NGram:
    r"""Predicts a symbol from the n - 1 before it, by smoothed counts.

    A text holds few of the possible n-grams, so counts $c$ alone give most of what comes next a
    probability of zero. Every smoothing here takes something from what was seen after a context
    $h$ and gives it to what was not, in the proportions of a broader distribution
    $p_\text{broad}$:

    $$p(s \mid h) = \frac{\max(c(hs) - d, 0)}{c(h) + a}
    + \frac{d\,T(h) + a}{c(h) + a}\; p_\text{broad}(s),$$

    where $c(h) = \sum_s c(hs)$ and $T(h)$ is the number of different symbols seen after $h$. A
    context that was never seen has the broad distribution itself.

    - `"kneser-ney"` takes a discount $d = n_1 / (n_1 + 2 n_2)$ from each count, with $n_i$ the
      number of n-grams that occur $i$ times, and has $a = 0$. (Where $n_1$ or $n_2$ is 0, as in a
      very small or very large text, $d = 1/2$.) The broad distribution is that of the context
      without its first symbol, down to no context at all, and from there to the uniform one. In
      all but the longest contexts $c(hs)$ counts not how often $hs$ occurs but after how many
      different symbols: *Francisco* is frequent, but only after *San*.
    - `"witten-bell"` has $d = 0$ and $a = T(h)$, and shortens the context in the same way: the more
      different symbols followed, the likelier is yet another one.
    - `"add-k"` has $d = 0$, $a = k V$ for $V$ symbols, and goes to the uniform distribution
      $1 / V$ at once, which is $(c(hs) + k) / (c(h) + k V)$.

    Before its first symbol a sequence has n - 1 marks of the start, which serve as context and are
    never predicted: a context of fewer than n - 1 symbols is the *beginning* of a sequence. For
    the end append a symbol of your own, such as `"\n"`. Symbols are whatever can be the key of a
    dictionary, such as characters or words. `fit(text)` takes one sequence, `fit(*sentences)`
    several; a list of strings is one sequence, of words.

    Args:
        order: n, a positive integer: 1 looks at no context, 2 at the last symbol.
        smoothing: `"kneser-ney"`, `"witten-bell"` or `"add-k"`.
        k: What `"add-k"` adds to each count, a positive number; 1 if not given.
        unknown: A symbol that joins the vocabulary and stands for all symbols that `fit` has not
            seen. If not given, those are an error.

    Attributes:
        vocabulary_: The different symbols in the order in which they first appear, `unknown` last.
        counts_: How often each n-gram, a tuple of n symbols, occurs: a `collections.Counter`.

    Raises:
        ValueError: For an order that is not a positive integer, another smoothing, a k that is not
            positive or not used, no sequences, empty ones, symbols that can't be keys, or symbols
            that are not in the vocabulary.

    Example:
        >>> from nncourse.scratch import NGram
        >>> model = NGram(order=2, smoothing="add-k", k=1).fit("abracadabra")
        >>> model.vocabulary_
        ('a', 'b', 'r', 'c', 'd')
        >>> model.distribution("a").round(3)  # after a: twice b, once c, once d
        array([0.111, 0.333, 0.111, 0.222, 0.222])
        >>> round(model.bits("abra"), 3), round(model.perplexity("abra"), 3)
        (1.404, 2.646)
        >>> "".join(NGram(order=3).fit("abracadabra").sample(12, start="ab", seed=1))
        'rcadabracada'

    Reference:
        Chen and Goodman (1999), "An empirical study of smoothing techniques for language modeling",
        sections 2.1, 2.5 and 2.7, in their interpolated forms. Taught in the chapter *Language
        models*.
    """

    def __init__(
        self, order: int, smoothing: str = "kneser-ney", k: float | None = None, unknown=None
    ):
        if not is_positive_integer(order):
            raise ValueError(f"`order` must be a positive integer. Received: {order=}")
        if smoothing not in _SMOOTHINGS:
            raise ValueError(f"`smoothing` must be one of {_SMOOTHINGS}. Received: {smoothing=}")
        if k is not None and smoothing != "add-k":
            raise ValueError(f"`k` is for smoothing='add-k' alone. Received: {k=}, {smoothing=}")
        self.order, self.smoothing = int(order), smoothing
        (self.unknown,) = as_symbols("unknown", [unknown])
        self.k = positive_number("k", 1 if k is None else k)

    def fit(self, *sequences) -> "NGram":
        """Counts the n-grams of one or more sequences; what was counted before is forgotten.

        Args:
            sequences: Each a string, list, tuple or array of symbols, not empty.

        Returns:
            Itself.
        """
        sequences = as_sequences(sequences)
        self._index = {}
        grams = Counter()
        for sequence in sequences:
            for symbol in dict.fromkeys(sequence):
                self._index.setdefault(symbol, len(self._index))
            grams.update(self._grams(sequence))
        if self.unknown is not None:
            self._index.setdefault(self.unknown, len(self._index))
        self.vocabulary_, self.counts_ = tuple(self._index), grams

        self._tables = [self._table(grams)]  # from the longest contexts to none
        while self.smoothing != "add-k" and len(self._tables) < self.order:
            shorter = Counter()
            for gram, count in grams.items():
                shorter[gram[1:]] += 1 if self.smoothing == "kneser-ney" else count
            grams = shorter
            self._tables.append(self._table(grams))
        return self

    def _table(self, grams: Counter) -> dict:
        """For each context: the shares of the symbols seen after it, and the share to pass on."""
        followers = defaultdict(dict)
        for gram, count in grams.items():
            followers[gram[:-1]][gram[-1]] = count
        discount = _discount(grams) if self.smoothing == "kneser-ney" else 0
        size, table = len(self.vocabulary_), {}
        for context, counts in followers.items():
            total, kinds = sum(counts.values()), len(counts)
            added = {"kneser-ney": 0, "witten-bell": kinds, "add-k": self.k * size}[self.smoothing]
            shares = {s: (count - discount) / (total + added) for s, count in counts.items()}
            table[context] = shares, (discount * kinds + added) / (total + added)
        return table

    def _seen(self, context: tuple):
        """What the tables say after the context and after shorter ones, the shortest first."""
        for skipped in reversed(range(len(self._tables))):
            if (entry := self._tables[skipped].get(context[skipped:])) is not None:
                yield entry

    def _probability(self, symbol, context: tuple) -> float:
        p = 1 / len(self.vocabulary_)
        for shares, passed_on in self._seen(context):
            p = shares.get(symbol, 0.0) + passed_on * p
        return p

    def probability(self, symbol, context=()) -> float:
        """The probability that a symbol follows a context.

        Args:
            symbol: One symbol.
            context: The sequence so far, of which the last n - 1 symbols count. Fewer than those
                are the beginning of a sequence.

        Returns:
            A number in (0, 1].
        """
        context = self._context(context)
        (symbol,) = self._known("symbol", as_symbols("symbol", [symbol]))
        return self._probability(symbol, context)

    def distribution(self, context=()) -> np.ndarray:
        """The probabilities `(V,)` of all of `vocabulary_` after a context; they sum to one."""
        return self._distribution(self._context(context))

    def _distribution(self, context: tuple) -> np.ndarray:
        p = np.full(len(self.vocabulary_), 1 / len(self.vocabulary_))
        for shares, passed_on in self._seen(context):
            p *= passed_on
            p[[self._index[symbol] for symbol in shares]] += list(shares.values())
        return p

    def log_probability(self, *sequences) -> float:
        """The natural logarithm of the probability of one or more sequences."""
        return sum(
            math.log(self._probability(gram[-1], gram[:-1]))
            for sequence in self._known_sequences(sequences)
            for gram in self._grams(sequence)
        )

    def bits(self, *sequences) -> float:
        r"""The mean number of bits a symbol: $-\log_2 p / N$ for N symbols of probability p."""
        sequences = self._known_sequences(sequences)
        symbols = sum(map(len, sequences))
        return -self.log_probability(*sequences) / symbols / math.log(2)

    def perplexity(self, *sequences) -> float:
        """Two to the power of `bits`: among how many equally likely symbols one would guess."""
        return 2 ** self.bits(*sequences)

    def sample(self, length: int, start=(), seed=0, temperature: float = 1.0) -> list:
        """Draws symbols, each from the distribution after those before it.

        Args:
            length: How many, a positive integer.
            start: The context of the first one; empty for the beginning of a sequence.
            seed: Seeds the draws.
            temperature: Probabilities are raised to the power of one over this positive number:
                below 1 the likely symbols become likelier.

        Returns:
            The drawn symbols, without `start`; `"".join` makes a text of characters.
        """
        if not is_positive_integer(length):
            raise ValueError(f"`length` must be a positive integer. Received: {length=}")
        temperature = positive_number("temperature", temperature)
        rng = np.random.default_rng(seed)
        context, drawn = self._context(start, "start"), []
        for _ in range(length):
            log_p = np.log(self._distribution(context))
            with np.errstate(over="ignore"):  # the largest is 1, however cold
                p = np.exp((log_p - log_p.max()) / temperature)
            drawn.append(self.vocabulary_[rng.choice(len(p), p=p / p.sum())])
            context = (*context, drawn[-1])[1:]
        return drawn

    def _padded(self, symbols: list) -> list:
        return [START] * (self.order - 1) + symbols

    def _grams(self, symbols: list):
        """Each symbol as the last of an n-gram."""
        padded = self._padded(symbols)
        return zip(*(padded[i:] for i in range(self.order)), strict=False)

    def _context(self, context, name: str = "context") -> tuple:
        """The last n - 1 symbols, the marks of the start included."""
        symbols = as_symbols(name, context)
        symbols = self._known(name, symbols[max(len(symbols) - self.order + 1, 0) :])
        return tuple(self._padded(symbols)[len(symbols) :])

    def _known_sequences(self, sequences) -> list[list]:
        return [self._known("sequences", symbols) for symbols in as_sequences(sequences)]

    def _known(self, name: str, symbols: list) -> list:
        """The symbols, with `unknown` in place of those that are not in the vocabulary."""
        if not hasattr(self, "vocabulary_"):
            raise ValueError("`fit` must come first: nothing has been counted yet")
        strange = [symbol for symbol in dict.fromkeys(symbols) if symbol not in self._index]
        if strange and self.unknown is None:
            raise ValueError(
                f"`{name}` must hold symbols that `fit` has seen, or `unknown` be given. "
                f"Received: {', '.join(map(repr, strange[:5]))}{', ...' * (len(strange) > 5)}"
            )
        return [s if s in self._index else self.unknown for s in symbols] if strange else symbols


def _discount(grams: Counter) -> float:
    once, twice = (sum(count == i for count in grams.values()) for i in (1, 2))
    return once / (once + 2 * twice) if once and twice else 0.5
