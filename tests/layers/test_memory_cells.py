"""`StackCell` and `QueueCell` against lists and deques, their equations and their mean."""

import itertools
from collections import deque

import keras
import numpy as np
import pytest
from keras import ops

from nncourse.layers import QueueCell, StackCell
from tests.checks import check_layer

CELLS = {"stack": StackCell, "queue": QueueCell}
X = np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32")
DEPTH, WIDTH = 3, 2  # so shallow that six steps overflow it


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def made(kind, **options):
    return CELLS[kind](**{"units": 7, "depth": DEPTH, "width": WIDTH, "output_dim": 5} | options)


def built(cell, decided=1.0):
    """`cell` with large weights; the more decided it is, the more weight has one action."""
    cell.build((None, X.shape[-1]))
    rng = np.random.default_rng(1)
    cell.set_weights([2 * rng.normal(size=w.shape) for w in cell.get_weights()])
    kernel = decided * cell.action_layer.get_weights()[0]
    # About as often one action as the other: the hidden units are 1/2 in the mean.
    cell.action_layer.set_weights([kernel, -kernel.sum(axis=0) / 2])
    return cell


def steps(cell, x=X):
    """Output, unpacked state and value offered to the memory, after each step."""
    states = cell.get_initial_state(len(x))
    for t in range(x.shape[1]):
        y, states = cell(x[:, t], states)
        np.testing.assert_array_equal(numpy(states[0]), numpy(y))  # what a masked step repeats
        after = cell.unpack(states)
        yield numpy(y), after, numpy(cell.value_layer(after.hidden))


# --- what the actions do ------------------------------------------------------------------------


def done(kind, contents, action, value):
    """The values of a stack or a queue, the first to leave in front, after an action."""
    if kind == "stack":
        values = list(contents)
        if action == 0:
            values = [value, *values][:DEPTH]
        elif action == 1:
            values = values[1:]
        return values
    values = deque(contents)
    if action == 0 and len(values) < DEPTH:
        values.append(value)
    elif action == 1 and values:
        values.popleft()
    return list(values)


def as_memory(values):
    return np.array([*values, *[np.full(WIDTH, -1.0)] * (DEPTH - len(values))])


@pytest.mark.parametrize("no_operation", [False, True])
@pytest.mark.parametrize("kind", CELLS)
def test_with_one_action_a_step_it_is_a_list_or_a_deque(kind, no_operation):
    x = np.random.default_rng(3).normal(size=(40, 12, 4)).astype("float32")
    cell = built(made(kind, no_operation=no_operation), decided=1e6)
    contents, lengths, actions_seen = [[] for _ in x], set(), set()
    for _, after, value in steps(cell, x):
        actions, memory = numpy(after.actions), numpy(after.memory)
        np.testing.assert_allclose(actions.max(axis=1), 1, atol=1e-6)
        for row, action in enumerate(actions.argmax(axis=1)):
            lengths.add((len(contents[row]), action))
            contents[row] = done(kind, contents[row], action, value[row])
            np.testing.assert_allclose(memory[row], as_memory(contents[row]), atol=1e-5)
            if kind == "queue":
                here = np.arange(DEPTH + 1) == len(contents[row])
                np.testing.assert_allclose(numpy(after.tail)[row, :, 0], here, atol=1e-6)
        actions_seen |= set(actions.argmax(axis=1))
    # A full one was added to, an empty one was taken from, and all actions were done.
    assert {(DEPTH, 0), (0, 1)} <= lengths
    assert actions_seen == set(range(3 if no_operation else 2))


@pytest.mark.parametrize("no_operation", [False, True])
@pytest.mark.parametrize("kind", CELLS)
def test_it_holds_the_mean_over_all_sequences_of_actions(kind, no_operation):
    cell = built(made(kind, no_operation=no_operation))
    trace = list(steps(cell, X[:1]))
    shares = np.array([numpy(after.actions)[0] for _, after, _ in trace])
    assert np.sort(shares, axis=1)[:, -2].max() > 0.1  # more than one action has weight
    mean = np.zeros((len(trace), DEPTH, WIDTH))
    lengths = np.zeros((len(trace), DEPTH + 1))
    for actions in itertools.product(range(shares.shape[1]), repeat=len(trace)):
        contents, chance = [], np.prod(shares[np.arange(len(trace)), actions])
        for t, action in enumerate(actions):
            contents = done(kind, contents, action, trace[t][2][0])
            mean[t] += chance * as_memory(contents)
            lengths[t, len(contents)] += chance
    for t, (_, after, _) in enumerate(trace):
        np.testing.assert_allclose(numpy(after.memory)[0], mean[t], atol=1e-5)
        if kind == "queue":
            np.testing.assert_allclose(numpy(after.tail)[0, :, 0], lengths[t], atol=1e-5)


