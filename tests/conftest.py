"""What all tests share."""

from hypothesis import settings

# A first call that compiles is slow, and on a busy machine every call may be.
settings.register_profile("nncourse", deadline=None)
settings.load_profile("nncourse")

# These need a site that `make book` has built: `make check-site` and `make colab` run them.
collect_ignore = ["site"]
