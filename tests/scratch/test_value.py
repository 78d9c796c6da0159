import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nncourse.scratch import Value

# The oracle is the complex step: f(x + ih) has the imaginary part h f'(x), with no difference of
# nearly equal numbers, so that it is exact to rounding. It knows nothing of Value.
FUNCTIONS = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "relu": lambda z: z * (z.real > 0),
}


def call(name, operand):
    return getattr(operand, name)() if isinstance(operand, Value) else FUNCTIONS[name](operand)


# Each works on Values and on complex numbers, and is defined wherever its operands are.
STEPS = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1),
    lambda a, b: (a * a + 1) ** -1.5 + a**2,
    lambda a, b: 2 - 3 * a + 1 / (1 + b * b) + (-b),
    lambda a, b: call("exp", call("tanh", a)),
    lambda a, b: call("log", a * a + 2) * b,
    lambda a, b: call("sigmoid", a) + 1.5,
    lambda a, b: call("relu", a) + b,
)
numbers = st.floats(-2, 2).filter(lambda number: abs(number) > 1e-3)  # off the kink of ReLU
programs = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=12,
)


def run(program, leaves):
    """The sum of the last two values: each step takes two of those before it, again and again."""
    values = list(leaves)
    for step, first, second in program:
        values.append(STEPS[step](values[first % len(values)], values[second % len(values)]))
        size = abs(values[-1].data if isinstance(leaves[0], Value) else values[-1])
        assume(1e-6 < size < 1e4)
    return values[-1] + values[-2]


@given(program=programs, leaves=st.lists(numbers, min_size=1, max_size=3))
def test_gradients_of_random_graphs_are_derivatives(program, leaves):
    values = [Value(number) for number in leaves]
    result = run(program, values)
    result.backward()
    for index, value in enumerate(values):
        shifted = np.array(leaves, dtype=complex)
        shifted[index] += 1e-30j
        expected = run(program, list(shifted))
        assert result.data == pytest.approx(expected.real, rel=1e-9, abs=1e-9)
        if any(part is value for part in result.graph()):
            assert value.gradient == pytest.approx(expected.imag / 1e-30, rel=1e-7, abs=1e-7)
        else:
            assert value.gradient == expected.imag == 0


OPERATIONS = {
    "v + 3": (lambda v: v + 3, lambda x: 1),
    "3 + v": (lambda v: 3 + v, lambda x: 1),
    "v - 3": (lambda v: v - 3, lambda x: 1),
    "2 - v": (lambda v: 2 - v, lambda x: -1),
    "-v": (lambda v: -v, lambda x: -1),
    "v * 3": (lambda v: v * 3, lambda x: 3),
    "2 * v": (lambda v: 2 * v, lambda x: 2),
    "v / 4": (lambda v: v / 4, lambda x: 0.25),
    "1 / v": (lambda v: 1 / v, lambda x: -1 / x**2),
    "v ** 3": (lambda v: v**3, lambda x: 3 * x**2),
    "v ** -2": (lambda v: v**-2, lambda x: -2 / x**3),
    "v ** 0": (lambda v: v**0, lambda x: 0),
    "exp": (Value.exp, math.exp),
    "tanh": (Value.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "sigmoid": (Value.sigmoid, lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2),
    "relu": (Value.relu, lambda x: float(x > 0)),
}
PLAIN = {"exp": math.exp, "tanh": math.tanh, "sigmoid": lambda x: 1 / (1 + math.exp(-x))}
PLAIN["relu"] = lambda x: max(x, 0)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("x", [-1.7, 0.3, 2.0])
def test_each_operation_has_its_value_and_its_slope(name, x):
    function, slope = OPERATIONS[name]
    value = Value(x)
    result = function(value)
    result.backward()
    assert result.data == pytest.approx(PLAIN[name](x) if name in PLAIN else function(x))
    assert value.gradient == pytest.approx(slope(x), rel=1e-12)


def test_the_slope_of_the_logarithm():
    value = Value(0.4)
    result = value.log()
    result.backward()
    assert result.data == math.log(0.4)
    assert value.gradient == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("function", "operation", "slopes"),
    [
        (lambda a, b: a + b, "+", (1, 1)),
        (lambda a, b: a - b, "-", (1, -1)),
        (lambda a, b: a * b, "*", (4, 3)),
        (lambda a, b: a / b, "/", (1 / 4, -3 / 16)),
        (lambda a, b: a**3, "^3", (27,)),
        (lambda a, b: -a, "-", (-1,)),
    ],
)
def test_a_result_knows_its_operation_its_operands_and_their_slopes(function, operation, slopes):
    a, b = Value(3), Value(4)
    result = function(a, b)
    assert result.operation == operation
    assert result.operands == (a, b)[: len(slopes)]
    assert result.slopes == pytest.approx(slopes)


