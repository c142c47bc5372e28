"""HTML in small pieces: text is escaped, pieces are not."""

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d5d9d9, #3a4553); --soft: light-dark(#f6f6f6, #1b232d);
  --link: light-dark(#00687b, #8fd3e4); --go: light-dark(#ffd814, #ffd814); }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 0 1.2rem 3rem; max-width: 82rem;
  background: light-dark(#fff, #10161d); color: light-dark(#111, #e8ecef); }
header { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; align-items: baseline; margin-top: 1.2rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
a { color: var(--link); }
nav a { margin-right: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); }
thead th { font-weight: 600; white-space: nowrap; }
form { display: inline-flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin: .2rem 0; }
input, select, button { font: inherit; padding: .15rem .5rem; min-height: 1.9rem; border-radius: 4px;
  border: 1px solid light-dark(#767d82, #8a949d); background: light-dark(#fff, #1b232d); color: inherit; }
input[type=number] { width: 5rem; }
time { white-space: nowrap; }
td form { flex-wrap: nowrap; }
button { background: var(--go); color: #111; border-color: #a88600; cursor: pointer; }
button.quiet { background: var(--soft); color: inherit; border-color: light-dark(#767d82, #8a949d); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font: 13px/1.4 ui-monospace, monospace; }
pre { background: var(--soft); padding: .6rem .8rem; overflow-x: auto; margin: .3rem 0; white-space: pre-wrap;
  overflow-wrap: anywhere; }
[role=alert] { border-left: 4px solid #c7511f; background: var(--soft); padding: .5rem .8rem; }
[role=status] { border-left: 4px solid #067d62; background: var(--soft); padding: .5rem .8rem; }
.empty { color: light-dark(#565959, #a8b2ba); }
"""


def document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )


def section(identifier: str, title: str, *pieces: str) -> str:
    heading = f'<h2 id="{identifier}-title">{escape(title)}</h2>'
    return f'<section id="{identifier}" aria-labelledby="{identifier}-title">{heading}{"".join(pieces)}</section>'


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> str:
    """Cells are HTML already.  Without rows it says what is missing."""
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    if not lines:
        return f'<p class="empty">{escape(empty)}</p>'
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def form(action: str, label: str, *fields: str, quiet: bool = False, **hidden: str) -> str:
    """A button with its fields; `action` is what the page shall do."""
    kept = {"do": action, **hidden}
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())
    kind = ' class="quiet"' if quiet else ""
    return f'<form method="post" action="/">{inputs}{"".join(fields)}<button{kind}>{escape(label)}</button></form>'


def field(name: str, label: str, value: str = "", **attributes: str) -> str:
    said = {"aria-label": label, "placeholder": label, "value": value, **attributes}
    words = "".join(f' {key}="{escape(each)}"' for key, each in said.items())
    return f'<input name="{name}"{words}>'


def choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    """A list to choose from: pairs of value and text."""
    inner = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return f'<select name="{name}" aria-label="{escape(label)}">{inner}</select>'


def folded(summary: str, text: str) -> str:
    return f"<details><summary>{escape(summary)}</summary><pre>{escape(text)}</pre></details>"
