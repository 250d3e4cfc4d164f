"""The sign-in, sign-out and password pages as HTML. Every value that is shown is escaped here."""

from dataclasses import dataclass
from html import escape

from access.addresses import with_next
from access.cookies import accepted_languages
from access.page_language import html_language
from access.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH
from locales import LocalText, Message, msg, render

LANGUAGE_NAMES = {
    "fi": LocalText("Suomi", "Suomi", "Suomi"),
    "sv": LocalText("Svenska", "Svenska", "Svenska"),
    "en": LocalText("English", "English", "English"),
    "qps": LocalText("Pseudo", "Pseudo", "Pseudo"),
}
"""Each language by its own name, the same in every language."""


@dataclass(frozen=True, slots=True)
class View:
    """What every page needs: the reader's language, the token its form brings back, where to go next."""

    lang: str
    csrf: str
    after: str = "/"

    def say(self, text: Message) -> str:
        """A text in the reader's language, escaped."""
        return escape(render(text, self.lang))


def sign_in_page(view: View, *, username: str = "", fault: Message | None = None, notice: Message | None = None) -> str:
    """The sign-in form. After a fault the user name stays and the password is empty."""
    say = view.say
    bad = fault is not None
    body = f"""
{_fault(view, fault)}{_notice(view, notice)}
<form method="post" action="/sign-in">
{_hidden("csrf", view.csrf)}{_hidden("next", view.after)}
<label for="username">{say(msg("User name"))}</label>
<input id="username" name="username" type="text" value="{escape(username)}" autocomplete="username"
 autocapitalize="none" spellcheck="false" maxlength="200" required{_bad(bad)}>
<label for="password">{say(msg("Password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 maxlength="{MAXIMUM_LENGTH}" required{_bad(bad)}>
<button type="submit">{say(msg("Sign in"))}</button>
</form>
<p class="after hint">{say(msg("Forgot the password? The administrator of the service gives a new one."))}</p>
"""
    return _page(view, msg("Sign in"), body, fault=bad, here=with_next("/sign-in", view.after))


def sign_out_page(view: View, name: str) -> str:
    """The question whether to sign out."""
    say = view.say
    body = f"""
<p>{say(msg("You are signed in as {name}.", name=name))}</p>
<form method="post" action="/sign-out">
{_hidden("csrf", view.csrf)}
<button type="submit">{say(msg("Sign out"))}</button>
</form>
{_back(view)}
"""
    return _page(view, msg("Sign out"), body, here="/sign-out")


def password_page(view: View, username: str, *, fault: Message | None = None, done: bool = False) -> str:
    """The form for changing one's own password."""
    say = view.say
    rule = msg("At least {minimum} characters, and not the user name.", minimum=MINIMUM_LENGTH)
    notice = msg("The password has been changed. Other devices have been signed out.") if done else None
    body = f"""
{_fault(view, fault)}{_notice(view, notice)}
<form method="post" action="/password">
{_hidden("csrf", view.csrf)}
<input type="hidden" name="username" value="{escape(username)}" autocomplete="username">
<label for="current">{say(msg("Current password"))}</label>
<input id="current" name="current" type="password" autocomplete="current-password"
 maxlength="{MAXIMUM_LENGTH}" required{_bad(fault is not None)}>
<label for="new">{say(msg("New password"))}</label>
<p class="hint" id="rule">{say(rule)}</p>
<input id="new" name="new" type="password" autocomplete="new-password" aria-describedby="rule"
 minlength="{MINIMUM_LENGTH}" maxlength="{MAXIMUM_LENGTH}" required{_bad(fault is not None, described="rule")}>
<label for="again">{say(msg("New password again"))}</label>
<input id="again" name="again" type="password" autocomplete="new-password"
 minlength="{MINIMUM_LENGTH}" maxlength="{MAXIMUM_LENGTH}" required{_bad(fault is not None)}>
<button type="submit">{say(msg("Change the password"))}</button>
</form>
{_back(view)}
"""
    return _page(view, msg("Change the password"), body, fault=fault is not None, here="/password")


def plain_page(view: View, title: Message, text: Message) -> str:
    """A page that only says something."""
    return _page(view, title, f"<p>{view.say(text)}</p>{_back(view)}", here="/")


def _page(view: View, title: Message, body: str, *, here: str, fault: bool = False) -> str:
    product = view.say(msg("Grant Panel"))
    heading = view.say(title)
    tab = f"{view.say(msg('Error'))}: {heading}" if fault else heading
    return f"""<!DOCTYPE html>
<html lang="{html_language(view.lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{tab} – {product}</title>
<link rel="icon" type="image/svg+xml" href="/access/icon.svg">
<link rel="stylesheet" href="/access/style.css">
</head>
<body>
<header>
<p class="product">{product}</p>
{_languages(view, here)}
</header>
<main>
<div class="sheet">
<h1>{heading}</h1>
{body}
</div>
</main>
</body>
</html>
"""


def _languages(view: View, here: str) -> str:
    items = []
    for lang in accepted_languages():
        current = ' aria-current="true"' if lang == view.lang else ""
        href = escape(with_next(f"/language/{lang}", here))
        code = html_language(lang)
        label = escape(render(LANGUAGE_NAMES[lang], view.lang))
        items.append(f'<li><a href="{href}" lang="{code}" hreflang="{code}"{current}>{label}</a></li>')
    return f'<nav aria-label="{view.say(msg("Language"))}"><ul>{"".join(items)}</ul></nav>'


def _fault(view: View, fault: Message | None) -> str:
    if fault is None:
        return ""
    heading = view.say(msg("Check what you entered"))
    return f'<div class="fault" role="alert" id="fault"><h2>{heading}</h2><p>{view.say(fault)}</p></div>'


def _notice(view: View, notice: Message | None) -> str:
    return "" if notice is None else f'<p class="done" role="status">{view.say(notice)}</p>'


def _back(view: View) -> str:
    return f'<p class="after"><a href="/">{view.say(msg("Back to the service"))}</a></p>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _bad(bad: bool, described: str = "") -> str:
    """The attributes of a field that was refused, tied to the summary above the form."""
    return ' aria-invalid="true"' + ("" if described else ' aria-describedby="fault"') if bad else ""
