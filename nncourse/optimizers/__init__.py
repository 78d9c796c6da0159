"""Keras optimizers that Keras itself lacks."""

from nncourse.optimizers.rprop import Rprop

__all__ = ["Rprop"]
