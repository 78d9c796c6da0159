"""Sends the Colab button to the plain copies of the chapters, on a branch of their own."""

from sphinx.application import Sphinx

COLAB_BRANCH = "colab"


def _retarget(app: Sphinx, pagename, templatename, context, doctree) -> None:
    branch = app.config.html_theme_options["repository_branch"]
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button["text"] == "Colab":
                button["url"] = button["url"].replace(
                    f"/blob/{branch}/", f"/blob/{COLAB_BRANCH}/", 1
                )


def setup(app: Sphinx) -> dict:
    """Runs after the theme has made its buttons (at priority 501)."""
    app.connect("html-page-context", _retarget, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
