"""A memory as a tape: where the heads are, what it holds, what came in and what went out."""

from dataclasses import dataclass

import numpy as np

from nncourse.visualizations._animation import freeze_layout, private_figure, thinned
from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import COLORS, INK, MUTED

_WRITE, _READ = COLORS[1], COLORS[0]
_MAX_SLOTS = 40
_PRESENT = 0.05  # a head is at a slot that has at least so much of its weight at some step

# Heights, in the units of the axes, from top to bottom.
_BITS, _HEAD, _MEMORY, _GAP, _LINE = 2.2, 1.2, 3.4, 0.35, 0.75
_CONTROLS = 1.6  # of a film's player, which would hide the outputs


@dataclass
class _Parts:
    """What is drawn of one sequence, each `(time, ...)`; the slots are those to be shown."""

    inputs: np.ndarray
    outputs: np.ndarray
    write: np.ndarray
    read: np.ndarray
    memory: np.ndarray
    slots: np.ndarray


def draw_memory(trace, inputs, outputs, *, step, example=0, ax=None):
    """Draws a memory and its heads at one step, with the inputs and outputs so far.

    At the top are the inputs up to this step, at the bottom the outputs, time from left to right.
    Between them lies the memory, a column for each slot, from red over white at 0 to blue. Orange
    bars above it are the weighting of the write heads, blue bars below it that of the read heads; a
    bar of the full height is a weight of 1. Slots where no head ever is are left out.

    Args:
        trace: What `models.NeuralTuringMachine.trace` returns.
        inputs: `(batch, time, features)`, what the machine was given.
        outputs: `(batch, time, bits)`, what it answered, from 0 to 1.
        step: The step to draw, from 0.
        example: Which sequence of the batch.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.images` holds inputs, memory and outputs.

    Raises:
        ValueError: If trace, inputs and outputs are not of as many sequences and steps, or if
            there is no such step or example.

    Example:
        >>> import numpy as np
        >>> from nncourse.models import NeuralTuringMachine
        >>> from nncourse.visualizations import draw_memory
        >>> machine = NeuralTuringMachine(4, 2, memory_slots=8, memory_width=5, controller=6)
        >>> x, y = np.ones((1, 3, 4)), np.ones((1, 3, 2))
        >>> figure, axes = draw_memory(machine.trace(x), x, y, step=2)

    Used in the chapter *Neural Turing Machines*.
    """
    parts = _parts(trace, inputs, outputs, example)
    if step not in range(len(parts.inputs)):
        raise ValueError(
            f"`step` must be an integer from 0 to {len(parts.inputs) - 1}. Received: {step=}"
        )
    figure, ax = axes_or_new(ax, size=(6.4, 4.6))
    _Tape(parts, ax).show(step)
    return figure, ax


def animate_memory(trace, inputs, outputs, *, example=0, seconds=10.0):
    """Animates a memory and its heads, a frame for each step as `draw_memory` draws it.

    Of more than 60 steps 60 are shown, spread evenly.

    Args:
        trace: As for `draw_memory`.
        inputs: As for `draw_memory`.
        outputs: As for `draw_memory`.
        example: Which sequence of the batch.
        seconds: How long the animation takes, a positive number.

    Returns:
        A `matplotlib.animation.FuncAnimation`, to be given to `show_video`.

    Raises:
        ValueError: As `draw_memory`, or if the time is not positive.

    Example:
        >>> import numpy as np
        >>> from nncourse.models import NeuralTuringMachine
        >>> from nncourse.visualizations import animate_memory, show_video
        >>> machine = NeuralTuringMachine(4, 2, memory_slots=8, memory_width=5, controller=6)
        >>> x, y = np.ones((1, 3, 4)), np.ones((1, 3, 2))
        >>> animation = animate_memory(machine.trace(x), x, y, seconds=2)
        >>> show_video(animation, alt="Two heads move over a memory.")
        <Video: Two heads move over a memory.>

    Used in the chapter *Neural Turing Machines*.
    """
    from matplotlib.animation import FuncAnimation

    parts = _parts(trace, inputs, outputs, example)
    if not (np.isfinite(seconds) and seconds > 0):
        raise ValueError(f"`seconds` must be a positive number. Received: {seconds=}")
    figure, ax = private_figure((6.4, 5.2))
    tape, frames = _Tape(parts, ax), thinned(len(parts.inputs))
    ax.set_ylim(bottom=ax.get_ylim()[0] - _CONTROLS)
    tape.show(frames[0])
    freeze_layout(figure)

    def draw(step: int) -> list:
        tape.show(step)
        return []

    return FuncAnimation(
        figure, draw, frames=frames, init_func=list, interval=1000 * seconds / len(frames)
    )


