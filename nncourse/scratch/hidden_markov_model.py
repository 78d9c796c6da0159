"""A hidden chain of states, each of which shows a symbol."""

import numpy as np

from nncourse.scratch._image_checks import whole
from nncourse.scratch._series_checks import (
    checked_probabilities,
    checked_sequences,
    checked_symbols,
)


class HiddenMarkovModel:
    r"""States that follow one another by chance, seen only through the symbols that they emit.

    $$p(z_1 = i) = \pi_i, \qquad p(z_t = j \mid z_{t-1} = i) = A_{ij}, \qquad
    p(x_t = s \mid z_t = i) = B_{is}$$

    With K states, T steps have $K^T$ paths. Everything asked of them is computed in $T K^2$ steps,
    forward over $\alpha_t(j) = p(x_1, \dots, x_t, z_t = j)$ and backward over
    $\beta_t(i) = p(x_{t+1}, \dots, x_T \mid z_t = i)$:

    $$\alpha_t(j) = \sum_i \alpha_{t-1}(i)\, A_{ij}\, B_{j x_t}, \qquad
    \beta_t(i) = \sum_j A_{ij}\, B_{j x_{t+1}}\, \beta_{t+1}(j),$$

    in logarithms, for the products of thousands of probabilities are too small for any float.

    Args:
        initial: $\pi$, `(states,)` probabilities of the first state.
        transition: $A$, `(states, states)`: row i holds the probabilities of what follows state i.
        emission: $B$, `(states, symbols)`: row i holds the probabilities of state i's symbols.
            Zeros are legal in all three; every row has the sum 1.

    Raises:
        ValueError: For shapes that don't match, or numbers that are not probabilities.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import HiddenMarkovModel
        >>> weather = HiddenMarkovModel(initial=[0.6, 0.4], transition=[[0.7, 0.3], [0.4, 0.6]],
        ...                             emission=[[0.1, 0.4, 0.5], [0.6, 0.3, 0.1]])
        >>> path, log_probability = weather.viterbi([0, 1, 2])
        >>> path, round(float(np.exp(log_probability)), 5)
        (array([1, 0, 0]), 0.01344)
        >>> weather.posterior([0, 1, 2]).round(3)[0]  # of the first state
        array([0.232, 0.768])

    Reference:
        Rabiner (1989), "A tutorial on hidden Markov models and selected applications in speech
        recognition", Section III; Viterbi (1967); Baum et al. (1970). Taught in the chapter
        *Time series*.
    """

    def __init__(self, initial, transition, emission):
        self.initial = checked_probabilities(initial, "initial", ("states",))
        states = len(self.initial)
        self.transition = checked_probabilities(transition, "transition", (states, states))
        self.emission = checked_probabilities(emission, "emission", (states, "symbols"))

    def log_likelihood(self, symbols) -> float:
        """The logarithm of the probability of these symbols, summed over all paths.

        Args:
            symbols: `(steps,)` integers, from 0 on.

        Returns:
            A number; minus infinity for symbols that no path can emit.

        Raises:
            ValueError: For an empty sequence or unknown symbols.
        """
        return float(np.logaddexp.reduce(self._forward(self._log_emissions(symbols))[-1]))

    def posterior(self, symbols) -> np.ndarray:
        r"""How probable each state is at each step, given all symbols, past and future.

        $$\gamma_t(i) = p(z_t = i \mid x_1, \dots, x_T) \propto \alpha_t(i)\, \beta_t(i)$$

        The most probable state at each step need not be a probable path, nor even a possible one:
        for that there is `viterbi`.

        Args:
            symbols: `(steps,)` integers, from 0 on.

        Returns:
            `(steps, states)` probabilities; every row has the sum 1.

        Raises:
            ValueError: For an empty sequence, unknown symbols, or symbols that no path can emit.
        """
        return self._expected_counts(symbols, "symbols")[1]

    def viterbi(self, symbols) -> tuple[np.ndarray, float]:
        """The most probable path of states, by Viterbi's recursion.

        It is the forward pass with a maximum for the sum, and a note of where each came from.

        Args:
            symbols: `(steps,)` integers, from 0 on.

        Returns:
            The `(steps,)` states, and the logarithm of the joint probability of these states and
            the symbols. Of equally probable paths it is that with the smaller state index, compared
            from the last step to the first.

        Raises:
            ValueError: For an empty sequence, unknown symbols, or symbols that no path can emit.
        """
        log_emissions = self._log_emissions(symbols)
        log_transition = _log(self.transition)
        score = _log(self.initial) + log_emissions[0]
        before = np.zeros(log_emissions.shape, dtype=int)
        for t in range(1, len(log_emissions)):
            candidates = score[:, None] + log_transition  # from the row's state to the column's
            before[t] = candidates.argmax(axis=0)
            score = candidates.max(axis=0) + log_emissions[t]
        _check_possible(score.max(), "symbols")
        path = np.empty(len(log_emissions), dtype=int)
        path[-1] = score.argmax()
        for t in range(len(path) - 1, 0, -1):
            path[t - 1] = before[t, path[t]]
        return path, float(score.max())

    def fit(self, sequences, iterations: int = 100, tolerance: float = 1e-6) -> list[float]:
        r"""Learns the probabilities from symbols alone, by the steps of Baum and Welch.

        Each step counts how often a state is expected at the start, before another and with a
        symbol, over all paths, and makes the shares of these counts the new probabilities. The
        likelihood never falls; which of its maxima is reached depends on the start. What is 0 stays
        0, states that start alike stay alike, and the row of a state never visited stays.

        Args:
            sequences: A list of one or more sequences of symbols, of any lengths.
            iterations: The largest number of steps, a positive integer.
            tolerance: Stops after a step that adds less than this to the log-likelihood, 0 or more.

        Returns:
            The log-likelihoods of all sequences together, at the start and after every step.

        Raises:
            ValueError: For no or empty sequences, unknown symbols, symbols that no path can emit,
                or numbers out of range.
        """
        iterations = whole("iterations", iterations)
        if not (np.isfinite(tolerance) and tolerance >= 0):
            raise ValueError(
                f"`tolerance` must be a finite number of 0 or more. Received: {tolerance=}"
            )
        sequences = checked_sequences(sequences)
        log_likelihood, *counts = self._expect(sequences)
        history = [log_likelihood]
        for _ in range(iterations):
            starts, moves, shows = counts
            self.initial = starts / starts.sum()
            self.transition = _shares(moves, self.transition)
            self.emission = _shares(shows, self.emission)
            log_likelihood, *counts = self._expect(sequences)
            history.append(log_likelihood)
            if history[-1] - history[-2] < tolerance:
                break
        return history

    def sample(self, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Draws a path and its symbols.

        Args:
            steps: Their length, a positive integer.
            seed: A non-negative integer.

        Returns:
            `(steps,)` states and `(steps,)` symbols.

        Raises:
            ValueError: For steps that are not a positive integer.
        """
        rng = np.random.default_rng(seed)
        states, symbols = np.empty((2, whole("steps", steps)), dtype=int)
        chances = self.initial
        for t in range(len(states)):
            states[t] = rng.choice(len(chances), p=chances)
            shown = self.emission[states[t]]
            symbols[t] = rng.choice(len(shown), p=shown)
            chances = self.transition[states[t]]
        return states, symbols

    def _log_emissions(self, symbols, name: str = "symbols") -> np.ndarray:
        """`(steps, states)`: how probable each state makes the symbol of each step."""
        return _log(self.emission).T[checked_symbols(symbols, name, self.emission.shape[1])]

    def _forward(self, log_emissions: np.ndarray) -> np.ndarray:
        forward = np.empty_like(log_emissions)
        log_transition = _log(self.transition)
        forward[0] = _log(self.initial) + log_emissions[0]
        for t in range(1, len(forward)):
            arrivals = np.logaddexp.reduce(forward[t - 1][:, None] + log_transition, axis=0)
            forward[t] = arrivals + log_emissions[t]
        return forward

    def _backward(self, log_emissions: np.ndarray) -> np.ndarray:
        backward = np.zeros_like(log_emissions)
        log_transition = _log(self.transition)
        for t in range(len(backward) - 2, -1, -1):
            rest = log_emissions[t + 1] + backward[t + 1]
            backward[t] = np.logaddexp.reduce(log_transition + rest, axis=1)
        return backward

    def _expected_counts(self, symbols, name: str):
        """The log-likelihood, the posterior, and how often each transition is expected."""
        log_emissions = self._log_emissions(symbols, name)
        forward, backward = self._forward(log_emissions), self._backward(log_emissions)
        log_likelihood = np.logaddexp.reduce(forward[-1])
        _check_possible(log_likelihood, name)
        both = forward + backward
        posterior = np.exp(both - np.logaddexp.reduce(both, axis=1, keepdims=True))
        # One state i at a time: the posterior xi_t(i, j) of all pairs at once would fill memory.
        rest = (log_emissions + backward)[1:] - log_likelihood
        moves = [
            np.exp(forward[:-1, i, None] + row + rest).sum(axis=0)
            for i, row in enumerate(_log(self.transition))
        ]
        return float(log_likelihood), posterior, np.array(moves)

    def _expect(self, sequences: list):
        """The log-likelihood of all sequences, and their expected starts, moves and symbols."""
        total, starts = 0.0, np.zeros_like(self.initial)
        moves, shows = np.zeros_like(self.transition), np.zeros_like(self.emission)
        for n, symbols in enumerate(sequences):
            one, posterior, expected_moves = self._expected_counts(symbols, f"sequences[{n}]")
            total += one
            starts += posterior[0]
            moves += expected_moves
            np.add.at(shows.T, np.asarray(symbols), posterior)
        return total, starts, moves, shows


def _log(p: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):  # log 0 is what it should be
        return np.log(p)


def _shares(counts: np.ndarray, without: np.ndarray) -> np.ndarray:
    """Each row over its sum; the row of `without` where nothing was counted."""
    sums = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, sums, out=without.copy(), where=sums > 0)


def _check_possible(log_probability: float, name: str) -> None:
    if log_probability == -np.inf:
        raise ValueError(f"`{name}` must be possible. Received: symbols that no path can emit")
