"""Right answers to the exercises of the chapter *Backpropagation*, written another way."""

ANSWERS = []
