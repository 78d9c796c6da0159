"""`check` itself: it survives every answer, stops in time, and says what it found."""

import json
import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from nncourse import assignments
from nncourse.assignments import _check
from nncourse.assignments._check import EXERCISES
from nncourse.assignments._report import _COLORS, Report

HEBBIAN = "perceptron.hebbian_update"


class Hostile:
    """Raises whatever is asked of it."""

    def _raise(self, *_, **__):
        raise RuntimeError("do not touch")

    __eq__ = __bool__ = __repr__ = __str__ = __array__ = __len__ = __iter__ = __deepcopy__ = _raise
    __hash__ = None


class HostileError(Exception):
    def __str__(self):
        raise RuntimeError("no message")


def raising(error):
    def answer(w, x, t, lr):
        raise error

    return answer


def endless(*arguments):
    return endless(*arguments)


def changes_w(w, x, t, lr):
    w += lr * t * np.append(1, x)
    return w


def right_but_changes_w(w, x, t, lr):
    w[:] = EXERCISES[HEBBIAN].solution(w, x, t, lr)
    return w


def changes_w_and_returns_nothing(w, x, t, lr):
    w[0] += 1


def returns_sometimes(w, x, t, lr):
    if t * (w[0] + w[1:] @ x) <= 0:
        return w + lr * t * np.append(1, x)


def shouts(w, x, t, lr):
    print("shout " * 1000)
    print("shout " * 1000, file=sys.stderr)
    return w


async def later(w, x, t, lr):
    return w


@pytest.mark.parametrize(
    ("answer", "received", "hint"),
    [
        (raising(SystemExit(3)), "SystemExit: 3", "crashed"),
        (raising(KeyboardInterrupt()), "KeyboardInterrupt", "crashed"),
        (raising(GeneratorExit()), "GeneratorExit", "crashed"),
        (raising(MemoryError()), "MemoryError", "crashed"),
        (raising(HostileError()), "HostileError", "crashed"),
        (lambda w, x, t, lr: 1 / 0, "ZeroDivisionError", "failing_input"),
        (endless, "RecursionError", "calls itself"),
        (lambda w: w, "TypeError", "called as hebbian_update(w, x, t, lr)"),
        (lambda w, x, t, lr, more: w, "TypeError", "called as hebbian_update(w, x, t, lr)"),
        (lambda w, x, t, lr: w if w > 0 else x, "ValueError", "np.where"),
        (lambda w, x, t, lr: Hostile(), "do not touch", "crashed"),
        (lambda w, x, t, lr: "w", "type str", "number"),
        (lambda w, x, t, lr: {1: 2}, "type dict", "number"),
        (lambda w, x, t, lr: 1j, "type complex", "number"),
        (lambda w, x, t, lr: [[1], [2, 3]], "inhomogeneous", "crashed"),
        (later, "type coroutine", "number"),
        (lambda w, x, t, lr: (w for _ in x), "type generator", "number"),
        (lambda w, x, t, lr: np.broadcast_to(0.0, (10**9, 9)), "(1000000000, 9)", "large"),
        (lambda w, x, t, lr: np.nan * w, None, "NaN"),
        (lambda w, x, t, lr: w[:1], None, "shape (3,), and yours has (1,)"),
        (changes_w, "a changed w", "w = w + ..."),
        (right_but_changes_w, "a changed w", "w = w + ..."),
        (changes_w_and_returns_nothing, "a changed w", "w = w + ..."),
        (returns_sometimes, "None", "every branch needs a `return`"),
        (shouts, None, "unchanged"),
        (Hostile, "TypeError", "called as"),
    ],
)  # fmt: skip
def test_no_answer_makes_it_raise(answer, received, hint, capfd):
    report = assignments.check(HEBBIAN, answer)
    assert report.status == "failed"
    assert hint in report.hint
    assert received is None or received in report.received
    assert list(report.failing_input) == ["w", "x", "t", "lr"]
    assert capfd.readouterr() == ("", "")
    json.dumps(report.to_dict(), allow_nan=False)
    assert report.hint in str(report)