def test_gradients_add_up_over_paths():
    x, w = Value(2.0), Value(3.0)
    (w * x + x).backward()
    assert (x.gradient, w.gradient) == (4, 2)
    (x * x).backward()
    assert x.gradient == 4
    (x - x).backward()
    assert x.gradient == 0


def test_backward_starts_anew_each_time():
    x = Value(2.0)
    square = x * x
    cube = square * x
    for _ in range(2):
        cube.backward()
        assert (x.gradient, square.gradient, cube.gradient) == (12, 2, 1)
    square.backward()
    assert (x.gradient, square.gradient) == (4, 1)


def test_chains_may_be_deep():
    x = result = Value(1.5)
    for _ in range(5000):
        result = (result * 0.999) + x
    result.backward()
    power = 0.999**5000
    assert x.gradient == pytest.approx(power + (1 - power) / 0.001)


def test_each_value_is_visited_once_and_after_its_operands():
    x = result = Value(1.0)
    for _ in range(60):  # 2^60 paths
        result = result + result
    order = result.graph()
    assert len(order) == 61
    assert order[0] is x
    assert order[-1] is result
    place = {id(value): index for index, value in enumerate(order)}
    for value in order:
        assert all(place[id(operand)] < place[id(value)] for operand in value.operands)
    result.backward()
    assert x.gradient == 2.0**60


def test_extreme_arguments_stay_finite():
    for function, limits in ((Value.sigmoid, (0, 1)), (Value.tanh, (-1, 1))):
        for x, limit in zip((-1e4, 1e4), limits, strict=True):
            value = Value(x)
            result = function(value)
            result.backward()
            assert (result.data, value.gradient) == (limit, 0)
    zero = Value(0.0)
    for result, number in ((zero.relu(), 0), (zero**0, 1), (zero**1, 0)):
        result.backward()
        assert (result.data, zero.gradient) == (number, float(result.operation == "^1"))


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda v: (-v).log(), ValueError, "math domain error|positive input"),
        (lambda v: (v - v).log(), ValueError, "math domain error|positive input"),
        (lambda v: (v - v) ** -1, ValueError, "math domain error"),
        (lambda v: (-v) ** 0.5, ValueError, "math domain error"),
        (lambda v: v / 0, ZeroDivisionError, "division by zero"),
        (lambda v: 1 / (v - v), ZeroDivisionError, "division by zero"),
        (lambda v: (1000 * v).exp(), OverflowError, "math range error"),
        (lambda v: v**v, TypeError, "must be real number, not Value"),
        (lambda v: 2**v, TypeError, "unsupported operand"),
        (lambda v: v + "a", ValueError, "could not convert string to float: 'a'"),
    ],
)
def test_what_is_not_defined_is_refused(function, error, message):
    with pytest.raises(error, match=message):
        function(Value(3.0))


def test_a_value_is_shown_with_its_number_and_its_name():
    assert repr(Value(2, "x")) == "Value(2, 'x')"
    assert repr(Value(1 / 3) * 1) == "Value(0.3333)"
    assert Value(2).name == Value(2).operation == ""
