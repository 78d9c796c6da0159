"""A number that knows what it was computed from: reverse-mode differentiation on any graph."""

import math
from typing import Self


class Value:
    r"""A number in a computation, with the derivative of the result with respect to it.

    Every operation on values makes a new one that remembers its operands and the local slopes
    $\partial\,\text{result} / \partial\,\text{operand}$. `backward` then visits the graph from the
    result down, each value after everything that used it, and *adds up* one term a path:

    $$\frac{\partial E}{\partial u} = \sum_{v \text{ uses } u}
    \frac{\partial E}{\partial v}\,\frac{\partial v}{\partial u}.$$

    It works for `+`, `-`, `*`, `/`, powers with a constant exponent, and the methods `exp`, `log`,
    `tanh`, `sigmoid` and `relu`, in any order: what autodiff libraries do with arrays.

    Args:
        data: The number.
        name: How a drawing labels it.

    Attributes:
        data: The number.
        gradient: The derivative of the result with respect to it, after `backward`; 0 before.
        operation: What made it, such as `"*"`; empty for a leaf.
        operands: The values it was made from.
        slopes: For each operand the derivative of this value with respect to it.

    Example:
        >>> from nncourse.scratch import Value
        >>> x, w = Value(2.0, "x"), Value(3.0, "w")
        >>> y = w * x + x  # x reaches y on two paths
        >>> y.backward()
        >>> x.gradient, w.gradient
        (4.0, 2.0)

    Taught in the chapter *Backpropagation*.
    """

    def __init__(self, data: float, name: str = ""):
        self.data = float(data)
        self.name = name
        self.gradient = 0.0
        self.operation = ""
        self.operands: tuple[Self, ...] = ()
        self.slopes: tuple[float, ...] = ()

    def __repr__(self) -> str:
        return f"Value({self.data:.4g}{', ' + repr(self.name) if self.name else ''})"

    def backward(self) -> None:
        """Sets the `gradient` of every value that this one was computed from."""
        order = self.graph()
        for value in order:
            value.gradient = 0.0
        self.gradient = 1.0
        for value in reversed(order):
            for operand, slope in zip(value.operands, value.slopes, strict=True):
                operand.gradient += value.gradient * slope

    def graph(self) -> list["Value"]:
        """All values of the computation, each after its operands, this one last."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:  # no recursion: a graph may be thousands of operations deep
            value, is_done = stack.pop()
            if is_done:
                order.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                stack.append((value, True))
                stack.extend((operand, False) for operand in value.operands)
        return order

    def __add__(self, other) -> "Value":
        other = _value(other)
        return _made("+", self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other) -> "Value":
        other = _value(other)
        return _made("*", self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent: float) -> "Value":
        result = math.pow(self.data, exponent)  # unlike **, it never makes a complex number
        slope = exponent * math.pow(self.data, exponent - 1) if exponent else 0.0
        return _made(f"^{exponent:g}", result, (self,), (slope,))

    def exp(self) -> "Value":
        """The exponential function."""
        result = math.exp(self.data)
        return _made("exp", result, (self,), (result,))

    def log(self) -> "Value":
        """The natural logarithm."""
        return _made("log", math.log(self.data), (self,), (1 / self.data,))

    def tanh(self) -> "Value":
        """The hyperbolic tangent."""
        result = math.tanh(self.data)
        return _made("tanh", result, (self,), (1 - result**2,))

    def sigmoid(self) -> "Value":
        """The logistic function, as (1 + tanh(z / 2)) / 2, which can't overflow."""
        result = (1 + math.tanh(self.data / 2)) / 2
        return _made("sigmoid", result, (self,), (result * (1 - result),))

    def relu(self) -> "Value":
        """The rectified linear unit, with the slope 0 at 0."""
        return _made("relu", max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> "Value":
        return _made("-", -self.data, (self,), (-1.0,))

    def __sub__(self, other) -> "Value":
        other = _value(other)
        return _made("-", self.data - other.data, (self, other), (1.0, -1.0))

    def __truediv__(self, other) -> "Value":
        other = _value(other)
        result = self.data / other.data
        return _made("/", result, (self, other), (1 / other.data, -result / other.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other) -> "Value":
        return _value(other) - self

    def __rtruediv__(self, other) -> "Value":
        return _value(other) / self


def _value(number) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _made(operation: str, data: float, operands: tuple, slopes: tuple[float, ...]) -> Value:
    value = Value(data)
    value.operation, value.operands, value.slopes = operation, operands, slopes
    return value
