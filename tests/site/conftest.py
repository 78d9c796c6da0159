"""The built site, a server for it and a browser, for `make check-site`."""

import functools
import http.server
import shutil
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
NO_BROWSER = (
    "No Chromium was found, so the built pages were NOT looked at in a browser: equations, script "
    "errors, requests to other sites, phone width and dark mode are unchecked. Install it with "
    "`apt-get install chromium` (or Google Chrome) and run `make check-site` again."
)


def built_pages() -> list[str]:
    """The pages of the site, as paths within it."""
    return sorted(
        str(page.relative_to(SITE))
        for page in SITE.rglob("*.html")
        if "_static" not in page.parts and "_sources" not in page.parts
    )


def pytest_generate_tests(metafunc):
    if "page_name" in metafunc.fixturenames:
        # Without a site there is one case, which the fixture `site` fails.
        metafunc.parametrize("page_name", built_pages() or ["(no site)"])


def pytest_terminal_summary(terminalreporter):
    if CHROMIUM is None:
        terminalreporter.section("not checked", red=True, bold=True)
        terminalreporter.line(NO_BROWSER)


@pytest.fixture(scope="session")
def site() -> Path:
    if not (SITE / "index.html").exists():
        pytest.fail("There is no built site in _build/html: run `make book` first", pytrace=False)
    return SITE


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def serve():
    """Serves folders on addresses of this machine: `serve(folder)` returns the address."""
    servers = []

    def start(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # An installed browser: playwright would otherwise want to download its own.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()
