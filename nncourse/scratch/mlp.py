"""A multilayer perceptron with its backward pass."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nncourse.scratch import activations, losses
from nncourse.scratch._fit import fit
from nncourse.scratch._network_checks import (
    checked_activations,
    checked_examples,
    checked_inputs,
    checked_rates,
    checked_sizes,
    checked_weights,
)
from nncourse.scratch.initializers import glorot_normal


@dataclass(frozen=True)
class ForwardPass:
    """What the backward pass needs to know of the forward pass.

    Attributes:
        inputs: What entered each layer, `(samples, units of the layer before)`.
        preactivations: What each layer computed before its activation, `(samples, units)`.
        masks: What each layer's activations were multiplied by, 1 where nothing is dropped.
        output: What the last layer put out, `(samples, outputs)`.
    """

    inputs: list[np.ndarray]
    preactivations: list[np.ndarray]
    masks: list
    output: np.ndarray


class MLP:
    r"""A stack of dense layers that is trained by backpropagation.

    Layer $l$ computes, for a batch with an example in each row,

    $$Z^{(l)} = A^{(l-1)} W^{(l)} + b^{(l)}, \qquad A^{(l)} = m^{(l)} \odot h(Z^{(l)}),$$

    where $m^{(l)}$ is the dropout mask of a hidden layer, in training only. The objective is the
    mean loss of the examples plus $\lambda \sum_l \lVert W^{(l)} \rVert^2$. Backwards, with
    $\Delta^{(l)} = \partial E / \partial Z^{(l)}$,

    $$\Delta^{(l)} = \bigl(\Delta^{(l+1)} W^{(l+1)\top}\bigr) \odot m^{(l)} \odot h'(Z^{(l)}),
    \quad
    \frac{\partial E}{\partial W^{(l)}} = A^{(l-1)\top} \Delta^{(l)} + 2 \lambda W^{(l)},
    \quad
    \frac{\partial E}{\partial b^{(l)}} = \sum_n \Delta^{(l)}_n.$$

    Args:
        sizes: The number of inputs, then the units of every layer, two numbers or more.
        activation: A name in `scratch.activations`, for the hidden layers: then the output is
            linear. Or a name for every layer, the output's last.
        loss: `"mean_squared_error"`, `"binary_crossentropy"`, `"categorical_crossentropy"`,
            `"hinge"` or `"perceptron"`. The cross-entropies take scores, so they want a linear
            output.
        dropout: The probability, in [0, 1), that a hidden unit is dropped in a training step.
        l2: The strength $\lambda \ge 0$ of weight decay, which leaves the biases alone.
        initializer: Draws a weight matrix: `initializer(rng, inputs, units)`.
        seed: Seeds the start, the order of the examples and the dropout masks.

    Raises:
        ValueError: For sizes, names or rates out of range, or an output activation under a
            cross-entropy.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import MLP, optimizers
        >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        >>> t = np.array([[0], [1], [1], [0]])  # XOR
        >>> network = MLP([2, 4, 1], "tanh", "binary_crossentropy", seed=0)
        >>> history = network.fit(x, t, optimizers.SGD(1.0), batch_size=4, epochs=500)
        >>> (network(x) > 0).astype(int).ravel()
        array([0, 1, 1, 0])

    Reference:
        Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating
        errors". Taught in the chapter *Backpropagation*.
    """

    def __init__(
        self,
        sizes,
        activation="relu",
        loss: str = "mean_squared_error",
        *,
        dropout: float = 0.0,
        l2: float = 0.0,
        initializer=glorot_normal,
        seed: int | None = None,
    ):
        self.sizes = checked_sizes(sizes)
        self.loss_function = losses.get(loss)
        self.activations = checked_activations(activation, self.sizes, self.loss_function)
        self.dropout, self.l2 = checked_rates(dropout, l2)
        self.rng = np.random.default_rng(seed)
        self.weights = [
            (initializer(self.rng, inputs, units), np.zeros(units))
            for inputs, units in pairwise(self.sizes)
        ]

    @property
    def weights(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """A list of `(W, b)` for every layer, of shapes `(inputs, units)` and `(units,)`.

        It may be assigned.
        """
        return self._weights

    @weights.setter
    def weights(self, weights) -> None:
        self._weights = checked_weights(weights, self.sizes)

    def __call__(self, x) -> np.ndarray:
        """The outputs, `(samples, outputs)`, for `(samples, inputs)` numbers, without dropout."""
        return self.forward(x).output

    def forward(self, x, masks=None) -> ForwardPass:
        """Computes all layers from the inputs up.

        Args:
            x: `(samples, inputs)` finite numbers.
            masks: What the outputs of each hidden layer are multiplied by, from `dropout_masks`;
                no dropout if not given.

        Returns:
            A `ForwardPass` with the `output` and what `backward` needs.
        """
        a = checked_inputs(x, self.sizes[0])
        masks = [*(masks or [1.0] * (len(self.weights) - 1)), 1.0]  # outputs are never dropped
        inputs, preactivations = [], []
        for (W, b), name, mask in zip(self.weights, self.activations, masks, strict=True):
            h, _ = activations.get(name)
            z = a @ W + b
            inputs.append(a)
            preactivations.append(z)
            a = mask * h(z)
        return ForwardPass(inputs, preactivations, masks, a)

    def backward(self, passed: ForwardPass, t) -> list[tuple[np.ndarray, np.ndarray]]:
        """Computes the gradient of the objective from the loss down.

        Args:
            passed: What `forward` returned.
            t: `(samples, outputs)` targets.

        Returns:
            A list of `(dW, db)`, in the shapes of `weights`.
        """
        gradients = []
        da = self.loss_function.gradient(passed.output, np.asarray(t, dtype=float))
        for layer in reversed(range(len(self.weights))):
            W, _ = self.weights[layer]
            _, h_derivative = activations.get(self.activations[layer])
            dz = da * passed.masks[layer] * h_derivative(passed.preactivations[layer])
            dW = passed.inputs[layer].T @ dz + 2 * self.l2 * W  # (inputs, units)
            db = dz.sum(axis=0)  # (units,)
            da = dz @ W.T  # (samples, inputs): what reaches the layer before, over all paths
            gradients.append((dW, db))
        return gradients[::-1]

    def loss(self, x, t, masks=None) -> float:
        """The objective: the mean loss of the examples, weight decay included."""
        x, t = checked_examples(x, t, self.sizes, self.loss_function)
        return self._objective(self.forward(x, masks), t)

    def loss_and_gradients(self, x, t, masks=None) -> tuple[float, list]:
        """The objective and its gradient, a list of `(dW, db)` in the shapes of `weights`.

        Args:
            x: `(samples, inputs)` finite numbers.
            t: `(samples, outputs)` targets, of the kind that the loss wants.
            masks: Dropout masks, from `dropout_masks`; no dropout if not given.

        Raises:
            ValueError: For data or targets of another shape or kind.
        """
        x, t = checked_examples(x, t, self.sizes, self.loss_function)
        passed = self.forward(x, masks)
        return self._objective(passed, t), self.backward(passed, t)

    def dropout_masks(self, samples: int) -> list[np.ndarray] | None:
        r"""Draws a new mask for every hidden layer, or None without dropout.

        A unit is kept with probability $q = 1 - \text{dropout}$, and then its output is
        multiplied by $1 / q$ (inverted dropout): the mean stays what it is without dropout, so
        nothing needs scaling afterwards.

        Reference:
            Srivastava et al. (2014), section 10, for the scaling in training.
        """
        if self.dropout == 0:
            return None
        keep = 1 - self.dropout
        return [(self.rng.random((samples, units)) < keep) / keep for units in self.sizes[1:-1]]

    def fit(
        self,
        x,
        t,
        optimizer,
        batch_size: int | None = None,
        epochs: int = 1,
        validation_data=None,
        patience: int | None = None,
    ) -> dict[str, list[float]]:
        """Trains by descent on the gradients of batches, drawn anew in every epoch.

        Args:
            x: `(samples, inputs)` finite numbers.
            t: `(samples, outputs)` targets, of the kind that the loss wants.
            optimizer: An update rule of `scratch.optimizers`.
            batch_size: Examples a step, from 1 (stochastic descent) to all of them (batch descent,
                the default). The last batch of an epoch may be smaller.
            epochs: The largest number of passes over the data.
            validation_data: A pair `(x, t)`, judged after every epoch.
            patience: Stop after so many epochs in which the validation loss has not fallen below
                its lowest value, and take back the weights of the best epoch.

        Returns:
            A dict with the lists `"loss"`, the mean over the examples of each epoch, and, with
            validation data, `"val_loss"`. Both contain the weight decay, as in Keras.

        Raises:
            ValueError: For data or targets of another shape or kind, a batch size, number of epochs
                or patience out of range, or a loss that became NaN or infinite.
        """
        return fit(self, x, t, optimizer, batch_size, epochs, validation_data, patience)

    def _objective(self, passed: ForwardPass, t: np.ndarray) -> float:
        penalty = sum((W**2).sum() for W, _ in self.weights)
        return float(self.loss_function.value(passed.output, t) + self.l2 * penalty)
