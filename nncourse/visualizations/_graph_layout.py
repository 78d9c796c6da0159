"""Where the nodes and the edges of a layered graph stand, so that it can be read."""

import itertools

import numpy as np

_SORTING = 8  # rounds; small graphs are done after two or three
_STRAIGHTENING = 30
_MARGIN = 0.2  # between neighbors, in the unit of the sizes


def lay_out(edges, node_sizes, label_sizes):
    """Places a graph's nodes in layers and leads its edges between them.

    A node's layer is the length of the longest path to it; one without a path to it stands right
    before its first use. Every edge has a place for its label, half a layer after its start, and
    one on every level that it passes. Nothing on a level overlaps; within that, edges are as
    straight and cross as seldom as some rounds of sorting and moving make them (Sugiyama, Tagawa
    and Toda, "Methods for visual understanding of hierarchical system structures", 1981). The sizes
    don't change the order in which things stand.

    Args:
        edges: Pairs (start, end) of nodes, which are numbered from 0, without a cycle. Every node
            has an edge; a pair may stand there twice.
        node_sizes: How far each node reaches across its layer, a pair (before, after) its center.
        label_sizes: How far each edge's label reaches, likewise.

    Returns:
        Points (layer, across): a `(nodes, 2)` array, and for each edge a `(k, 2)` array, from its
        start by the place of its label to its end.
    """
    layers = _layers(edges, len(node_sizes))
    levels = [2 * layer for layer in layers]  # labels stand on the odd ones
    sizes = list(node_sizes)
    routes = []
    for (start, end), size in zip(edges, label_sizes, strict=True):
        passed = range(levels[start] + 1, levels[end])
        routes.append([start, *range(len(levels), len(levels) + len(passed)), end])
        levels.extend(passed)
        sizes.extend([size, *[(0.0, 0.0)] * (len(passed) - 1)])
    weights = _weights(routes)
    neighbors = [{} for _ in levels]
    for (start, end), weight in weights.items():
        neighbors[start][end] = neighbors[end][start] = weight

    # At first, what an edge passes stands in the order of the node that the edge comes from.
    origin = {place: route[0] for route in routes for place in route[1:-1]}
    rows = [[] for _ in range(max(levels) + 1)]
    for place in sorted(range(len(levels)), key=lambda place: origin.get(place, place)):
        rows[levels[place]].append(place)
    rows = _sorted_rows(rows, neighbors, list(weights))
    points = np.column_stack([np.array(levels) / 2, _straightened(rows, neighbors, sizes)])
    return points[: len(layers)], [points[route] for route in routes]


def smooth(route: np.ndarray) -> np.ndarray:
    """A curve through the places of an edge, not slanted at any of them but its two ends."""
    s = np.linspace(0, 1, 50)
    across = [s**2 * (3 - 2 * s)] * (len(route) - 1)  # the part of the way across after s along
    across[0], across[-1] = 1 - (1 - s) ** 2, s**2
    return np.concatenate(
        [
            start + (end - start) * np.column_stack([s, part])
            for start, end, part in zip(route[:-1], route[1:], across, strict=True)
        ]
    )


def _layers(edges, count: int) -> list[int]:
    layers = [0] * count
    for _ in range(count):
        for start, end in edges:
            layers[end] = max(layers[end], layers[start] + 1)
    sources = {start for start, _ in edges} - {end for _, end in edges}
    for node in sources:
        layers[node] = min(layers[end] for start, end in edges if start == node) - 1
    return layers


def _weights(routes) -> dict[tuple[int, int], float]:
    """How much it matters that a link between two places is straight.

    Much within a long edge and from operation to operation; little at a long edge's ends, and for
    a leaf that joins operations from the side.
    """
    inner = {route[-1] for route in routes}
    joined = {route[-1] for route in routes if route[0] in inner}
    weights = {}
    for route in routes:
        is_short = len(route) == 3
        is_from_side = route[0] not in inner and route[-1] in joined
        for k, link in enumerate(itertools.pairwise(route)):
            is_end = k == 0 or k == len(route) - 2
            is_weak = is_end and (is_from_side or not is_short)
            weights[link] = 0.1 if is_weak else 10.0 if is_short else 100.0
    return weights


def _sorted_rows(rows, neighbors, links) -> list[list[int]]:
    """The rows, each sorted by where its neighbors stand, in the round with fewest crossings."""
    best, fewest = rows, _crossings(rows, links)
    level = {place: index for index, row in enumerate(rows) for place in row}
    rows = [list(row) for row in rows]
    for step in itertools.islice(itertools.cycle((1, -1)), _SORTING):
        for row in rows[::step]:
            index = {place: i for other in rows for i, place in enumerate(other)}
            near = {}
            for place in row:
                before = [index[n] for n in neighbors[place] if level[n] == level[place] - step]
                near[place] = np.mean(before) if before else index[place]
            row.sort(key=near.get)
        crossings = _crossings(rows, links)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _crossings(rows, links) -> int:
    index = {place: (level, i) for level, row in enumerate(rows) for i, place in enumerate(row)}
    ends = [(*index[start], index[end][1]) for start, end in links]
    return sum(
        a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0
        for a, b in itertools.combinations(ends, 2)
    )


def _straightened(rows, neighbors, sizes) -> np.ndarray:
    """Coordinates across: each row in turn goes as near to its neighbors as there is room."""
    # From the first of a row to each: the least distance that its order and the sizes leave.
    least = [
        np.cumsum([0.0] + [sizes[a][1] + _MARGIN + sizes[b][0] for a, b in itertools.pairwise(row)])
        for row in rows
    ]
    down = list(zip(rows, least, strict=True))
    across = np.zeros(len(neighbors))
    for row, distances in down:
        across[row] = distances - distances.mean()
    strengths = [sum(near.values()) for near in neighbors]
    for _ in range(_STRAIGHTENING):
        for row, distances in down + down[::-1]:
            means = [
                sum(pull * across[n] for n, pull in neighbors[place].items()) / strengths[place]
                for place in row
            ]
            # Least squares with the distances kept: less the distances, without a descent.
            across[row] = ascending(means - distances, [strengths[n] for n in row]) + distances
    return across


def ascending(targets, weights) -> np.ndarray:
    """The numbers that never descend and are nearest to the targets, in weighted squares."""
    pools = []  # of neighbors that share their mean: mean, weight, count
    for target, weight in zip(targets, weights, strict=True):
        pools.append((target, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (mean_1, weight_1, count_1), (mean_2, weight_2, count_2) = pools[-2:]
            total = weight_1 + weight_2
            mean = (weight_1 * mean_1 + weight_2 * mean_2) / total
            pools[-2:] = [(mean, total, count_1 + count_2)]
    return np.repeat([mean for mean, _, _ in pools], [count for _, _, count in pools])
