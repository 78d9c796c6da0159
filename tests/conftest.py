"""What all tests share."""

# These need a site that `make book` has built: `make check-site` and `make colab` run them.
collect_ignore = ["site"]
