"""Equations without a network: MathJax as one file, copied from an installed package."""

from importlib.metadata import distribution
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset

_MATHJAX = "tex-svg-full.js"  # complete in itself: its fonts are paths within the script


def _copy(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        # The folder that holds it has a hyphen in its name and so can't be imported.
        package = distribution("sphinx-mathjax-offline")
        source = package.locate_file(f"sphinx-mathjax-offline/static/mathjax/{_MATHJAX}")
        copy_asset(source, Path(app.outdir) / "_static" / "mathjax")


def setup(app: Sphinx) -> dict:
    """Points Sphinx at the copy."""
    app.config.mathjax_path = f"mathjax/{_MATHJAX}"
    app.connect("build-finished", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
