"""Lets `python -m nncourse` stand for the console script `nncourse`."""

import sys

from nncourse.cli import main

if __name__ == "__main__":
    sys.exit(main())
