"""Which language a person gets, and the one way to turn a key into a sentence.

Chinese first, English second. Keys are symbolic; every feature has its own catalogues in
`webapp/<feature>/translations`.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, force_locale, gettext

LOCALES = ("zh", "en")
COOKIE = "qm_lang"
YEAR = 365 * 24 * 3600
WEBAPP = Path(__file__).parents[1]


def _(key: str, **params: object) -> str:
    """The sentence of a catalogue key in the language that was chosen, filled with `params`."""
    return str(gettext(key, **params))


def init_app(app: Flask) -> None:
    """Install Babel over the catalogues of all features."""
    folders = sorted(str(path) for path in WEBAPP.glob("*/translations"))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES[0]
    Babel(app, locale_selector=choose)
    app.jinja_env.globals["locale"] = choose
    app.jinja_env.globals["other_language"] = other_language
    app.after_request(_keep)


def choose() -> str:
    """The locale of this request (asked for, kept, the person's, the browser's) or command."""
    if not has_request_context():
        return "en" if os.environ.get("LANG", "").startswith("en") else LOCALES[0]
    asked = request.args.get("lang") or request.cookies.get(COOKIE) or g.get("locale")
    if asked in LOCALES:
        return str(asked)
    return request.accept_languages.best_match(LOCALES) or LOCALES[0]


def speaking(language: str) -> AbstractContextManager[None]:
    """Sentences in that language, whatever the reader's own, while the block runs."""
    spoken: AbstractContextManager[None] = force_locale(language)
    return spoken


def other_language() -> str:
    """This page's address in the other language."""
    other = LOCALES[1] if choose() == LOCALES[0] else LOCALES[0]
    arguments = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    return request.path + "?" + urlencode([*arguments, ("lang", other)])


def _keep(answer: Response) -> Response:
    """A language that was asked for by `?lang=` holds from then on."""
    asked = request.args.get("lang")
    if asked in LOCALES and request.cookies.get(COOKIE) != asked:
        answer.set_cookie(COOKIE, str(asked), max_age=YEAR, samesite="Lax")
    return answer
