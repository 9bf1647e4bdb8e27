"""Puts the product together: settings, database, blueprints, listeners, the closed door."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.core import assets, db, i18n
from webapp.core.settings import Settings, from_environment

ROOT = Path(__file__).parents[1]


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; reads the environment when no settings are given."""
    settings = settings or from_environment()
    app = Flask(
        "webapp",
        root_path=str(ROOT / "webapp"),
        static_folder=str(ROOT / "static" / "dist"),
        static_url_path="/static",
        template_folder=str(ROOT / "templates"),
        instance_path=str(settings.instance),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        SESSION_COOKIE_NAME="qm_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        **settings.extra,
    )
    app.extensions["qiaomen.settings"] = settings
    app.extensions[db.EXTENSION] = db.Database(settings.database_url)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    i18n.init_app(app)
    assets.init_app(app)
    return app
