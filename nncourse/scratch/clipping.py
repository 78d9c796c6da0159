"""A bound on the length of the step."""

import numpy as np


def clip_by_global_norm(gradients, clip_norm: float) -> list[tuple[np.ndarray, ...]]:
    r"""Shortens a gradient that is too long and keeps its direction.

    $$g \leftarrow g \cdot \min\Bigl(1, \frac{c}{\lVert g \rVert}\Bigr), \qquad
    \lVert g \rVert = \sqrt{\textstyle\sum_j g_j^2} \text{ over all parameters at once.}$$

    Where a recurrent network's loss is as steep as a wall, a plain step lands far away; a clipped
    one stays near. It does nothing for gradients that vanish.

    Args:
        gradients: A list with a tuple of arrays for every layer, from `loss_and_gradients`.
        clip_norm: $c$, a positive number.

    Returns:
        The gradients in the same form, with a norm of `clip_norm` at most.

    Raises:
        ValueError: For a norm that is not a positive number.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import clip_by_global_norm
        >>> clip_by_global_norm([(np.array([30.0, 0.0]), np.array([40.0]))], clip_norm=1)
        [(array([0.6, 0. ]), array([0.8]))]

    Reference:
        Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural
        networks", algorithm 1. Taught in the chapter *Recurrent networks*.
    """
    if not (np.isfinite(clip_norm) and clip_norm > 0):
        raise ValueError(f"`clip_norm` must be a positive number. Received: {clip_norm=}")
    norm = np.sqrt(sum((part**2).sum() for layer in gradients for part in layer))
    scale = clip_norm / max(norm, clip_norm)
    return [tuple(part * scale for part in layer) for layer in gradients]
