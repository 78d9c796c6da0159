"""The exercises of the chapter *Backpropagation*."""

EXERCISES = ()
