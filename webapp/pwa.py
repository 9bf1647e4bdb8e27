"""The field app's frame: shell page, manifest, service worker, and the front door."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
)
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts.access import Actor, public
from webapp.core import http
from webapp.core.errors import NotFound
from webapp.core.http import answer_json
from webapp.core.i18n import _

bp = Blueprint("pwa", __name__)

YEAR = 365 * 24 * 3600
PAPER, PINE = "#f5f1e8", "#0e5a4f"
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)


@bp.get("/")
@public
def home() -> BaseResponse:
    """Everybody to where their work is."""
    actor = current_user._get_current_object()  # noqa: SLF001  # the proxy hides the type
    roles = actor.roles if isinstance(actor, Actor) else frozenset()
    if "coordinator" in roles:
        return redirect("/coverage")
    if roles & {"supervisor", "admin"}:
        return redirect("/regions")
    at_a_desk = not roles and "Mobile" not in request.user_agent.string
    return redirect("/sign-in" if at_a_desk else "/app")


@bp.get("/app")
@bp.get("/app/<path:_address>")
@public
def shell(_address: str = "") -> Response:
    """The same page for every address of the app; it holds nobody's data, so it can be kept."""
    http.show_tiles()
    answer = Response(render_template("pwa/shell.html"))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """At the root, so that its scope is everything; asked for anew every time.

    Phones keep the shell page with its policy: another server of map tiles is another revision.
    """
    tiles = http.installation().map.tiles
    named = f"{crc32(repr(tiles.origins).encode()):08x}" if tiles else "0"
    try:
        code = (_dist() / "sw.js").read_bytes().replace(b"@tiles@", named.encode())
    except FileNotFoundError as error:
        raise NotFound from error
    answer = Response(code, mimetype="text/javascript")
    answer.add_etag()
    answer.make_conditional(request)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a phone needs to put the app on its home screen."""
    icons = [
        {"src": f"/static/{file}", "sizes": sizes, "type": "image/png", "purpose": purpose}
        for file, sizes, purpose in ICONS
    ]
    answer = answer_json(
        {
            "id": "/app",
            "name": _("pwa.name"),
            "short_name": _("pwa.title"),
            "lang": "zh-Hans",
            "start_url": "/app",
            "scope": "/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": icons,
        }
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _dist() -> Path:
    return Path(current_app.static_folder or "")