class _Tape:
    """Draws what stays; `show` draws a step."""

    def __init__(self, parts: _Parts, ax):
        self.parts = parts
        steps, slots = len(parts.inputs), len(parts.slots)
        top = 0.0
        self.inputs, top = self._strip(ax, parts.inputs, top, f"input, {steps} steps")
        top -= _GAP
        self._say(ax, top, "write head", _WRITE)
        base = top - _LINE - _HEAD
        centers = np.arange(slots) + 0.5
        self.write = ax.bar(centers / slots, 0, bottom=base, width=0.8 / slots, color=_WRITE)
        largest = max(1, np.abs(parts.memory).max())
        extent = (0, 1, base - _MEMORY, base)
        scale = {"cmap": "RdBu", "vmin": -largest, "vmax": largest, "interpolation": "nearest"}
        first = parts.memory[0].T
        self.memory = ax.imshow(first, extent=extent, aspect="auto", **scale)
        self._frame(ax, base - _MEMORY, _MEMORY)
        floor = base - _MEMORY
        self.read = ax.bar(centers / slots, 0, bottom=floor, width=0.8 / slots, color=_READ)
        top = floor - _HEAD
        self._say(ax, top, "read head", _READ)
        top -= _LINE + _GAP
        self.outputs, top = self._strip(ax, parts.outputs, top, "output")
        self.title = ax.set_title(" ")
        ax.set(xlim=(0, 1), ylim=(top, 0))
        ax.set_axis_off()

    def show(self, step: int) -> None:
        """Shows what is there at the end of a step."""
        parts = self.parts
        for image, array in ((self.inputs, parts.inputs), (self.outputs, parts.outputs)):
            so_far = np.where(np.arange(len(array)) <= step, array.T, np.nan)
            image.set_data(so_far)
        for bars, weights, sign in ((self.write, parts.write, 1), (self.read, parts.read, -1)):
            for bar, weight in zip(bars, weights[step], strict=True):
                bar.set_height(sign * _HEAD * min(weight, 1))
        self.memory.set_data(parts.memory[step].T)
        where = f"slots {parts.slots[0]} to {parts.slots[-1]}"
        self.title.set_text(f"step {step}; memory, {where}")

    def _strip(self, ax, array, top, name):
        """Draws a strip below `top`, under its name, and says where it ends."""
        self._say(ax, top, name, INK)
        top -= _LINE
        largest = max(1, np.abs(array).max())
        scale = {"cmap": "Blues", "vmin": 0, "vmax": largest}
        if array.min() < 0:
            scale = {"cmap": "RdBu", "vmin": -largest, "vmax": largest}
        extent = (0, 1, top - _BITS, top)
        image = ax.imshow(array.T, extent=extent, aspect="auto", interpolation="nearest", **scale)
        self._frame(ax, top - _BITS, _BITS)
        return image, top - _BITS

    @staticmethod
    def _frame(ax, bottom, height) -> None:
        from matplotlib.patches import Rectangle

        style = {"fill": False, "edgecolor": MUTED, "linewidth": 1, "clip_on": False}
        ax.add_patch(Rectangle((0, bottom), 1, height, **style))

    @staticmethod
    def _say(ax, top, text, color) -> None:
        ax.text(0, top - _LINE / 2, text, color=color, size=12, va="center", ha="left")


def _parts(trace, inputs, outputs, example: int) -> _Parts:
    """One sequence of a batch, cut to the slots where heads are."""
    arrays = {
        "trace.memory": np.asarray(trace.memory),
        "trace.write_weights": np.asarray(trace.write_weights),
        "trace.read_weights": np.asarray(trace.read_weights),
        "inputs": np.asarray(inputs),
        "outputs": np.asarray(outputs),
    }
    shape = arrays["trace.memory"].shape[:2]
    for name, array in arrays.items():
        if array.ndim < 3 or array.shape[:2] != shape:
            raise ValueError(
                f"trace, inputs and outputs must be of as many sequences and steps, {shape}. "
                f"Received: {name} of shape {array.shape}"
            )
    if example not in range(shape[0]):
        raise ValueError(
            f"`example` must be an integer from 0 to {shape[0] - 1}. Received: {example=}"
        )
    memory, write, read, inputs, outputs = (array[example] for array in arrays.values())
    write, read = write.sum(axis=1), read.sum(axis=1)  # over the heads
    slots = _slots_in_use(np.maximum(write, read))
    return _Parts(inputs, outputs, write[:, slots], read[:, slots], memory[:, slots], slots)


def _slots_in_use(weights: np.ndarray) -> np.ndarray:
    """The shortest run of slots, around the end, outside of which no head ever is; 40 at most."""
    count = weights.shape[1]
    used = np.flatnonzero(weights.max(axis=0) >= _PRESENT)
    # The run begins behind the widest gap, the last of those: at slot 0 if all are in use.
    gaps = np.diff(used, append=used[0] + count)
    widest = len(gaps) - 1 - int(gaps[::-1].argmax())
    first = used[(widest + 1) % len(used)]
    length = min(count - gaps[widest] + 1, count, _MAX_SLOTS)
    return (first + np.arange(length)) % count
