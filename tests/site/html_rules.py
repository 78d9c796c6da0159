"""What the HTML of a page must keep to, whatever a browser makes of it: lists of problems."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup


def parse(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def missing_alt(soup: BeautifulSoup) -> list[str]:
    """Images and videos that say nothing to who can't see them."""
    problems = []
    for image in soup.find_all("img"):
        # The theme's icons stand beside the name of what they open.
        is_decoration = image.find_parent("a", class_=["dropdown-item", "navbar-brand"])
        if not is_decoration and not image.get("alt", "").strip():
            problems.append(f"an image without alt text: {image.get('src', '')[:80]}")
        elif "_images/" in image.get("alt", ""):
            problems.append(f"an image whose alt text is its file name: {image['alt']}")
    for video in soup.find_all("video"):
        if not (video.get("aria-label") or video.get("title") or "").strip():
            problems.append("a video without an `aria-label`")
        if not video.has_attr("controls"):
            problems.append("a video without `controls`")
    return problems


def _target(page: Path, site: Path, path: str) -> Path:
    target = (site / path.lstrip("/")) if path.startswith("/") else (page.parent / path)
    return target / "index.html" if target.is_dir() else target


def broken_links(page: Path, site: Path) -> list[str]:
    """Links, images, styles and scripts within the site that lead nowhere, `#anchors` included."""
    problems = []
    anchors = {}  # of each page that is linked: a page of the index has hundreds of links to one
    for tag in parse(page).find_all(["a", "img", "script", "link", "source", "video"]):
        address = tag.get("href") or tag.get("src") or ""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not address:
            continue
        target = _target(page, site, unquote(parts.path)) if parts.path else page
        if not target.is_file():
            problems.append(f"no such file: {address}")
        elif parts.fragment and tag.name == "a":
            if target not in anchors:
                anchors[target] = {tag["id"] for tag in parse(target).find_all(id=True)}
            if unquote(parts.fragment) not in anchors[target]:
                problems.append(f"no such anchor: {address}")
    return problems


def foreign_resources(soup: BeautifulSoup) -> list[str]:
    """What the page would load from another site; links that a reader may follow are fine."""
    tags = soup.find_all(["script", "img", "video", "audio", "iframe", "source"], src=True)
    tags += soup.find_all("link", rel=lambda rel: rel and "canonical" not in rel, href=True)
    addresses = [tag.get("src") or tag.get("href") for tag in tags]
    return [f"loaded from elsewhere: {a}" for a in addresses if urlsplit(a).netloc]


def object_addresses(soup: BeautifulSoup) -> list[str]:
    """Outputs that say where in memory an object was, by a forgotten semicolon as a rule."""
    outputs = (output.get_text() for output in soup.select(".cell_output"))
    return [f"no word for a reader: {text.strip()}" for text in outputs if " at 0x" in text]


def weight(page: Path, site: Path) -> int:
    """Bytes of a page and of the images and videos that it shows."""
    addresses = {tag["src"] for tag in parse(page).find_all(["img", "video", "source"], src=True)}
    files = {
        _target(page, site, unquote(urlsplit(a).path)) for a in addresses if not urlsplit(a).scheme
    }
    return sum(file.stat().st_size for file in {page, *files})
