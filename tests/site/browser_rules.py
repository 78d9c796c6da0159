"""What a page must keep to when a browser shows it: lists of problems."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class View:
    """How a reader looks at a page."""

    name: str
    width: int
    height: int
    theme: str


DESKTOP = View("desktop, light", 1280, 900, "light")
PHONE = View("phone, dark", 390, 844, "dark")

# Runs in the page, and returns a list of problems.
_INSPECT = r"""
async ({width, theme}) => {
  const problems = [];
  const article = document.querySelector("article") ?? document.body;

  // Pictures that stand far below are fetched only when they come into view.
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  for (const image of document.images)
    if (!image.complete || image.naturalWidth === 0)
      problems.push(`an image is missing: ${image.src.slice(0, 80)}`);

  const equations = article.querySelectorAll(".math").length;
  if (equations) {
    await window.MathJax?.startup?.promise;
    const rendered = article.querySelectorAll(".math mjx-container").length;
    if (rendered < equations) problems.push(`${rendered} of ${equations} equations are rendered`);
  }
  for (const error of document.querySelectorAll("[data-mml-node=merror], mjx-merror"))
    problems.push(`an equation has an error: ${error.dataset.mjxError ?? error.textContent}`);
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);

  // Colors as the browser paints them, each over what lies behind it.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const paint = (colors) => {
    canvas.fillStyle = "white";
    canvas.fillRect(0, 0, 1, 1);
    for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgrounds = (element) => {
    const colors = [];
    for (let box = element; box; box = box.parentElement)
      colors.unshift(getComputedStyle(box).backgroundColor);
    return colors;
  };
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || parent.closest("script, style, mjx-container, template")) continue;
    if (!parent.closest("pre, code") && /\\\(|\\\[|\$\$|\$[^$\n]{1,80}\$/.test(text.data))
      problems.push(`raw TeX: ${text.data.trim().slice(0, 60)}`);
    if (parent.closest("p, li, td, pre, h1, h2, h3, dt") && parent.checkVisibility()) {
      if (parent.closest(".headerlink")) continue; // shown on hover only
      const layers = backgrounds(parent);
      const back = luminance(paint(layers));
      const front = luminance(paint([...layers, getComputedStyle(parent).color]));
      const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      if (contrast < 4.5)
        problems.push(`hard to read (contrast ${contrast.toFixed(1)}): ${text.data.slice(0, 40)}`);
    }
  }

  // Sideways scroll, and what is cut off so that there is none.
  const scroller = document.documentElement;
  if (Math.max(scroller.scrollWidth, document.body.scrollWidth) > width)
    problems.push(`the page scrolls sideways: ${scroller.scrollWidth} px in ${width}`);
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const wide = "p, li, pre, table, img, video, mjx-container, h1, h2, h3";
  for (const element of article.querySelectorAll(wide)) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= width + 1) continue;
    let parent = element;
    while (parent !== article && !scrolls(parent)) parent = parent.parentElement;
    if (parent === article)
      problems.push(`wider than the page: <${element.localName}> ${element.innerText}`);
  }

  const dark = luminance(paint(backgrounds(article))) < 0.2;
  if (dark !== (theme === "dark")) problems.push(`the page is not ${theme}`);
  return problems;
}
"""


def problems(browser, address: str, view: View) -> list[str]:
    """Opens a page as a reader would, with every other site out of reach, and looks at it."""
    found = []
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height}, color_scheme=view.theme
    )

    def guard(route):
        if urlsplit(route.request.url).netloc == urlsplit(address).netloc:
            route.continue_()
        else:
            found.append(f"a request leaves the site: {route.request.url[:100]}")
            route.abort()

    context.route("**/*", guard)  # addresses without a host (data:) don't pass here
    page = context.new_page()
    page.on("console", lambda m: found.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: found.append(f"script error: {error}"))
    page.goto(address, wait_until="networkidle")
    found += page.evaluate(_INSPECT, {"width": view.width, "theme": view.theme})
    context.close()
    return list(dict.fromkeys(found))