@pytest.mark.parametrize(
    "answer",
    [Hostile(), "abc", {1, 2, 3}, 5, (1, 2), (1, "x", 2), (1, 2, 3j), ([1], [2, 3], 4),
     (1, np.nan, 2), (1, np.inf, 2), np.zeros((1, 3)), object(), Hostile, lambda: (1, 2, 3)],
)  # fmt: skip
@pytest.mark.parametrize("name", ["perceptron.nand_weights", "multilayer_perceptron.xor_network"])
def test_no_value_makes_it_raise(name, answer):
    report = assignments.check(name, answer)
    assert report.status == "failed"
    assert report.hint
    assert report.hint in str(report)


def test_the_form_of_a_value_is_told():
    hint = assignments.check("perceptron.nand_weights", (1, 2)).hint
    assert hint == "The answer (w0, w1, w2) must have the shape (3,), and yours has (2,)."
    assert "four parts" in assignments.check("multilayer_perceptron.xor_network", 5).hint
    assert "pair" in assignments.check(
        "multilayer_perceptron.relu_as_maxout", lambda kernel, bias: 5
    ).hint  # fmt: skip


def test_a_value_in_place_of_a_function_and_the_reverse():
    report = assignments.check(HEBBIAN, np.zeros(3))
    assert "function itself" in report.hint
    assert report.failing_input is None
    assert "not a function" in assignments.check("perceptron.nand_weights", lambda: 1).hint


def stub(w, x, t, lr): ...


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        (HEBBIAN, stub),
        (HEBBIAN, ...),
        (HEBBIAN, None),
        (HEBBIAN, lambda w, x, t, lr: None),
        (HEBBIAN, lambda w, x, t, lr: ...),
        (HEBBIAN, raising(NotImplementedError())),
        ("multilayer_perceptron.relu_as_maxout", lambda kernel, bias: (..., ...)),
        ("perceptron.nand_weights", ...),
        ("perceptron.nand_weights", (..., ..., ...)),
        ("multilayer_perceptron.xor_network", [[[..., ...], [..., ...]], ..., ..., ...]),
    ],
)
def test_a_stub_is_not_attempted(name, answer):
    report = assignments.check(name, answer)
    assert report.status == "not attempted"
    assert not report.passed
    assert report.score == 0
    assert "in place of the dots" in report.hint


def loop(*arguments):
    while True:
        pass


def loop_that_catches(*arguments):
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def loop_that_prints(*arguments):
    while True:
        print("again")


@pytest.mark.parametrize("answer", [loop, loop_that_catches, loop_that_prints])
def test_an_endless_loop_is_stopped(answer, monkeypatch, capfd):
    monkeypatch.setattr(_check, "_TIME_LIMIT", 0.3)
    before, start = set(threading.enumerate()), time.monotonic()
    report = assignments.check(HEBBIAN, answer)
    assert time.monotonic() - start < 3
    assert set(threading.enumerate()) == before  # the loop is over, not just left alone
    assert report.status == "failed"
    assert "loop" in report.hint
    assert "0.3 s" in report.received
    assert capfd.readouterr() == ("", "")


def test_the_limit_is_for_all_inputs_together(monkeypatch):
    monkeypatch.setattr(_check, "_TIME_LIMIT", 0.3)
    calls = []

    def slow(w, x, t, lr):
        calls.append(1)
        time.sleep(0.1)
        return EXERCISES[HEBBIAN].solution(w, x, t, lr)

    report = assignments.check(HEBBIAN, slow)
    assert report.right == len(calls) - 1
    assert 1 <= report.right <= 3


def test_the_caller_comes_free_of_what_can_not_be_stopped(monkeypatch):
    monkeypatch.setattr(_check, "_TIME_LIMIT", 0.1)
    release = threading.Event()

    def deaf(w, x, t, lr):
        while not release.is_set():
            try:
                release.wait(0.05)
            except BaseException:
                continue

    start = time.monotonic()
    report = assignments.check(HEBBIAN, deaf)
    assert time.monotonic() - start < 3
    assert "restart" in report.hint
    release.set()


