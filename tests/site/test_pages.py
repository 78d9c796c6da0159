"""Every built page, as HTML and in a browser. `make check-site` runs this after `make book`."""

import pytest

from tests.site import browser_rules, html_rules


def test_every_page_of_the_table_of_contents_is_built(site):
    import yaml

    toc = yaml.safe_load((site.parents[1] / "_toc.yml").read_text())
    listed = [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]
    assert [name for name in listed if not (site / f"{name}.html").exists()] == []


def test_links_lead_somewhere(site, page_name):
    assert html_rules.broken_links(site / page_name, site) == []


def test_pictures_and_videos_have_words(site, page_name):
    assert html_rules.missing_alt(html_rules.parse(site / page_name)) == []


def test_nothing_is_loaded_from_elsewhere(site, page_name):
    assert html_rules.foreign_resources(html_rules.parse(site / page_name)) == []


def test_outputs_are_meant(site, page_name):
    assert html_rules.object_addresses(html_rules.parse(site / page_name)) == []


@pytest.mark.parametrize("view", [browser_rules.DESKTOP, browser_rules.PHONE], ids=lambda v: v.name)
def test_page_in_a_browser(site, page_name, view, browser, serve):
    assert browser_rules.problems(browser, f"{serve(site)}/{page_name}", view) == []


def test_the_buttons_lead_to_the_chapter(site, page_name):
    """Colab opens the plain copy on its own branch, Binder the chapter itself."""
    path = page_name.removesuffix(".html")
    if not (site.parents[1] / f"{path}.ipynb").exists():
        return
    links = [a.get("href", "") for a in html_rules.parse(site / page_name).find_all("a")]
    project = "nncourse/nncourse"
    assert f"https://colab.research.google.com/github/{project}/blob/colab/{path}.ipynb" in links
    assert f"https://mybinder.org/v2/gh/{project}/main?urlpath=lab/tree/{path}.ipynb" in links
