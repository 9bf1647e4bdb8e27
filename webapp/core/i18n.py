"""Which language a person gets, and the one way to turn a key into a sentence.

Chinese first, English second. Keys are symbolic; every feature has its own catalogues in
`webapp/<feature>/translations`.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, gettext

LOCALES = ("zh", "en")
COOKIE = "qm_lang"
WEBAPP = Path(__file__).parents[1]

_ = gettext


def init_app(app: Flask) -> None:
    """Install Babel over the catalogues of all features."""
    folders = sorted(str(path) for path in WEBAPP.glob("*/translations"))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES[0]
    Babel(app, locale_selector=choose)
    app.jinja_env.globals["locale"] = choose


def choose() -> str:
    """The locale of this request (asked for, kept, the person's, the browser's) or command."""
    if not has_request_context():
        return "en" if os.environ.get("LANG", "").startswith("en") else LOCALES[0]
    asked = request.args.get("lang") or request.cookies.get(COOKIE) or g.get("locale")
    if asked in LOCALES:
        return str(asked)
    return request.accept_languages.best_match(LOCALES) or LOCALES[0]