def test_the_limit_is_ten_seconds():
    assert _check._TIME_LIMIT == 10


def test_it_works_in_a_thread(monkeypatch):
    monkeypatch.setattr(_check, "_TIME_LIMIT", 0.2)
    reports = []
    thread = threading.Thread(target=lambda: reports.append(assignments.check(HEBBIAN, loop)))
    thread.start()
    thread.join(5)
    assert "loop" in reports[0].hint


def inputs_seen(**options):
    seen = []

    def answer(*arguments):
        seen.append(repr(arguments))
        return arguments[0]

    assignments.check(HEBBIAN, answer, **options)
    return seen


def test_inputs_are_fresh_unless_a_seed_is_given():
    assert inputs_seen() != inputs_seen()
    assert inputs_seen(seed=1) == inputs_seen(seed=1) != inputs_seen(seed=2)


def test_the_failing_input_repeats_the_failure():
    def answer(w, x, t, lr):
        return w if len(w) == 3 else np.ones(len(w))

    report = assignments.check(HEBBIAN, answer)
    again = answer(*report.failing_input.values())
    assert np.array_equal(again, report.received)
    right = EXERCISES[HEBBIAN].solution(*report.failing_input.values())
    assert np.array_equal(right, report.expected)
    assert not np.array_equal(again, right)


def test_the_list_is_in_the_order_of_the_chapters():
    assert assignments.list() == [
        "perceptron.nand_weights",
        "perceptron.hebbian_update",
        "perceptron.rosenblatt_update",
        "perceptron.perceptron_loss",
        "perceptron.update_bound",
        "perceptron.multiclass_update",
        "multilayer_perceptron.parameter_count",
        "multilayer_perceptron.xor_network",
        "multilayer_perceptron.softmax",
        "multilayer_perceptron.elu_derivative",
        "multilayer_perceptron.maxout",
        "multilayer_perceptron.relu_as_maxout",
        "backpropagation.descent",
        "backpropagation.three_paths",
        "backpropagation.dense_backward",
        "backpropagation.softmax_crossentropy_gradient",
        "backpropagation.network_gradients",
        "backpropagation.batch_variance",
        "losses.gaussian_log_likelihood",
        "losses.binary_crossentropy",
        "losses.hinge_gradient",
        "losses.weight_decay",
        "losses.poisson_loss",
        "losses.laplace_fit",
        "generalization.k_fold",
        "generalization.stratified_split",
        "generalization.stopping_epoch",
        "generalization.ridge_weights",
        "generalization.dropout_layer",
        "generalization.expected_best",
        "training.momentum_step",
        "training.adam_step",
        "training.second_moment",
        "training.fold_batch_norm",
        "training.clip_by_global_norm",
        "training.cosine_schedule",
        "filters.correlate",
        "filters.convolution_kernel",
        "filters.separate",
        "filters.similarity",
        "filters.nearest_class",
        "convolution_arithmetic.stack_output_size",
        "convolution_arithmetic.same_padding",
        "convolution_arithmetic.matrix_row",
        "convolution_arithmetic.transposed_geometry",
        "convolution_arithmetic.count_stamps",
        "convolution_arithmetic.field_of_stack",
        "convolutional_networks.network_parameters",
        "convolutional_networks.window_rows",
        "convolutional_networks.kernel_gradient",
        "convolutional_networks.max_pool_backward",
        "convolutional_networks.paired_gain",
        "time_series.fit_autoregression",
        "time_series.largest_root",
        "time_series.causal_field",
        "time_series.kalman_step",
        "time_series.log_likelihood",
        "time_series.best_path",
        "recurrent_networks.elman_step",
        "recurrent_networks.linear_bptt",
        "recurrent_networks.truncated_gradient",
        "recurrent_networks.gradient_bound",
        "recurrent_networks.parity_weights",
        "recurrent_networks.chance_to_appear",
        "gated_memory.lstm_step",
        "gated_memory.memory_gradient",
        "gated_memory.forget_bias",
        "gated_memory.gru_step",
        "gated_memory.recurrent_parameters",
        "gated_memory.scan_steps",
        "language_models.perplexity",
        "language_models.add_k",
        "language_models.continuation_count",
        "language_models.nucleus",
        "language_models.beam_step",
        "language_models.own_symbol",
        "language_models.second_symbol_uniform",
        "sequence_to_sequence.teacher_forcing",
        "sequence_to_sequence.masked_loss",
        "sequence_to_sequence.exact_share",
        "sequence_to_sequence.lags",
        "sequence_to_sequence.translator_parameters",
        "sequence_to_sequence.zero_shot_pairs",
        "attention.masked_weights",
        "attention.additive_scores",
        "attention.scaled_context",
        "attention.causal_attention",
        "attention.attention_parameters",
        "neural_turing_machines.content_weighting",
        "neural_turing_machines.shift_weighting",
        "neural_turing_machines.write",
        "neural_turing_machines.machine_parameters",
        "neural_turing_machines.read_next",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("perceptron.hebian_update", "Did you mean perceptron.hebbian_update"),
        ("hebbian_update", "Did you mean perceptron.hebbian_update"),
        ("quite another thing", "assignments.list"),
        (None, "name=None"),
        (["perceptron.nand_weights"], "`name` must be one of the exercises"),
    ],
)
def test_an_unknown_exercise(name, message):
    with pytest.raises(ValueError, match=message):
        assignments.check(name, None)


