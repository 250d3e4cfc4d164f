"""Texts: every word a person sees goes through here, in Finnish, Swedish and English.

A room that knows no screen (calls, workbooks, ...) returns a ``Message``: a source text in English with named
values. The edge that knows the reader's language (a page, a workbook, the terminal) renders it.
Catalogues are gettext ``.po`` files, one per room and language, read with Babel.
"""

from locales.catalogue import LANGUAGES, PSEUDO, Lang, pick_language
from locales.formats import HELSINKI, Money, format_date, format_moment, format_money, format_number
from locales.message import LocalText, Message, Param, msg, msgn, render

__all__ = [
    "HELSINKI",
    "LANGUAGES",
    "PSEUDO",
    "Lang",
    "LocalText",
    "Message",
    "Money",
    "Param",
    "format_date",
    "format_moment",
    "format_money",
    "format_number",
    "msg",
    "msgn",
    "pick_language",
    "render",
]
