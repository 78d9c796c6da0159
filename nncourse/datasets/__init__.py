"""Data that come along (`load_*`), are generated (`make_*`) or are downloaded (`fetch_*`)."""

from nncourse.datasets.adding_problem import make_adding_problem
from nncourse.datasets.anbn import make_anbn
from nncourse.datasets.associative_recall import make_associative_recall
from nncourse.datasets.binary_arithmetic import make_binary_arithmetic
from nncourse.datasets.copy_task import make_copy
from nncourse.datasets.digits import load_digits
from nncourse.datasets.dyck_words import make_dyck
from nncourse.datasets.dynamic_ngrams import make_dynamic_ngrams, optimal_ngram_predictions
from nncourse.datasets.help_text import load_help_text
from nncourse.datasets.mnist import fetch_mnist
from nncourse.datasets.number_words import make_number_words, number_to_words, words_to_number
from nncourse.datasets.pictures import load_picture
from nncourse.datasets.priority_sort import make_priority_sort
from nncourse.datasets.repeat_copy import make_repeat_copy
from nncourse.datasets.separable import make_separable
from nncourse.datasets.shakespeare import fetch_shakespeare
from nncourse.datasets.spirals import make_spirals
from nncourse.datasets.sunspots import load_sunspots
from nncourse.datasets.temporal_order import make_temporal_order
from nncourse.datasets.token_vocabulary import TokenVocabulary
from nncourse.datasets.word_digits import number_word_digits
from nncourse.datasets.xor import make_xor

__all__ = [
    "TokenVocabulary",
    "fetch_mnist",
    "fetch_shakespeare",
    "load_digits",
    "load_help_text",
    "load_picture",
    "load_sunspots",
    "make_adding_problem",
    "make_anbn",
    "make_associative_recall",
    "make_binary_arithmetic",
    "make_copy",
    "make_dyck",
    "make_dynamic_ngrams",
    "make_number_words",
    "make_priority_sort",
    "make_repeat_copy",
    "make_separable",
    "make_spirals",
    "make_temporal_order",
    "make_xor",
    "number_to_words",
    "number_word_digits",
    "optimal_ngram_predictions",
    "words_to_number",
]
