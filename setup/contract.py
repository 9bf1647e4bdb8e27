"""Writes the OpenAPI document from the structures that the server reads and answers with.

Bodies are found where features declare them (a module's `bodies()`), operations in the registry.
A route's bodies are those that its function names: `…Request` is read, `…Answer` is sent.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask

from webapp.app import create_app
from webapp.core.settings import Settings
from webapp.operations.registry import registry

REF = "#/components/schemas/{name}"
PREFIX = "/api/"


def document(app: Flask) -> dict[str, Any]:
    """OpenAPI 3.1: every route under /api, every body, every operation."""
    bodies = _bodies()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Qiaomen",
            "version": "1",
            "description": "What phones and other programs say to the server. Generated: "
            "change the structures in webapp/, then run `make contract`.",
        },
        "paths": _paths(app, bodies),
        "components": {"schemas": _schemas(bodies)},
    }


def _bodies() -> dict[str, type[msgspec.Struct]]:
    found: dict[str, type[msgspec.Struct]] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("webapp.") and inspect.isfunction(getattr(module, "bodies", None)):
            found |= module.bodies()
    return found


def _schemas(bodies: dict[str, type[msgspec.Struct]]) -> dict[str, Any]:
    kinds = {kind.schema.__name__: kind for kind in registry.kinds.values()}
    types = [*bodies.values(), *(kind.schema for kind in kinds.values())]
    _, schemas = msgspec.json.schema_components(types, ref_template=REF)
    for name, kind in kinds.items():
        schemas[name]["properties"]["type"] = {"const": kind.name}
    if kinds:
        schemas["Operation"] = {
            "description": "What a phone records; which one, says its type.",
            "anyOf": [{"$ref": REF.format(name=name)} for name in sorted(kinds)],
        }
        # Read as raw bytes, so that each element is decoded (and hashed) on its own.
        schemas["PushRequest"]["properties"]["operations"]["items"] = {
            "$ref": REF.format(name="Operation")
        }
    for schema in schemas.values():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
    return dict(sorted(schemas.items()))


def _paths(app: Flask, bodies: dict[str, type[msgspec.Struct]]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if not rule.rule.startswith(PREFIX):
            continue
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule.arguments, view, bodies)
    return paths


def _operation(
    arguments: Iterable[str], view: Any, bodies: dict[str, type[msgspec.Struct]]
) -> dict[str, Any]:
    named = [name for name in _names(view) if name in bodies]
    described: dict[str, Any] = {
        "operationId": f"{view.__module__.split('.')[1]}_{view.__name__}",
        "summary": (inspect.getdoc(view) or "").partition("\n")[0],
        "responses": {
            "200": {"description": "Done", **_content(named, "Answer")},
            "default": {"description": 'A problem: {"code", "message"}'},
        },
    }
    body = _content(named, "Request")
    if body:
        described["requestBody"] = {"required": True, **body}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in sorted(arguments)
    ]
    return described | ({"parameters": parameters} if parameters else {})


def _names(view: Any) -> list[str]:
    """What a function names, and what the helpers of its module name that it calls."""
    names = list(view.__code__.co_names)
    for name in view.__code__.co_names:
        helper = view.__globals__.get(name)
        if inspect.isfunction(helper) and helper.__module__ == view.__module__:
            names += helper.__code__.co_names
    return names


def _content(named: list[str], ending: str) -> dict[str, Any]:
    for name in named:
        if name.endswith(ending):
            reference = {"$ref": REF.format(name=name)}
            return {"content": {"application/json": {"schema": reference}}}
    return {}


def main(target: Path) -> None:
    """Write the document to a file."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder), f"sqlite:///{folder}/none.sqlite", "unused", testing=True)
        text = json.dumps(document(create_app(settings)), indent=2, ensure_ascii=False)
    target.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
