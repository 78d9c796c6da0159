"""Leaves thebe out of the pages: Jupyter Book always puts it in, twice, which is a script error."""

import sphinx_thebe
from sphinx.application import Sphinx

_LEFT_OUT = (sphinx_thebe.init_thebe_core, sphinx_thebe.update_thebe_context)


def setup(app: Sphinx) -> dict:
    """Takes sphinx_thebe's listeners away; Jupyter Book has set it up before this extension."""
    for listeners in app.events.listeners.values():
        listeners[:] = [entry for entry in listeners if entry.handler not in _LEFT_OUT]
    return {"parallel_read_safe": True, "parallel_write_safe": True}
