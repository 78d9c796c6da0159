import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import isotonic_regression

from nncourse.visualizations._graph_layout import ascending, lay_out, smooth


@st.composite
def graphs(draw):
    """Edges of a graph without a cycle in which every node has an edge, and sizes."""
    count = draw(st.integers(2, 9))
    edges = [(draw(st.integers(0, end - 1)), end) for end in range(1, count)]
    more = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges += [pair for pair in draw(st.lists(more, max_size=6)) if pair[0] < pair[1]]
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    order = rng.permutation(count)  # the numbers say nothing of the layers
    edges = [(int(order[a]), int(order[b])) for a, b in edges]
    return edges, rng.uniform(0, 1, (count, 2)), rng.uniform(0, 1, (len(edges), 2))


@given(graphs())
def test_nothing_on_a_level_overlaps_and_edges_pass_their_places(graph):
    edges, sizes, label_sizes = graph
    points, routes = lay_out(edges, sizes, label_sizes)
    places = [(*point, *size) for point, size in zip(points, sizes, strict=True)]
    for (start, end), route, size in zip(edges, routes, label_sizes, strict=True):
        np.testing.assert_array_equal(route[[0, -1]], points[[start, end]])
        np.testing.assert_array_equal(np.diff(route[:, 0]), 0.5)
        places += [(*route[1], *size)] + [(*point, 0, 0) for point in route[2:-1]]
        curve = smooth(route)
        assert (np.diff(curve[:, 0]) >= 0).all()
        for place in route:
            assert np.abs(curve - place).max(axis=1).min() < 1e-9
        steps = np.diff(curve[:, 1])
        for k in range(1, len(route) - 1):  # at the places between its ends it is not slanted
            near = steps[50 * k - 2 : 50 * k + 1]
            assert np.abs(near).max() < 0.01 * np.abs(np.diff(route[k - 1 : k + 2, 1])).max() + 1e-9
    for a, b in itertools.pairwise(sorted(places)):
        if a[0] == b[0]:
            assert b[1] - a[1] >= a[3] + b[2] + 0.2 - 1e-9


@given(graphs())
def test_layers_are_longest_paths_and_leaves_stand_before_their_first_use(graph):
    edges, sizes, label_sizes = graph
    points, _ = lay_out(edges, sizes, label_sizes)
    longest = {}

    def path_to(node):
        if node not in longest:
            longest[node] = max((1 + path_to(a) for a, b in edges if b == node), default=0)
        return longest[node]

    for node, (layer, _) in enumerate(points):
        if path_to(node):
            assert layer == path_to(node)
        else:
            assert layer == min(path_to(b) for a, b in edges if a == node) - 1


@given(graphs())
def test_sizes_do_not_change_the_order(graph):
    edges, sizes, label_sizes = graph
    with_sizes = lay_out(edges, sizes, label_sizes)
    without = lay_out(edges, 0 * sizes, 0 * label_sizes)
    sketch, final = (
        np.concatenate([points, *(route[1:-1] for route in routes)])
        for points, routes in (without, with_sizes)
    )
    assert [*np.lexsort(sketch.T[::-1])] == [*np.lexsort(final.T[::-1])]


CHAIN = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 2), (6, 4)]
SKIPS = [(0, 1), (2, 1), (1, 3), (3, 4), (0, 4), (4, 5), (6, 5), (5, 7), (7, 8), (4, 8)]
# Numbered so that the edges cross if the nodes stand in this order.
TREE = [(0, 4), (2, 4), (1, 5), (3, 5), (4, 6), (5, 6)]


@pytest.mark.parametrize("edges", [CHAIN, SKIPS, TREE])
def test_the_edges_of_a_plain_graph_do_not_cross(edges):
    count = max(itertools.chain(*edges)) + 1
    _, routes = lay_out(edges, [(0.2, 0.2)] * count, [(0.5, 0.5)] * len(edges))
    links = [link for route in routes for link in itertools.pairwise(route)]
    for (a, b), (c, d) in itertools.combinations(links, 2):
        if a[0] == c[0]:
            assert (a[1] - c[1]) * (b[1] - d[1]) >= 0


def test_a_chain_of_operations_is_straight():
    points, _ = lay_out(CHAIN, [(0.2, 0.2)] * 7, [(0.5, 0.5)] * len(CHAIN))
    assert np.ptp(points[1:5, 1]) < 0.05
    assert min(abs(points[5, 1] - points[2, 1]), abs(points[6, 1] - points[4, 1])) > 0.5


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(0.1, 9)), min_size=1, max_size=9))
def test_ascending_is_isotonic_regression(pairs):
    targets, weights = np.array(pairs).T
    expected = isotonic_regression(targets, sample_weight=weights)
    np.testing.assert_allclose(ascending(targets, weights), expected, atol=1e-9)
