"""Each rule lets a good chapter pass and names what is wrong with a broken one."""

import copy

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.book import rules
from tests.book.exercise_rules import has_exercises

ALT = {"mystnb": {"image": {"alt": "Two groups of points and the line between them."}}}
COMPARED = {"tags": ["nbval-check-output"]}
COUNT = new_output("stream", name="stdout", text="2 updates\n")


def exercise(number: int) -> list:
    name = f"perceptron.exercise_{number}"
    return [
        new_markdown_cell(
            f"```{{exercise-start}} Number {number}\n:label: ex-{number}\n```\n\nDo it.\n\n"
            "```{exercise-end}\n```"
        ),
        new_code_cell(f'def answer(x):\n    ...\n\n\nassignments.check("{name}", answer)'),
        new_markdown_cell(f"```{{solution-start}} ex-{number}\n:class: dropdown\n```"),
        new_code_cell(
            f'# Solution (not graded)\nreport = assignments.check("{name}", abs)\n'
            "assert report.passed"
        ),
        new_markdown_cell("```{solution-end}\n```"),
    ]


def good_chapter():
    return new_notebook(
        cells=[
            new_markdown_cell(
                "(units)=\n# Units\n\nAt the end of this chapter you can build a unit,\n"
                "and prove what it does."
            ),
            new_code_cell(rules.INSTALL, metadata={"tags": ["remove-cell", "nbval-skip"]}),
            new_code_cell(
                "import keras\nimport numpy as np\n\n"
                "from nncourse import assignments, visualizations\n"
                "from nncourse.scratch import Perceptron\n\nkeras.utils.set_random_seed(0)"
            ),
            new_code_cell("rng = np.random.default_rng(0)"),
            new_code_cell(
                'print("2 updates")', metadata=COMPARED, outputs=[COUNT], execution_count=4
            ),
            new_code_cell("visualizations.plot_points([[0, 0], [1, 1]], [-1, 1])", metadata=ALT),
            new_markdown_cell("## A section\n\n```python\n# not a title\n```"),
            new_markdown_cell("## Exercises"),
            *(cell for number in range(3) for cell in exercise(number)),
            new_markdown_cell("```{exercise} Open-ended\n:label: ex-open\n\nWhat if?\n```"),
            new_markdown_cell("## Summary\n\n- All is well.\n\n## Further reading\n\nBooks."),
        ]
    )


def change(old: str, new: str):
    def broken(chapter):
        cell = next(c for c in chapter.cells if old in c.source)
        cell.source = cell.source.replace(old, new)

    return broken


def add(source: str, **parts):
    return lambda chapter: chapter.cells.insert(5, new_code_cell(source, **parts))


def retag(chapter):
    chapter.cells[1].metadata.tags = ["nbval-skip"]


def update_compared(**parts):
    return lambda chapter: chapter.cells[4].update(copy.deepcopy(parts))


def drop_alt(chapter):
    chapter.cells[5].metadata.mystnb.image.alt = "Points."


def drop_exercise(chapter):
    del chapter.cells[8:13]


def drop_solution(chapter):
    del chapter.cells[10:13]


BROKEN = [
    (rules.has_one_title, change("# Units", "## Units"), "opens with its one title"),
    (rules.has_one_title, change("## A section", "# A section"), "opens with its one title"),
    (rules.has_promise, change("At the end", "In the end"), "first paragraph must begin"),
    (rules.has_last_sections, change("## Summary", "## Conclusion"), "last sections must be"),
    (rules.has_last_sections, change("## Further reading", "**Reading**"), "last sections must be"),
    (rules.has_install_cell, change("%pip install -q nncourse", "pass"), "first code cell must be"),
    (rules.has_install_cell, retag, "first code cell must be"),
    (has_exercises, drop_exercise, "has 4 exercises or more; this has 3"),
    (has_exercises, change("ex-1\n```", "ex-0\n```"), "label of its own"),
    (has_exercises, change(":label: ex-1\n", ""), "label of its own"),
    (has_exercises, change("    ...", "    return x"), "no stub"),
    (has_exercises, change('assignments.check("perceptron.exercise_0", answer)', ""), "no `assign"),
    (has_exercises, drop_solution, "exercise ex-0: it has code but no solution"),
    (has_exercises, change("solution-start} ex-0", "solution-start} ex-9"), "but no solution"),
    (has_exercises, change("\n:class: dropdown", ""), "must be folded away"),
    (has_exercises, change('check("perceptron.exercise_0", abs)', "x"), "is not checked for"),
    (has_exercises, change("assert report.passed", "report"), "must `assert ... .passed`"),
    (has_exercises, change("# Solution (not graded)\n", ""), "or it is graded"),
    (rules.figures_have_alt_text, drop_alt, "draws (visualizations.plot_points) without alt"),
    (rules.figures_have_alt_text, add("plt.subplots()"), "draws (plt.subplots) without alt"),
    (rules.is_seeded, change("default_rng(0)", "default_rng()"), "without a seed"),
    (rules.is_seeded, add("np.random.rand(3)"), "unseeded state"),
    (rules.is_seeded, change("keras.utils.set_random_seed(0)", ""), "uses Keras without"),
    (rules.has_checked_outputs, update_compared(metadata={}), "no output is compared"),
    (rules.has_checked_outputs, update_compared(outputs=[]), "stores no output"),
    (rules.has_checked_outputs, update_compared(execution_count=None), "stores no execution count"),
    (rules.stores_nothing_else, add("1", outputs=[COUNT]), "stores an output that is not compared"),
    (rules.has_no_local_path, add('open("/home' + '/ada/x.csv")'), "holds a local path: /home"),
    (
        rules.has_no_local_path,
        update_compared(outputs=[new_output("stream", text="C:" + "\\data")]),
        "holds a local path: C:",
    ),
    (rules.has_short_cells, add("\n".join(["x = 1"] * 21)), "has 21 lines"),
    (rules.names_exist, change("import Perceptron", "import Perceptrom"), "Perceptrom"),
    (rules.names_exist, change(".plot_points(", ".plot_pints("), "visualizations.plot_pints"),
    (rules.names_exist, add("import nncourse.nothing"), "nncourse.nothing"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_good_chapter_passes(rule):
    assert rule(good_chapter()) == []


@pytest.mark.parametrize(
    ("rule", "breaks", "problem"), BROKEN, ids=[f"{rule.__name__}-{p}" for rule, _, p in BROKEN]
)
def test_a_broken_chapter_is_named(rule, breaks, problem):
    chapter = good_chapter()
    breaks(chapter)
    assert problem in " ".join(rule(chapter))


def test_every_rule_is_broken_once():
    assert {rule for rule, _, _ in BROKEN} == set(rules.RULES)


def test_a_chapter_without_any_seed():
    chapter = new_notebook(cells=[new_code_cell("x = 1")])
    assert "sets no seed" in rules.is_seeded(chapter)[0]
    chapter.cells[0].source = "x = make_xor(seed=1)"
    assert rules.is_seeded(chapter) == []


def test_a_web_address_is_no_local_path():
    chapter = new_notebook(cells=[new_markdown_cell("See https://example.org/home" + "/index.")])
    assert rules.has_no_local_path(chapter) == []


def test_one_cell_may_end_a_solution_and_start_the_next_exercise():
    chapter = good_chapter()
    chapter.cells[12].source += "\n\n" + chapter.cells.pop(13).source
    assert has_exercises(chapter) == []
    change("\n:class: dropdown", "")(chapter)
    assert "must be folded away" in has_exercises(chapter)[0]