# --- the network around it ----------------------------------------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("kind", CELLS)
def test_the_network_sees_the_first_value_before_and_answers_from_the_one_after(kind, recurrent):
    cell = built(made(kind, recurrent=recurrent))
    weights = [w.astype(float) for w in cell.get_weights()]
    (u, b_h), (a, b_a), (d, b_v), (v, b_y) = zip(weights[::2], weights[1::2], strict=True)
    first, h = np.full((len(X), WIDTH), -1.0), np.zeros((len(X), 7))
    for t, (y, after, value) in enumerate(steps(cell)):
        given = [X[:, t], first, h] if recurrent else [X[:, t], first]
        h = sigmoid(np.concatenate(given, axis=1) @ u + b_h)
        actions = np.exp(h @ a + b_a)
        first = numpy(after.memory)[:, 0]
        np.testing.assert_allclose(numpy(after.hidden), h, atol=1e-5)
        np.testing.assert_allclose(
            numpy(after.actions), actions / actions.sum(axis=1, keepdims=True), atol=1e-5
        )
        np.testing.assert_allclose(value, sigmoid(h @ d + b_v), atol=1e-5)
        np.testing.assert_allclose(y, np.concatenate([h, first], axis=1) @ v + b_y, atol=1e-4)


@pytest.mark.parametrize("kind", CELLS)
def test_keeps_the_promises_of_a_layer(kind, tmp_path):
    def layer():
        cell = made(kind, no_operation=True, recurrent=True)
        return keras.layers.RNN(cell, return_sequences=True)

    # Compiling takes longer than all else; PyTorch compiles step by step, for minutes.
    compiled = kind == "queue" and keras.backend.backend() != "torch"
    check_layer(layer, X[:, :2], tmp_path, compiled=compiled)


@pytest.mark.parametrize("kind", CELLS)
def test_every_argument_comes_back_from_the_config(kind):
    other = {"units": 2, "depth": 1, "width": 4, "output_dim": 3}
    for options in ({"no_operation": True}, {"recurrent": True}):
        config = CELLS[kind](**other, **options).get_config()
        assert {name: config[name] for name in other | options} == other | options
        copy = CELLS[kind].from_config(config)
        assert copy.get_config() == config
        assert copy.state_size == CELLS[kind](**other, **options).state_size


@pytest.mark.parametrize("kind", CELLS)
def test_in_keras_loop_it_goes_step_by_step_and_a_masked_step_changes_nothing(kind):
    mask = np.array([[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], bool)
    cell = built(made(kind, recurrent=True))
    short = np.stack([x[m] for x, m in zip(X, mask, strict=True)])
    *_, (y, after, _) = steps(cell, short)
    outputs, *states = keras.layers.RNN(cell, return_state=True)(X, mask=mask)
    np.testing.assert_allclose(numpy(outputs), y, atol=1e-5)
    for part, same in zip(cell.unpack(states), after, strict=True):
        assert part.shape == same.shape
        np.testing.assert_allclose(numpy(part), numpy(same), atol=1e-5)


@pytest.mark.parametrize("kind", CELLS)
def test_the_weights_serve_another_depth(kind):
    shallow, deep = built(made(kind)), made(kind, depth=9)
    deep.build((None, X.shape[-1]))
    deep.set_weights(shallow.get_weights())
    # As long as nothing has overflowed they can't be told apart.
    for (y, one, _), (same, other, _) in zip(
        steps(shallow, X[:, :DEPTH]), steps(deep, X[:, :DEPTH]), strict=True
    ):
        np.testing.assert_allclose(y, same, atol=1e-6)
        np.testing.assert_allclose(numpy(one.memory), numpy(other.memory)[:, :DEPTH], atol=1e-6)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"units": 0}, "`units` must be a positive integer. Received: units=0"),
        ({"depth": 0}, "`depth` must be a positive integer. Received: depth=0"),
        ({"width": 2.0}, "`width` must be a positive integer. Received: width=2.0"),
        ({"output_dim": -1}, "`output_dim` must be a positive integer. Received: output_dim=-1"),
        ({"no_operation": 1}, "`no_operation` must be True or False. Received: no_operation=1"),
        ({"recurrent": None}, "`recurrent` must be True or False. Received: recurrent=None"),
    ],
)
def test_bad_arguments(kind, options, message):
    with pytest.raises(ValueError, match=message):
        made(kind, **options)
