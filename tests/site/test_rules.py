"""Each rule for built pages and Colab copies names what is wrong with a broken one."""

import copy

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.book.rules import INSTALL
from tests.site import browser_rules, colab_rules, html_rules

GOOD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>:root {{ color-scheme: light dark; }} body {{ background: Canvas; margin: 1rem; }}</style>
</head><body><article><h1 id="top">Title</h1><p>Text with <a href="#top">a link</a>.</p>
{}</article></body></html>"""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


@pytest.fixture
def page(tmp_path):
    def write(body: str):
        path = tmp_path / "page.html"
        path.write_text(GOOD.format(body))
        return path

    return write


def test_a_good_page_passes(page, tmp_path):
    path = page(f'<img src="{PIXEL}" alt="A dot"><video aria-label="A line" controls></video>')
    soup = html_rules.parse(path)
    assert html_rules.missing_alt(soup) == []
    assert html_rules.broken_links(path, tmp_path) == []
    assert html_rules.foreign_resources(soup) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<img src="a.png">', "without alt"),
        ('<img src="a.png" alt=" ">', "without alt"),
        ('<img src="a.png" alt="../../_images/5f3a.png">', "is its file name"),
        ("<video controls></video>", "without an `aria-label`"),
        ('<video aria-label="A line"></video>', "without `controls`"),
    ],
)
def test_missing_words(page, body, problem):
    assert problem in " ".join(html_rules.missing_alt(html_rules.parse(page(body))))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="other.html">x</a>', "no such file: other.html"),
        ('<img src="gone.png">', "no such file: gone.png"),
        ('<a href="#nowhere">x</a>', "no such anchor: #nowhere"),
        ('<a href="page.html#nowhere">x</a>', "no such anchor"),
        ('<script src="/js/gone.js"></script>', "no such file"),
    ],
)
def test_broken_links(page, tmp_path, body, problem):
    assert problem in " ".join(html_rules.broken_links(page(body), tmp_path))


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<img src="https://example.org/a.png" alt="A">',
    ],
)
def test_foreign_resources(page, body):
    assert len(html_rules.foreign_resources(html_rules.parse(page(body)))) == 1


def test_object_addresses(page):
    cell = (
        '<div class="cell_output"><pre>&lt;History at 0x7fe6&gt;</pre></div><p>print at 0x7fe6</p>'
    )
    assert len(html_rules.object_addresses(html_rules.parse(page(cell)))) == 1
    assert html_rules.object_addresses(html_rules.parse(page("<p>at 0x7fe6</p>"))) == []


def test_weight_counts_a_picture_once(page, tmp_path):
    (tmp_path / "a.png").write_bytes(bytes(1000))
    path = page('<img src="a.png" alt="A"><img src="a.png" alt="A">')
    assert html_rules.weight(path, tmp_path) == 1000 + path.stat().st_size


@pytest.mark.parametrize("view", [browser_rules.DESKTOP, browser_rules.PHONE], ids=lambda v: v.name)
def test_a_good_page_passes_in_a_browser(page, serve, browser, view):
    path = page(f'<img src="{PIXEL}" alt="A dot"><pre style="overflow: auto">{"x" * 500}</pre>')
    assert browser_rules.problems(browser, f"{serve(path.parent)}/page.html", view) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<img src="gone.png" alt="A">', "an image is missing"),
        ('<span class="math">\\(x\\)</span>', "0 of 1 equations are rendered"),
        ("<p>where \\(x\\) is</p>", "raw TeX"),
        ("<p>where $x^2$ is</p>", "raw TeX"),
        ("<p>where $$x$$ is</p>", "raw TeX"),
        ("<mjx-merror>Undefined control sequence</mjx-merror>", "has an error"),
        ("<script>console.error('no')</script>", "console: no"),
        ("<script>undefined_function()</script>", "script error"),
        ('<script src="https://example.org/a.js"></script>', "a request leaves the site"),
        ('<p style="width: 600px">x</p>', "the page scrolls sideways"),
        ('<div style="overflow: hidden"><p style="width: 600px">x</p></div>', "wider than"),
        ('<p style="color: #444; background: #222">x</p>', "hard to read"),
        ("<style>:root { color-scheme: light; }</style>", "the page is not dark"),
    ],
)
def test_a_broken_page_is_named_in_a_browser(page, serve, browser, body, problem):
    path = page(body)
    found = browser_rules.problems(browser, f"{serve(path.parent)}/page.html", browser_rules.PHONE)
    assert problem in " ".join(found)


# --- copies for Colab ------------------------------------------------------------------------

COLAB, SITE = "https://colab.example/", "https://book.example/"


def chapter():
    return new_notebook(
        cells=[
            new_code_cell(INSTALL, id="install"),
            new_markdown_cell("```{exercise} One\n:label: ex-one\n```"),
            new_markdown_cell("```{solution-start} ex-one\n:class: dropdown\n```"),
            new_code_cell("x = 1", id="solution"),
            new_markdown_cell("```{solution-end}\n```"),
            new_code_cell("x", id="after"),
        ]
    )


def good_copy():
    hidden = {"cellView": "form", "jupyter": {"source_hidden": True}}
    return new_notebook(
        cells=[
            new_markdown_cell(
                '# Title\n\n<a id="one" name="one"></a>\n\nSee [there](#one), `{cite}` and\n\n'
                "```text\n:::{note}\n```\n\n$$\nx \\tag{1.1}\n$$"
            ),
            new_code_cell(INSTALL, id="install"),
            new_markdown_cell(
                "<details>\n<summary>Solution to Exercise 1</summary>\n\nx\n\n</details>"
            ),
            new_code_cell("# @title Solution to Exercise 1\nx = 1", id="solution", metadata=hidden),
            new_code_cell("x", id="after"),
        ]
    )


def problems_of(notebook, tmp_path) -> str:
    return " ".join(
        [
            *colab_rules.is_valid(notebook),
            *colab_rules.installs_first(notebook),
            *colab_rules.shows_nothing_raw(notebook),
            *colab_rules.has_the_code_of(notebook, chapter()),
            *colab_rules.folds_solutions(notebook, chapter()),
            *colab_rules.links_lead_somewhere(notebook, COLAB, tmp_path / "_build/colab", SITE),
            *colab_rules.pictures_have_words(notebook),
            *colab_rules.stores_no_outputs(notebook),
        ]
    )


def test_a_good_copy_passes(tmp_path):
    assert problems_of(good_copy(), tmp_path) == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("by {cite:p}`hebb1949`", "raw MyST"),
        (":::{note}\nx\n:::", "raw MyST"),
        ("```{exercise} One\n```", "raw MyST"),
        ("> :::{note}", "raw MyST"),
        ("(a-label)=", "raw MyST"),
        ("$$ (eq-one)", "raw MyST"),
        ("a note [^one]", "raw MyST"),
        ("[x](#two)", "leads nowhere: #two"),
        ("[x](other.ipynb)", "leads nowhere: other.ipynb"),
        (f"[x]({COLAB}book/gone.ipynb)", "leads nowhere"),
        (f"[x]({SITE}book/gone.html)", "leads nowhere"),
        ('<img src="a.png" alt="">', "without alt"),
        ("![](a.png)", "without alt"),
    ],
)
def test_a_broken_text_is_named(tmp_path, text, problem):
    broken = good_copy()
    broken.cells[0].source += f"\n\n{text}"
    assert problem in problems_of(broken, tmp_path)


def swap_first(broken):
    broken.cells[1].source = "x = 1"


def change_code(broken):
    broken.cells[4].source = "y"


def unhide(broken):
    broken.cells[3].metadata = {}


def unhide_in_jupyter(broken):
    del broken.cells[3].metadata["jupyter"]


def hide_other(broken):
    broken.cells[4].update(copy.deepcopy(broken.cells[3]), id="after")


def open_text(broken):
    broken.cells[2].source = "Solution to Exercise 1\n\nx"


def store(broken):
    broken.cells[4].execution_count = 3


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (swap_first, "must install nncourse"),
        (change_code, "not that of the chapter"),
        (unhide, "a solution is open"),
        (unhide_in_jupyter, "a solution is open"),
        (hide_other, "a cell is hidden"),
        (open_text, "text is open"),
        (store, "stores an output"),
    ],
)
def test_a_broken_copy_is_named(tmp_path, change, problem):
    broken = good_copy()
    change(broken)
    assert problem in problems_of(broken, tmp_path)


def test_an_invalid_copy_is_named():
    broken = good_copy()
    broken.cells[4]["cell_type"] = "poem"
    assert "no valid notebook" in colab_rules.is_valid(broken)[0]
