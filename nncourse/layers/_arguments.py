"""Checks that the layers share."""


def positive_integer(name, value):
    """Returns `value`, or raises a `ValueError` that names it if it is not a positive integer."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"`{name}` must be a positive integer. Received: {name}={value!r}")
    return value
