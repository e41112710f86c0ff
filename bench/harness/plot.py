"""The plot: requests per second with one core, on a logarithmic axis, as SVG for light and dark pages."""

import math
from html import escape

from harness.scenarios import DJANGO, FASTIFY, FLOOR, NGINX, PORTICO, STORES

SHOWN = ("page", "one", "counted", "filtered", "icontains")
ORDER = (PORTICO, FASTIFY, DJANGO, FLOOR, NGINX)
CLASSES = {PORTICO: "portico", FASTIFY: "fastify", DJANGO: "django", FLOOR: "floor", NGINX: "ceiling"}

WIDTH, LEFT, RIGHT = 860, 190, 84
BAR, GAP, GROUP_GAP, PANEL_GAP, TOP, BOTTOM = 15, 4, 16, 44, 58, 46

STYLE = """
  svg { color-scheme: light dark; }
  .paper { fill: #ffffff; stroke: #d8dee4; }
  text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .panel { font-size: 13px; font-weight: 600; }
  .quiet { fill: #59636e; }
  .strong { font-weight: 600; }
  .grid { stroke: #d8dee4; stroke-width: 1; }
  .portico { fill: #0969da; }
  .fastify { fill: #bf8700; }
  .django { fill: #1a7f37; }
  .floor { fill: #afb8c1; }
  .ceiling { fill: #eaeef2; stroke: #8c959f; stroke-dasharray: 3 2; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; stroke: #30363d; }
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .grid { stroke: #30363d; }
    .portico { fill: #4493f8; }
    .fastify { fill: #d29922; }
    .django { fill: #3fb950; }
    .floor { fill: #656c76; }
    .ceiling { fill: #21262d; stroke: #656c76; }
  }
"""


def _groups(results, store):
    """[(scenario's name, [(subject, requests/s)])] of one panel."""
    found = {result.case.scenario.key: result for result in results if result.case.store == store and result.case.cores == 1}
    return [(found[key].case.scenario.name, [(subject, found[key].median(subject, "per_second"))
                                             for subject in ORDER if subject in found[key].samples])
            for key in SHOWN if key in found]


def _text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def _lines_of(words):
    """A name in at most two lines that fit beside the bars."""
    words = words.replace("`", "")
    if len(words) <= 26:
        return [words]
    cut = words.rfind(" ", 0, 27)
    return [words[:cut], words[cut + 1:]]


class _Plot:
    def __init__(self, panels):
        rates = [rate for _, groups in panels for _, bars in groups for _, rate in bars]
        self.panels = panels
        self.low = 10 ** math.floor(math.log10(min(rates)))
        self.high = max(rates)
        self.parts = []
        self.y = TOP

    def at(self, rate):
        """The x of a rate."""
        share = math.log10(rate / self.low) / math.log10(self.high / self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def grid(self, top, bottom):
        for power in range(round(math.log10(self.low)), math.floor(math.log10(self.high)) + 1):
            x = self.at(10.0 ** power)
            self.parts.append(f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" class="grid"/>')
            shown = f"{10 ** power:,}" if power >= 0 else f"{10.0 ** power:g}"
            self.parts.append(_text(x, bottom + 15, shown, "quiet", "middle"))

    def group(self, name, bars):
        height = len(bars) * (BAR + GAP) - GAP
        lines = _lines_of(name)
        for number, line in enumerate(lines):
            middle = self.y + height / 2 + 4 + (number - (len(lines) - 1) / 2) * 15
            self.parts.append(_text(LEFT - 10, middle, line, "", "end"))
        for subject, rate in bars:
            end = self.at(rate)
            self.parts.append(f'<rect x="{LEFT}" y="{self.y:.1f}" width="{max(2.0, end - LEFT):.1f}" height="{BAR}" rx="2" '
                              f'class="{CLASSES[subject]}"/>')
            shown = f"{rate:,.0f}" if rate >= 100 else f"{rate:,.1f}"
            self.parts.append(_text(max(LEFT + 2, end) + 6, self.y + BAR - 3, shown, "strong" if subject == PORTICO else "quiet"))
            self.y += BAR + GAP
        self.y += GROUP_GAP - GAP

    def panel(self, store, groups):
        self.parts.append(_text(LEFT, self.y, STORES[store], "panel"))
        self.y += 12
        top, before = self.y - 4, len(self.parts)
        for name, bars in groups:
            self.group(name, bars)
        drawn, self.parts = self.parts[before:], self.parts[:before]
        self.grid(top, self.y - GROUP_GAP + 6)
        self.parts += drawn
        self.y += PANEL_GAP

    def legend(self, subjects):
        x = 24
        names = {FASTIFY: "Fastify + better-sqlite3 / pg", FLOOR: "plain SQLite / libpq", NGINX: "nginx, a static file"}
        for subject in subjects:
            words = names.get(subject, subject)
            self.parts.append(f'<rect x="{x}" y="{self.y - 10:.1f}" width="12" height="12" rx="2" class="{CLASSES[subject]}"/>')
            self.parts.append(_text(x + 18, self.y, words))
            x += 44 + len(words) * 6.7

    def svg(self):
        for store, groups in self.panels:
            self.panel(store, groups)
        self.y -= PANEL_GAP - BOTTOM
        shown = {subject for _, groups in self.panels for _, bars in groups for subject, _ in bars}
        self.legend([subject for subject in ORDER if subject in shown])
        height = self.y + 20
        size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            "<title>Requests per second with one core</title>", f"<style>{STYLE}</style>",
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" rx="6" class="paper"/>',
            _text(24, 28, "Requests per second with one core for the server and its database (logarithmic)", "title"),
            *self.parts, "</svg>"]) + "\n"


def svg(results):
    """The picture; None where nothing that it shows was measured."""
    panels = [(store, _groups(results, store)) for store in STORES]
    panels = [(store, groups) for store, groups in panels if groups]
    return _Plot(panels).svg() if panels else None
