"""How the models run a recurrent layer of Keras."""


def recur(layer, x, state=None):
    """What a layer with `return_sequences` and `return_state` makes of `x`, from a state.

    A single step is left to the layer's cell: JAX would compile a loop for it, at every call anew.

    Args:
        layer: A `keras.layers.LSTM` or `keras.layers.GRU`, without dropout.
        x: `(batch, time, features)`.
        state: A list of `(batch, units)` tensors, as this function returns it; None for zeros.

    Returns:
        The outputs `(batch, time, units)` and the state after them.
    """
    if state is not None and x.shape[1] == 1:
        h, state = layer.cell(x[:, 0], state)
        return h[:, None], list(state)
    h, *state = layer(x, initial_state=state)
    return h, state
