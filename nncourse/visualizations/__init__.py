"""Every figure that the chapters draw, in one style.

The functions return `(figure, axes)`, take `ax=` to draw into axes that exist, and leave showing to
the notebook. Matplotlib is imported when the first of them is called.
"""

from nncourse.visualizations.activations import plot_activation, plot_activations
from nncourse.visualizations.addressing import plot_addressing
from nncourse.visualizations.alignment import plot_alignment
from nncourse.visualizations.beam_tree import draw_beam_tree
from nncourse.visualizations.bias_variance import plot_bias_variance
from nncourse.visualizations.by_length import accuracy_by_length
from nncourse.visualizations.causal_stack import draw_causal_stack
from nncourse.visualizations.computation_graph import draw_computation_graph
from nncourse.visualizations.convergence import plot_updates_against_bound
from nncourse.visualizations.convolution import animate_convolution, draw_convolution
from nncourse.visualizations.convolution_matrix import draw_convolution_matrix
from nncourse.visualizations.decision_regions import plot_decision_regions
from nncourse.visualizations.descent_animation import animate_descent
from nncourse.visualizations.early_stopping import plot_early_stopping
from nncourse.visualizations.encoder_decoder import draw_encoder_decoder
from nncourse.visualizations.filtered import plot_filtered
from nncourse.visualizations.gate_activity import plot_gate_activity
from nncourse.visualizations.gradient_norms import plot_gradient_norms
from nncourse.visualizations.hidden_states import plot_states
from nncourse.visualizations.images import show_images
from nncourse.visualizations.layer_histograms import plot_layer_histograms
from nncourse.visualizations.learning_line import animate_learning_line
from nncourse.visualizations.line import plot_line
from nncourse.visualizations.loss_surface import plot_loss_surface
from nncourse.visualizations.lstm_cell import draw_lstm_cell
from nncourse.visualizations.memory_tape import animate_memory, draw_memory
from nncourse.visualizations.misclassified import show_misclassified
from nncourse.visualizations.network import draw_network
from nncourse.visualizations.neuron import draw_neuron
from nncourse.visualizations.points import plot_points
from nncourse.visualizations.receptive_fields import draw_receptive_fields
from nncourse.visualizations.softmax import plot_softmax_temperature
from nncourse.visualizations.source import show_source
from nncourse.visualizations.strips import plot_strips
from nncourse.visualizations.style import COLORS, LINESTYLES, MARKERS, use_style
from nncourse.visualizations.training import plot_training
from nncourse.visualizations.transposed_convolution import animate_transposed_convolution
from nncourse.visualizations.trellis import animate_viterbi
from nncourse.visualizations.unrolled import draw_unrolled
from nncourse.visualizations.video import show_video

__all__ = [
    "COLORS",
    "LINESTYLES",
    "MARKERS",
    "accuracy_by_length",
    "animate_convolution",
    "animate_descent",
    "animate_learning_line",
    "animate_memory",
    "animate_transposed_convolution",
    "animate_viterbi",
    "draw_beam_tree",
    "draw_causal_stack",
    "draw_computation_graph",
    "draw_convolution",
    "draw_convolution_matrix",
    "draw_encoder_decoder",
    "draw_lstm_cell",
    "draw_memory",
    "draw_network",
    "draw_neuron",
    "draw_receptive_fields",
    "draw_unrolled",
    "plot_activation",
    "plot_activations",
    "plot_addressing",
    "plot_alignment",
    "plot_bias_variance",
    "plot_decision_regions",
    "plot_early_stopping",
    "plot_filtered",
    "plot_gate_activity",
    "plot_gradient_norms",
    "plot_layer_histograms",
    "plot_line",
    "plot_loss_surface",
    "plot_points",
    "plot_softmax_temperature",
    "plot_states",
    "plot_strips",
    "plot_training",
    "plot_updates_against_bound",
    "show_images",
    "show_misclassified",
    "show_source",
    "show_video",
    "use_style",
]
