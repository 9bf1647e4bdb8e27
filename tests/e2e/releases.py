"""The application as gunicorn serves it, whose service worker can be released anew.

What stands in the file `release` of the instance folder is added to `/sw.js` as a comment, which
makes it a new version for every browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Response

from wsgi import app as released

RELEASE = Path(os.environ["QIAOMEN_INSTANCE"]) / "release"
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING")


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Everything as it is but the service worker."""
    if environ["PATH_INFO"] != "/sw.js" or not RELEASE.is_file():
        return released(environ, start_response)
    plain = {key: value for key, value in environ.items() if key not in CONDITIONS}
    answer = Response.from_app(released, plain)
    answer.direct_passthrough = False
    answer.set_data(f"{answer.get_data(as_text=True)}\n// {RELEASE.read_text()}\n")
    return answer(environ, start_response)
