"""Right answers to the exercises of the chapter *Neural Turing Machines*, written another way."""

import keras
import numpy as np
from scipy.ndimage import convolve1d
from scipy.spatial.distance import cdist
from scipy.special import softmax

from nncourse.layers import addressing
from nncourse.models import NeuralTuringMachine


def content_weighting(memory, key, strength):
    return softmax(strength * (1 - cdist(memory, key[None], "cosine")[:, 0]))


def content_weighting_of_the_package(memory, key, strength):
    arrays = [np.atleast_2d(array).astype("float32") for array in (memory, key, strength)]
    return keras.ops.convert_to_numpy(addressing.content_addressing(*arrays))[0]


def shift_weighting(w, kernel):
    return convolve1d(w, kernel, mode="wrap")


def shift_weighting_slot_by_slot(w, kernel):
    moved = [0.0] * len(w)
    for slot, weight in enumerate(w):
        for move, chance in zip((-1, 0, 1), kernel, strict=True):
            moved[(slot + move) % len(w)] += weight * chance
    return moved


def write(memory, w, erase, add):
    return [
        [old - old * w[i] * erase[j] + w[i] * add[j] for j, old in enumerate(row)]
        for i, row in enumerate(memory)
    ]


def machine_parameters(inputs, outputs, slots, width, units):
    slots = max(slots, 3)  # as many as there are moves; they count for nothing
    return NeuralTuringMachine(inputs, outputs, slots, width, units).count_params()


def read_next(memory, key, strength):
    *rest, last = content_weighting(memory, key, strength)
    return softmax(3 * np.log([last, *rest])) @ memory


ANSWERS = [
    ("neural_turing_machines.content_weighting", content_weighting),
    ("neural_turing_machines.content_weighting", content_weighting_of_the_package),
    ("neural_turing_machines.shift_weighting", shift_weighting),
    ("neural_turing_machines.shift_weighting", shift_weighting_slot_by_slot),
    ("neural_turing_machines.write", write),
    ("neural_turing_machines.machine_parameters", machine_parameters),
    ("neural_turing_machines.read_next", read_next),
]
