"""A recurrent network, trained by backpropagation through time."""

import numpy as np

from nncourse.scratch import activations, losses
from nncourse.scratch._fit import descend
from nncourse.scratch._image_checks import whole
from nncourse.scratch._network_checks import checked_parts
from nncourse.scratch._sequence_checks import checked_sequence_examples
from nncourse.scratch._series_checks import checked_array
from nncourse.scratch._unrolled_pass import UnrolledPass
from nncourse.scratch.clipping import clip_by_global_norm
from nncourse.scratch.initializers import glorot_normal


class RNN:
    r"""Elman's network: a layer that sees its own last state, and a linear output.

    $$h_t = f(z_t), \qquad z_t = x_t W_x + h_{t-1} W_h + b, \qquad y_t = h_t W_y + c,$$

    for a batch with a sequence in each row. The same weights serve every step. Unrolled, the
    network is as deep as the sequence is long, with a copy of the weights at every step, and

    $$\delta_t = \frac{\partial E}{\partial h_t}
    = \frac{\partial E}{\partial y_t} W_y^\top
    + \bigl(\delta_{t+1} \odot f'(z_{t+1})\bigr) W_h^\top, \qquad
    \frac{\partial E}{\partial W_h} = \sum_t h_{t-1}^\top \bigl(\delta_t \odot f'(z_t)\bigr):$$

    the gradients of all copies are added, not averaged. E is the mean loss of the outputs that
    have a target: at every step, at the last (`t` without the axis of the steps), or where a
    `mask` says so.

    Args:
        inputs: Numbers that enter at a step.
        hidden: Units of the state h.
        outputs: Numbers that leave at a step.
        activation: f, a name in `scratch.activations`.
        loss: As for `MLP`; the cross-entropies take the outputs as scores.
        recurrent_initializer: Draws $W_h$ as `recurrent_initializer(rng, hidden, hidden)`. Give
            `lambda rng, rows, columns: np.eye(rows)` for the identity start of Le et al. (2015).
        seed: Seeds the start and the order of the examples.

    Raises:
        ValueError: For sizes that are not positive integers, or unknown names.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import RNN, optimizers
        >>> x = np.random.default_rng(0).integers(0, 2, (64, 8, 1))
        >>> t = np.roll(x, 2, axis=1)  # the bit of two steps before
        >>> recalled = np.broadcast_to(np.arange(8) >= 2, (64, 8))
        >>> network = RNN(1, 8, 1, loss="binary_crossentropy", seed=0)
        >>> history = network.fit(x, t, optimizers.Adam(0.03), 16, epochs=40, mask=recalled)
        >>> float(((network(x) > 0) == t)[recalled].mean())
        1.0

    Reference:
        Elman (1990), "Finding structure in time"; Werbos (1990), "Backpropagation through time".
        Taught in the chapter *Recurrent networks*.
    """

    _blocks = 1  # of `hidden` columns in W_x and W_h
    _state_parts = 1  # of `hidden` numbers in the state, h the first

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        activation: str = "tanh",
        loss: str = "mean_squared_error",
        *,
        recurrent_initializer=glorot_normal,
        seed: int | None = None,
    ):
        self.inputs, self.hidden = whole("inputs", inputs), whole("hidden", hidden)
        self.outputs = whole("outputs", outputs)
        self.f, self.f_derivative = activations.get(activation)
        self.loss_function = losses.get(loss)
        self.rng = np.random.default_rng(seed)
        blocks = range(self._blocks)
        W_x = np.hstack([glorot_normal(self.rng, inputs, hidden) for _ in blocks])
        W_h = np.hstack([recurrent_initializer(self.rng, hidden, hidden) for _ in blocks])
        W_y = glorot_normal(self.rng, hidden, outputs)
        self.weights = [(W_x, W_h, np.zeros(W_h.shape[1])), (W_y, np.zeros(outputs))]

    @property
    def weights(self) -> list[tuple[np.ndarray, ...]]:
        """The list `[(W_x, W_h, b), (W_y, c)]`, which may be assigned.

        The shapes are `(inputs, hidden)`, `(hidden, hidden)`, `(hidden,)`, `(hidden, outputs)` and
        `(outputs,)`. Each tuple is what `get_weights` of Keras's `SimpleRNN` and `Dense` gives.
        """
        return self._weights

    @weights.setter
    def weights(self, weights) -> None:
        columns = self._blocks * self.hidden
        cell = ((self.inputs, columns), (self.hidden, columns), (columns,))
        output = ((self.hidden, self.outputs), (self.outputs,))
        self._weights = checked_parts(weights, "(W_x, W_h, b), (W_y, c)", [cell, output])

    def __call__(self, x) -> np.ndarray:
        """The outputs, `(samples, steps, outputs)`, for `(samples, steps, inputs)` numbers."""
        return self.forward(x).output

    def step(self, x, state) -> tuple[np.ndarray, np.ndarray]:
        """One step: `(samples, inputs)` and the state before; the state after and z."""
        W_x, W_h, b = self.weights[0]
        z = x @ W_x + state @ W_h + b
        return self.f(z), z

    def step_backward(self, dh, x, state, z) -> tuple[np.ndarray, tuple]:
        """One step back: the gradient of the state before, and that of this copy's weights."""
        _, W_h, _ = self.weights[0]
        dz = dh * self.f_derivative(z)
        return dz @ W_h.T, (x.T @ dz, state.T @ dz, dz.sum(axis=0))

    def forward(self, x, initial_state=None) -> UnrolledPass:
        """Computes the states and outputs from the first step to the last.

        Args:
            x: `(samples, steps, inputs)` finite numbers.
            initial_state: `(samples, hidden)`, zeros if not given. To go on where a pass ended,
                give its `states[:, -1]`.

        Returns:
            An `UnrolledPass` with `output`, `states` and what `backward` needs.
        """
        x = checked_array(x, "x", ("samples", "steps", self.inputs))
        samples, steps, _ = x.shape
        state = np.zeros((samples, self._state_parts * self.hidden))
        if initial_state is not None:
            state = checked_array(initial_state, "initial_state", state.shape)
        states, memory = [state], []
        for step in range(steps):
            state, noted = self.step(x[:, step], state)
            states.append(state)
            memory.append(noted)
        states = np.stack(states, axis=1)
        W_y, c = self.weights[1]
        return UnrolledPass(x, states, memory, states[:, 1:, : self.hidden] @ W_y + c)

    def backward_by_step(self, passed: UnrolledPass, dy, truncate: int | None = None):
        """Goes back through time and yields the gradient of each copy of the weights.

        Args:
            passed: What `forward` returned.
            dy: `(samples, steps, outputs)`, the gradient of the outputs.
            truncate: As in `loss_and_gradients`.

        Yields:
            For every step, from the last to the first, a list in the shapes of `weights`.
        """
        dy = np.asarray(dy, dtype=float)
        if dy.shape != passed.output.shape:
            raise ValueError(
                f"`dy` must have the shape of the outputs, {passed.output.shape}. "
                f"Received: dy of shape {dy.shape}"
            )
        truncate = len(passed.memory) if truncate is None else whole("truncate", truncate)
        W_y, _ = self.weights[1]
        dstate = np.zeros_like(passed.states[:, 0])
        for step in reversed(range(len(passed.memory))):
            h, dy_step = passed.states[:, step + 1, : self.hidden], dy[:, step]
            dstate[:, : self.hidden] += dy_step @ W_y.T  # besides what comes from the step after
            x, before = passed.inputs[:, step], passed.states[:, step]
            dstate, copy = self.step_backward(dstate, x, before, passed.memory[step])
            if step % truncate == 0:  # the first of its stretch
                dstate = np.zeros_like(dstate)
            yield [copy, (h.T @ dy_step, dy_step.sum(axis=0))]

    def backward(self, passed: UnrolledPass, dy, truncate: int | None = None) -> list:
        """The gradient of the weights, in their shapes: the sum of that of all copies."""
        totals = [tuple(np.zeros_like(part) for part in layer) for layer in self.weights]
        for copies in self.backward_by_step(passed, dy, truncate):
            for total_layer, copy_layer in zip(totals, copies, strict=True):
                for total, copy in zip(total_layer, copy_layer, strict=True):
                    total += copy
        return totals

    def loss(self, x, t, mask=None) -> float:
        """The objective: the mean loss of the outputs that have a target."""
        x, t, mask = self._checked(x, t, mask)
        return float(self.loss_function.value(self.forward(x).output[mask], t[mask]))

    def loss_and_gradients(self, x, t, mask=None, truncate=None) -> tuple[float, list]:
        r"""The objective and its gradient, a list in the shapes of `weights`.

        Args:
            x: `(samples, steps, inputs)` finite numbers. Where only the first step has an input,
                give zeros at the others.
            t: `(samples, steps, outputs)` targets of the kind that the loss wants, or `(samples,
                outputs)` for the last step alone.
            mask: `(samples, steps)`, True where t has a target; everywhere if not given. It lets
                a network read first and answer later, and sequences of different lengths, filled
                up at their ends, share a batch.
            truncate: k: cuts the steps into stretches 1 to k, k + 1 to 2k and so on. A state enters
                the next stretch as a number: no gradient goes back from one to the other, so an
                error reaches no step before its own stretch. The loss is still that of all steps,
                and with k of all steps or more the gradient is the full one. In `fit` the weights
                change after the last stretch of a batch, not after each.

        Raises:
            ValueError: For data, targets or a mask of another shape or kind, or a truncation that
                is not a positive integer.
        """
        x, t, mask = self._checked(x, t, mask)
        passed = self.forward(x)
        y, t = passed.output[mask], t[mask]  # (targets, outputs)
        dy = np.zeros_like(passed.output)
        dy[mask] = self.loss_function.gradient(y, t)
        return float(self.loss_function.value(y, t)), self.backward(passed, dy, truncate)

    def fit(
        self,
        x,
        t,
        optimizer,
        batch_size: int | None = None,
        epochs: int = 1,
        validation_data=None,
        patience: int | None = None,
        *,
        mask=None,
        truncate: int | None = None,
        clip_norm: float | None = None,
    ) -> dict[str, list[float]]:
        """Trains by descent on the gradients of batches, as `MLP.fit` does.

        Args:
            x: As in `loss_and_gradients`, like `t`, `mask` and `truncate`.
            t: See above.
            optimizer: As in `MLP.fit`, like `batch_size`, `epochs` and `patience`.
            batch_size: See there.
            epochs: See there.
            validation_data: `(x, t)` or `(x, t, mask)`, judged after every epoch.
            patience: See there.
            mask: See above.
            truncate: See above.
            clip_norm: The longest gradient that the optimizer gets, for `clip_by_global_norm`.

        Returns:
            A dict with the lists `"loss"` and, with validation data, `"val_loss"`.

        Raises:
            ValueError: As `MLP.fit`, also for a loss that became NaN or infinite.
        """

        def gradients_of(x, t, mask):
            loss, gradients = self.loss_and_gradients(x, t, mask, truncate)
            if clip_norm is not None:
                gradients = clip_by_global_norm(gradients, clip_norm)
            return loss, gradients

        examples = self._checked(x, t, mask)
        judged = None if validation_data is None else self._checked(*validation_data)
        return descend(
            self, examples, gradients_of, optimizer, batch_size, epochs, judged, patience
        )

    def _checked(self, x, t, mask=None):
        return checked_sequence_examples(x, t, mask, self.inputs, self.outputs, self.loss_function)
