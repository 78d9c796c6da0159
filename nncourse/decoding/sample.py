"""Symbols drawn by chance, from all of them or only the likely ones."""

from collections.abc import Callable
from numbers import Real

import numpy as np

from nncourse.decoding._steps import extend
from nncourse.scratch._network_checks import is_positive_integer


def sample(
    step: Callable,
    start,
    length: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    end: int | None = None,
    seed=0,
) -> tuple:
    r"""Extends a prefix by symbols drawn from the model's distribution, or a sharper one.

    $$q(s) \propto \begin{cases} p(s \mid y_1, \dots, y_{t-1})^{1/\tau} & s \in K \\
    0 & \text{otherwise.} \end{cases}$$

    A temperature $\tau$ below 1 makes likely symbols likelier; towards 0 it is `greedy`. The set
    $K$ of those that can be drawn has all symbols, unless

    - `top_k` leaves the $k$ likeliest; then
    - `top_p` leaves, of these, the fewest likeliest that have together the probability `top_p`, the
      last of them included, after the temperature and `top_k` have been applied.

    Both keep at least one symbol. Of equally likely ones they keep the smaller first.

    Args:
        step: The model, as in `greedy`.
        start: What the sequences begin with: a symbol, a prefix `(symbols,)`, or a batch of
            prefixes `(batch, symbols)`, of integers. To draw many sequences from the same start,
            repeat it as a batch.
        length: How many symbols to append, a positive integer.
        temperature: $\tau$, a positive number.
        top_k: A positive integer, or None for all symbols.
        top_p: A number in (0, 1], or None.
        end: The symbol that ends a sequence, as in `greedy`.
        seed: Seeds the draws.

    Returns:
        The appended symbols, `(length,)`, or `(batch, length)` for a batch, and their
        log-probability under the model itself, one number, or `(batch,)`.

    Raises:
        ValueError: For an argument outside its range, and if `step` returns another shape, a NaN,
            what can't be log-probabilities, or no possible symbol.

    Example:
        >>> import numpy as np
        >>> from nncourse.decoding import sample
        >>> log_p = np.log([[0.6, 0.3, 0.1]] * 3)
        >>> def step(prefixes):
        ...     return log_p[prefixes[:, -1]]
        >>> sample(step, start=0, length=12, seed=1)[0]
        array([0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0])
        >>> sample(step, start=0, length=12, temperature=3.0, seed=1)[0]
        array([2, 1, 1, 0, 0, 1, 0, 0, 2, 1, 1, 1])
        >>> sample(step, start=0, length=12, top_p=0.5, seed=1)[0]
        array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

    Reference:
        Fan, Lewis and Dauphin (2018), "Hierarchical neural story generation", section 5.4 (top-k);
        Holtzman et al. (2020), "The curious case of neural text degeneration", section 3.1 (top-p).
        Taught in the chapter *Language models*.
    """
    _check(temperature, top_k, top_p)
    rng = np.random.default_rng(seed)

    def choose(log_p):
        log_p = _cooled(log_p, temperature)
        if top_k is not None:
            log_p = _top_k(log_p, top_k)
        if top_p is not None and top_p < 1:
            log_p = _top_p(log_p, top_p)
        # The largest of scores plus Gumbel noise is a draw from the scores' softmax.
        return np.argmax(log_p + rng.gumbel(size=log_p.shape), axis=1)

    return extend(step, start, length, end, choose)


def _cooled(log_p: np.ndarray, temperature: float) -> np.ndarray:
    """Scores of at most 0: the likeliest has 0 at every temperature, however low."""
    highest = log_p.max(axis=1, keepdims=True)
    if np.isneginf(highest).any():
        raise ValueError("`step` must leave a symbol possible. Received: a row that is all -inf")
    with np.errstate(over="ignore"):
        return (log_p - highest) / temperature


def _top_k(log_p: np.ndarray, k: int) -> np.ndarray:
    order = np.argsort(-log_p, axis=1, kind="stable")  # the likeliest symbol first
    log_p = log_p.copy()
    np.put_along_axis(log_p, order[:, k:], -np.inf, axis=1)
    return log_p


def _top_p(log_p: np.ndarray, top_p: float) -> np.ndarray:
    order = np.argsort(-log_p, axis=1, kind="stable")
    p = np.exp(np.take_along_axis(log_p, order, axis=1))
    p /= p.sum(axis=1, keepdims=True)
    before = np.cumsum(p, axis=1) - p  # the probability of all that are likelier
    enough = before > top_p - 1e-6  # 0.5 + 0.3 is enough for 0.8, in single precision too
    enough[:, 0] = False
    dropped = np.zeros_like(enough)
    np.put_along_axis(dropped, order, enough, axis=1)
    return np.where(dropped, -np.inf, log_p)


def _check(temperature, top_k, top_p) -> None:
    if not isinstance(temperature, Real) or not np.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"`temperature` must be a positive number. Received: {temperature=}")
    if top_k is not None and not is_positive_integer(top_k):
        raise ValueError(f"`top_k` must be a positive integer. Received: {top_k=}")
    if top_p is not None and not (isinstance(top_p, Real) and 0 < top_p <= 1):
        raise ValueError(f"`top_p` must lie in (0, 1]. Received: {top_p=}")
