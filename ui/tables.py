"""Tables a screen reader can read and a narrow screen can scroll: real HTML, every value escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from ui import notices
from ui.texts import t


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads somewhere inside the program."""

    text: str
    page: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def href(self) -> str:
        """The address, relative to the root."""
        parts = "&".join(f"{quote(key)}={quote(value, safe='')}" for key, value in self.query)
        return f"/{self.page}" + (f"?{parts}" if parts else "")


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in words with a tone: ``good``, ``warn``, ``bad`` or ``calm``. The tone never says it alone."""

    text: str
    tone: str = "calm"


@dataclass(frozen=True, slots=True)
class Pair:
    """A cell with a note below its text."""

    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A cell in another language than the page."""

    text: str
    lang: str


Cell = str | Link | Badge | Pair | Quote


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, whether it holds figures (right-aligned) or sentences (kept wide enough to read)."""

    title: str
    figures: bool = False
    wide: bool = False


def table(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], footer: Sequence[Cell] = ()) -> None:
    """Show a table; its first column is the row's heading. Without rows it says that there is nothing."""
    if not rows:
        notices.info(t("There is nothing here yet."), icon=":material/info:")
        return
    head = "".join(f'<th scope="col"{_align(c)}>{escape(c.title)}</th>' for c in columns)
    body = "".join(f"<tr>{_row(columns, row)}</tr>" for row in rows)
    foot = f"<tfoot><tr>{_row(columns, footer)}</tr></tfoot>" if footer else ""
    st.html(
        f'<div class="ap-scroll" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}">'
        f'<table class="ap-table"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>"
    )


def facts(rows: Sequence[tuple[str, Cell]]) -> None:
    """Show named values below each other."""
    parts = "".join(f"<div><dt>{escape(name)}</dt><dd>{_cell(value)}</dd></div>" for name, value in rows)
    st.html(f'<dl class="ap-facts">{parts}</dl>')


def figures(rows: Sequence[tuple[str, str, str]]) -> None:
    """Show key figures side by side: name, value, and a note below."""
    parts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd></div>"
        for name, value, note in rows
    )
    st.html(f'<dl class="ap-figures">{parts}</dl>')


def prose(title: str, text: str, mark: str = "", lang: str = "") -> None:
    """A headed text of an application, shown as written in its own language; ``mark``: for example that it changed."""
    shown = "".join(f"<p>{escape(part)}</p>" for part in text.splitlines() if part.strip())
    empty = f'<p class="ap-empty">{escape(t("Left empty."))}</p>'
    spoken = f' lang="{escape(lang, quote=True)}"' if lang else ""
    badge = f" {_cell(Badge(mark, 'warn'))}" if mark else ""
    st.html(
        f'<section class="ap-prose"><h3>{escape(title)}{badge}</h3>{f"<div{spoken}>{shown}</div>" if shown else empty}</section>'
    )


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    cells = [f'<th scope="row"{_align(columns[0])}>{_cell(row[0])}</th>']
    cells += [f"<td{_align(column)}>{_cell(cell)}</td>" for column, cell in zip(columns[1:], row[1:], strict=True)]
    return "".join(cells)


def _align(column: Column) -> str:
    if column.figures:
        return ' class="ap-num"'
    return ' class="ap-wide"' if column.wide else ""


def _cell(cell: Cell) -> str:
    if isinstance(cell, Link):
        return f'<a href="{escape(cell.href, quote=True)}" target="_self">{escape(cell.text)}</a>'
    if isinstance(cell, Badge):
        return f'<span class="ap-badge ap-{escape(cell.tone, quote=True)}">{escape(cell.text)}</span>'
    if isinstance(cell, Pair):
        return f"{escape(cell.text)}<small>{escape(cell.note)}</small>"
    if isinstance(cell, Quote):
        return f'<span lang="{escape(cell.lang, quote=True)}">{escape(cell.text)}</span>'
    return escape(cell)
