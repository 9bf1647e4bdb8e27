from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from webapp.core import assets

MANIFEST = {
    "main.tsx": {"file": "main-1.js", "css": ["main-1.css"], "imports": ["_icons", "_field"]},
    "_icons": {"file": "icons-2.js", "imports": ["_field"]},
    "_field": {"file": "field-3.js", "css": ["field-3.css"]},
    "Outbox.tsx": {"file": "outbox-4.js", "css": ["outbox-4.css"], "imports": ["_icons"]},
}


@pytest.fixture
def built(tmp_path: Path) -> Flask:
    app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    return app


def test_an_entry_is_asked_for_together_with_all_that_it_imports_at_once(built: Flask) -> None:
    with built.test_request_context():
        assert assets.script("main.tsx") == "/static/main-1.js"
        assert sorted(assets.imports("main.tsx")) == ["/static/field-3.js", "/static/icons-2.js"]


def test_styles_of_what_is_imported_come_too_and_those_of_lazy_parts_do_not(built: Flask) -> None:
    with built.test_request_context():
        assert assets.styles("main.tsx") == ["/static/main-1.css", "/static/field-3.css"]


def test_a_page_renders_before_the_first_build(tmp_path: Path) -> None:
    app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    with app.test_request_context():
        assert assets.script("main.tsx") == "/static/main.tsx"
        assert assets.styles("main.tsx") == []
        assert assets.imports("main.tsx") == []
