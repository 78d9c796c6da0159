"""The exercises of the chapter *Losses*."""

EXERCISES = ()