def test_text():
    report = Report(
        "chapter.task",
        "failed",
        hint="Think.",
        failing_input={"w": np.array([0.0, -1.25]), "t": -1},
        expected=np.arange(50.0).reshape(5, 10),
        received=np.array([[np.nan, -0.0], [1e-7, np.inf]]),
        right=3,
        inputs=20,
    )
    assert str(report) == (
        "chapter.task: failed (3 of 20 inputs right)\n"
        "  First input that fails: w = [0, -1.25], t = -1\n"
        "  Expected: an array of shape (5, 10): 0, 1, 2, 3, 4, ...\n"
        "  Received: [[nan, 0], [1e-07, inf]]\n"
        "  Hint: Think."
    )
    plain = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert plain["failing_input"] == {"w": [0.0, -1.25], "t": -1}
    assert plain["received"] == [["nan", 0.0], [1e-07, "inf"]]
    assert (plain["status"], plain["score"], plain["passed"]) == ("failed", 0, False)


def test_the_box_escapes_everything():
    report = assignments.check(HEBBIAN, raising(ValueError("<script>alert('&')</script>")))
    box = report._repr_html_()
    assert "<script" not in box
    assert "&lt;script&gt;" in box
    assert not re.search(r"<(pre|code|style|link)", box)
    assert set(re.findall(r"</?(\w+)", box)) == {"div", "span", "strong"}
    assert box.count("<div") == box.count("</div")


def test_what_a_hint_quotes_is_code_in_the_box():
    box = Report("chapter.task", "failed", hint="End with `return <x>`.")._repr_html_()
    assert 'End with <span style="font-family: monospace">return &lt;x&gt;</span>.' in box


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


@pytest.mark.parametrize("status", ["passed", "failed", "not attempted"])
def test_the_box_is_readable_on_its_own_background(status):
    text, background, _ = _COLORS[status]
    assert (luminance(background) + 0.05) / (luminance(text) + 0.05) > 7  # WCAG's AAA
    box = Report("chapter.task", status)._repr_html_()
    assert f"color: {text}; background: {background}" in box


def test_importing_it_is_cheap():
    code = (
        "import sys, nncourse.assignments; "
        "heavy = {'keras', 'tensorflow', 'matplotlib', 'sklearn', 'nbclient', 'nbformat', 'pooch'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
