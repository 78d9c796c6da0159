"""From a model of the next symbol to a sequence: greedily, by chance, or by a search."""

from nncourse.decoding.beam_search import beam_search
from nncourse.decoding.greedy import greedy
from nncourse.decoding.sample import sample

__all__ = ["beam_search", "greedy", "sample"]
