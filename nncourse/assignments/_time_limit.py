"""Runs foreign code for a limited time."""

import ctypes
import threading
import time
from collections.abc import Callable
from contextlib import suppress

_PATIENCE = 1.0  # seconds during which code that swallows the exception is sent it again


class Stop(SystemExit):
    """Raised inside code whose time is up. Not an `Exception`, or `except Exception` ate it."""


def run_for(work: Callable[[], None], seconds: float) -> None:
    """Runs `work()` in a thread of its own, and stops it where it does not end within the time.

    A thread works the same in a script, in a Jupyter kernel and in a thread, on Linux, macOS and
    Windows, where a signal works in the main thread of some. It also leaves the caller free: when
    the time is up, an exception is raised inside the thread, again and again for a second, since a
    bare `except:` may swallow it.

    What can't be stopped: code that never lets an exception pass, and one long call inside a
    library written in C, which sees the exception when it returns. They are left behind in their
    thread, which ends with the process. A call in C that keeps Python's global lock, such as
    `10**10**9`, even holds up the caller until it returns.
    """

    def contained() -> None:
        with suppress(Stop):
            work()

    thread = threading.Thread(target=contained, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:  # also when the user interrupts the wait
        _stop(thread)


def _stop(thread: threading.Thread) -> None:
    until = time.monotonic() + _PATIENCE
    while thread.is_alive() and time.monotonic() < until:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(Stop)
        )
        thread.join(0.001)  # often: the exception must hit a spot outside the `try`
