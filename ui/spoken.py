"""Tables with texts in another language than the page: each such cell says its language, for those who listen."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import chain

import streamlit as st

from ui.tables import Badge, Link
from ui.texts import t

MOST_WORDS = 4_000
"""Words of both texts together that are compared one by one; longer texts are compared line by line."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text in its own language, perhaps a link (``href``)."""

    text: str
    lang: str
    href: str = ""


Cell = str | Spoken | Badge | Link


def spoken_table(caption: str, titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Show a table whose first column is the row's heading."""
    head = "".join(f'<th scope="col" class="ap-wide">{escape(title)}</th>' for title in titles)
    body = "".join(
        f'<tr><th scope="row" class="ap-wide">{_cell(row[0])}</th>'
        + "".join(f"<td>{_cell(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    st.html(
        f'<div class="ap-scroll" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}">'
        f'<table class="ap-table"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def spoken_text(title: str, text: str, lang: str) -> None:
    """Show a headed text in its own language, line by line."""
    st.html(
        f'<section class="ap-prose"><h3>{escape(title)}</h3><div{_lang(lang)}>{_lines(escape(text))}</div></section>'
    )


def difference(title: str, before: str, after: str, lang: str) -> None:
    """Show ``after`` with what it leaves out of ``before`` struck through and what it adds underlined."""
    parts = "".join(
        escape(text) if kind == "same" else f"<{kind}>{escape(text)}</{kind}>" for kind, text in pieces(before, after)
    )
    legend = t("Struck through: left out. Underlined: added.")
    st.html(
        f'<section class="ap-prose"><h3>{escape(title)}</h3><p><small>{escape(legend)}</small></p>'
        f"<div{_lang(lang)}>{_lines(parts)}</div></section>"
    )


def pieces(before: str, after: str, most: int = MOST_WORDS) -> list[tuple[str, str]]:
    """The two texts as pieces ``same``, ``del`` (only before) and ``ins`` (only after), the latter two within a line.

    ``most``: words of both together above which whole lines are compared.
    """
    old, new = (_words(text) for text in (before, after))
    if len(old) + len(new) > most:
        old, new = (text.splitlines(keepends=True) for text in (before, after))
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += [("del", line) for line in "".join(old[a:b]).splitlines(keepends=True)]
        found += [("ins", line) for line in "".join(new[c:d]).splitlines(keepends=True)]
    return found


def _words(text: str) -> list[str]:
    """The words of a text, each with the blanks after it; a line end stands by itself."""
    lines = text.splitlines(keepends=True)
    return list(chain.from_iterable(_of_line(line) for line in lines))


def _of_line(line: str) -> list[str]:
    bare = line.rstrip("\r\n")
    words = [f"{word} " for word in bare.split(" ")]
    words[-1] = words[-1][:-1]
    return [word for word in (*words, line[len(bare) :]) if word]


def _lines(html: str) -> str:
    return "".join(f"<p>{part}</p>" for part in html.split("\n") if part.strip())


def _lang(lang: str) -> str:
    return f' lang="{escape(lang, quote=True)}"' if lang else ""


def _cell(cell: Cell) -> str:
    match cell:
        case Spoken(text, lang, href):
            shown = f'<a href="{escape(href, quote=True)}" target="_self">{escape(text)}</a>' if href else escape(text)
            return f"<span{_lang(lang)}>{shown}</span>"
        case Badge():
            return f'<span class="ap-badge ap-{escape(cell.tone, quote=True)}">{escape(cell.text)}</span>'
        case Link():
            return f'<a href="{escape(cell.href, quote=True)}" target="_self">{escape(cell.text)}</a>'
    return escape(cell)
