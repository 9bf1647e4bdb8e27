"""What every answer has in common: headers, problems as answers, bodies, the client's address."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from webapp.core import compress
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.core.settings import Settings, SettingsError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{images}; "
    "worker-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'"
)
YEAR = 365 * 24 * 3600
EXTRAS = ("field", "retry_after", "communities", "csrf_token", "members")
"""What a problem tells a program beside its code and sentence."""

CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "json_only",
    429: "locked",
}
SAFE = {"GET", "HEAD", "OPTIONS"}

csrf = CSRFProtect()

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])


def init_app(app: Flask, settings: Settings) -> None:
    """Install headers, error answers and the reading of proxies' headers."""
    app.before_request(_refuse_foreign_origin)
    app.after_request(_headers)
    app.register_error_handler(Problem, answer_problem)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(DBAPIError, _answer_database)
    networks = _networks(settings.trusted_proxies)
    if networks:
        app.wsgi_app = TrustedProxies(app.wsgi_app, networks)  # type: ignore[assignment, method-assign]


# --- bodies ---------------------------------------------------------------------------------


def without_token(view: View) -> View:
    """A write that needs no CSRF token: signing in, where there is no session to ride on."""
    csrf.exempt(view)
    return view


def is_api() -> bool:
    """Whether a program asked: it gets JSON, a person gets a page."""
    return request.path.startswith("/api/")


def read_json(kind: type[T]) -> T:
    """The request's body as that structure; raises Problem as `json_body` and `parse_json` do."""
    return parse_json(json_body(), kind)


def json_body() -> bytes:
    """The request's body, which can be read only once. Raises Problem 415 when it is not JSON."""
    if request.mimetype != "application/json":
        raise Problem("json_only", status=415)
    return compress.request_body()


def parse_json(body: bytes, kind: type[T]) -> T:
    """A body as that structure.

    Raises Problem 400 `invalid` with the `field` that does not fit, "" when it is no JSON at all.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Problem("invalid", field=_field(str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("invalid", field="") from error


def answer_json(body: Any, status: int = 200) -> Response:
    """A structure as JSON."""
    return Response(msgspec.json.encode(body), status, mimetype="application/json")


def _field(message: str) -> str:
    """The path of the field that msgspec complains about: `device.id`."""
    path = re.search(r"`\$\.?([^`]*)`$", message)
    missing = re.search(r"required field `([^`]*)`", message)
    names = [path.group(1) if path else "", missing.group(1) if missing else ""]
    return ".".join(name for name in names if name)


# --- problems -------------------------------------------------------------------------------


def answer_problem(problem: Problem) -> Response:
    """A problem as JSON for programs, as a page for people."""
    sentence = _(problem.message, **problem.params)
    extras = {key: problem.params[key] for key in EXTRAS if key in problem.params}
    if is_api():
        answer = answer_json({"code": problem.code, "message": sentence, **extras}, problem.status)
    else:
        page = render_template(
            "error.html", status=problem.status, code=problem.code, sentence=sentence
        )
        answer = Response(page, problem.status)
    if "retry_after" in extras:
        answer.headers["Retry-After"] = str(extras["retry_after"])
    return answer


def _answer_http(error: HTTPException) -> Response | HTTPException:
    if isinstance(error, CSRFError):
        # Only our own pages can read the answer: a phone whose form cookie is gone goes on with it.
        return answer_problem(Problem("csrf", csrf_token=generate_csrf()))
    status = error.code or 500
    if status < 400 or error.response is not None:
        return error
    code = CODES.get(status, "server" if status >= 500 else "invalid")
    answer = answer_problem(Problem(code, status=status, minutes=1))
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _answer_database(error: DBAPIError) -> Response:
    """Two people at the same thing at once, or a database that is busy: trying again helps. What
    no column can hold (a NUL, no id where one belongs) was sent like that."""
    if isinstance(error, IntegrityError):
        current_app.logger.warning("two writers met: %s", error.orig)
        return answer_problem(Problem("met_another", status=409))
    if isinstance(error, DataError):
        current_app.logger.warning("sent what no column can hold: %s", error.orig)
        return answer_problem(Problem("invalid"))
    if isinstance(error, OperationalError):
        current_app.logger.error("the database did not answer", exc_info=error)
        return answer_problem(Problem("busy", status=503, retry_after=2))
    raise error


# --- headers --------------------------------------------------------------------------------


def content_security_policy() -> str:
    """The policy of this request's answer: pictures come from here, and on a map from its tiles."""
    return CONTENT_SECURITY_POLICY.format(images="".join(f" {o}" for o in g.get("qm_images", ())))


def show_tiles() -> None:
    """Let this request's page show the map tiles of the server that the installation names."""
    tiles = installation().map.tiles
    g.qm_images = tiles.origins if tiles else ()


def installation() -> Settings:
    """What the installation chose."""
    settings: Settings = current_app.extensions["qiaomen.settings"]
    return settings


def _headers(answer: Response) -> Response:
    """Runs for every answer, also those of requests that were refused half-way."""
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return answer


def _refuse_foreign_origin() -> None:
    """A page of another site may not write here; browsers say where a write comes from."""
    origin = request.headers.get("Origin")
    if request.method in SAFE or origin is None:
        return
    settings: Settings = current_app.extensions["qiaomen.settings"]
    own = {_origin(request.host_url), _origin(settings.public_url)}
    if origin.lower() not in own:
        raise Problem("foreign_origin", status=403)


def _origin(address: str) -> str:
    parts = urlsplit(address.lower())
    return f"{parts.scheme}://{parts.netloc}"


def safe_next(target: str | None, default: str = "/") -> str:
    """Where to go after signing in: a path of ours, never another site.

    Browsers read a backslash as a slash and drop tabs and line ends, so that `/\\evil` and
    `/<tab>/evil` leave the site: only plain printable paths are taken.
    """
    if not target or len(target) > 500 or not re.fullmatch(r"/[!-\[\]-~]*", target):
        return default
    if target.startswith("//"):
        return default
    return target


# --- proxies --------------------------------------------------------------------------------


class TrustedProxies:
    """Believes X-Forwarded-For only from the proxies that the installation names.

    Each proxy appends who spoke to it, so the list is read from the right: the first address that
    is not one of ours is the client. Anything further left was written by the client itself.
    """

    def __init__(self, app: WSGIApplication, networks: list[Network]) -> None:
        self._app = app
        self._networks = networks

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Correct REMOTE_ADDR and the scheme, then go on."""
        if self._trusts(_address(environ.get("REMOTE_ADDR", ""))):
            environ["REMOTE_ADDR"] = self._client(environ)
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip().lower()
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start)

    def _client(self, environ: WSGIEnvironment) -> str:
        client = str(environ["REMOTE_ADDR"])
        chain = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        while chain and self._trusts(_address(client)):
            before = _address(chain.pop())
            if before is None:
                break
            client = str(before)
        return client

    def _trusts(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as proxies write it: perhaps in brackets, perhaps with a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].split("]")[0]
    elif text.count(":") == 1:
        text = text.split(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _networks(names: Iterable[str]) -> list[Network]:
    try:
        return [ipaddress.ip_network(name, strict=False) for name in names]
    except ValueError as error:
        raise SettingsError(f"TRUSTED_PROXIES: {error}") from error
