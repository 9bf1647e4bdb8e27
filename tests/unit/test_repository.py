"""Rules that hold for the whole repository, whoever adds a file."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u3400-\u9fff]")
CODE_OF_PAGES = {".html", ".ts", ".tsx"}
COMMENTS = {
    ".html": re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL),
    ".ts": re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL),
    ".tsx": re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL),
}
NAMES_A_REGISTRY = re.compile(r'"resolved"|--(?:extra-)?index-url|--find-links|^-i ', re.MULTILINE)
# Catalogues, recognisers of what people type, and the names of the demo.
MAY_SPEAK_CHINESE = (
    "webapp/visits/past_words.py",
    "static/app/i18n/",
    "static/app/contract.ts",
    "static/app/features/alerts/money.ts",
    "webapp/alerts/titles.py",
    "webapp/demo",
    "webapp/alerts/desk/forms.py",
    "webapp/alerts/intake/",
    "webapp/places/addresses.py",
    "webapp/places/imports/",
    "webapp/places/numbers.py",
    "webapp/places/writing.py",
)
WORDS_OF_A_PART = "/texts.zh.ts"  # the catalogue of a part of the app that is loaded later
LANGUAGE_NAMES = re.compile("(?:简体)?中文")  # a language is offered in its own words


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository that are kept by git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def spoken(path: Path) -> Iterator[str]:
    """The texts of a file that a person may read: no comments, no docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in COMMENTS:
        yield COMMENTS[path.suffix].sub("", text)
        return
    tree = ast.parse(text)
    explained = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in explained:
            yield str(node.value)


def test_no_sentence_stands_in_code() -> None:
    offenders = []
    for path in tracked("webapp/*.py", "templates/*.html", "static/app/*.ts", "static/app/*.tsx"):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(MAY_SPEAK_CHINESE) or name.endswith(WORDS_OF_A_PART) or ".test." in name:
            continue
        if any(CHINESE.search(LANGUAGE_NAMES.sub("", text)) for text in spoken(path)):
            offenders.append(name)
    assert offenders == []


def test_one_module_alone_knows_which_engine_is_running() -> None:
    """Besides the engines' own tools for backups, and the address that is used without settings."""
    knowing = ("webapp/core/db.py", "webapp/core/backup.py", "webapp/core/settings.py")
    engine = re.compile(
        r"sqlite|postgres|psycopg|dialect|exec_driver_sql|\bPRAGMA\b", re.IGNORECASE
    )
    offenders = []
    for path in tracked("webapp/*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name not in knowing and any(engine.search(word) for word in used(path)):
            offenders.append(name)
    assert offenders == []


def used(path: Path) -> Iterator[str]:
    """All names and texts of a Python file but what explains it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            if node.module == "sqlalchemy" and "text" in {name.name for name in node.names}:
                yield "exec_driver_sql"  # SQL as it is written
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
    yield from spoken(path)


def test_no_page_holds_code_or_style() -> None:
    inline = re.compile(
        r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style|<script(?![^>]*\ssrc=)", re.IGNORECASE
    )
    offenders = [
        path.relative_to(ROOT).as_posix()
        for path in tracked("templates/*.html")
        if inline.search(COMMENTS[".html"].sub("", path.read_text(encoding="utf-8")))
    ]
    assert offenders == []


def test_locks_name_packages_without_their_registry() -> None:
    locks = tracked("requirements*", "package-lock.json", "setup/*.txt")
    assert locks
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert not NAMES_A_REGISTRY.search(text), lock


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_is_pinned(lock: str) -> None:
    for line in (ROOT / lock).read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9.-]+==[\w.+!-]+", line), line


def test_what_is_declared_is_locked() -> None:
    locked = {
        line.partition("==")[0]
        for lock in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / lock).read_text().splitlines()
    }
    for source in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / source).read_text().splitlines():
            name = re.match(r"[a-z0-9][a-z0-9-]+", line)
            assert not name or name.group() in locked, line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_key_has_two_sentences(language: str) -> None:
    """Catalogues of all features are one: the second of two would hide the first."""
    named = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
    keys = [
        key
        for path in tracked(f"webapp/*/translations/{language}/LC_MESSAGES/messages.po")
        for key in named.findall(path.read_text(encoding="utf-8"))
    ]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_every_proof_that_the_docs_name_is_there() -> None:
    named = re.compile(r"`(tests/[\w/]+\.py)?::(test_\w+)`|`((?:tests|static)/[\w./*-]+)`")
    quoted = re.compile(r"`(\w+\.test\.ts)` \"([^\"]+)\"")
    text = (ROOT / "docs/sync.md").read_text(encoding="utf-8")
    last, missing = "", []
    for path, test, alone in named.findall(text):
        last = path or last
        if alone:
            missing += [alone] * (not list(ROOT.glob(alone.rstrip("/"))))
        elif f"def {test}(" not in (ROOT / last).read_text(encoding="utf-8"):
            missing.append(f"{last}::{test}")
    for path, words in quoted.findall(text):
        told = "".join(found.read_text() for found in (ROOT / "static/app").rglob(path))
        missing += [f"{path} {words}"] * (words not in told)
    assert missing == []
