"""The exercises of the chapter *Generalization*."""

EXERCISES = ()
