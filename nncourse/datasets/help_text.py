"""Real English that comes with Python."""

_ASCII = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "--", "…": "..."})


def load_help_text() -> str:
    """Loads the text of Python's own help on its language, about half a million characters.

    It is what `help("CLASSES")` and its like show: some eighty pages of technical English, with
    lists, indented examples and quotation marks, in the alphabetical order of their topics. Each
    Python version has its own edition, so what is measured on it differs a little between them.

    Returns:
        The text, in ASCII: typographic quotation marks and dashes are replaced by plain ones, and
        the few other characters by a question mark.

    Example:
        >>> from nncourse import datasets
        >>> text = datasets.load_help_text()
        >>> text.isascii(), text.count("statement") > 300
        (True, True)

    Reference:
        The Python Language Reference, by the Python Software Foundation; Python brings its text
        along as `pydoc_data.topics`. Used in the chapters *Gated memory* and *Language models*.
    """
    from pydoc_data.topics import topics

    text = "\n\n".join(topics[name].strip("\n") for name in sorted(topics))
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")
