"""Communities that tests start from."""

from __future__ import annotations

import csv
import json
import secrets
from pathlib import Path

from tests.e2e.serving import Flask, Instance, commands

BUILDINGS = (
    # name, units, floors, rooms per floor
    ("1幢", 2, 6, 2),
    ("2幢", 1, 34, 4),
    ("3幢", 3, 11, 2),
)
PEOPLE = (
    # login, name, role
    ("coordinator", "何静", "coordinator"),
    ("volunteer", "张敏", "volunteer"),
    ("second", "李强", "volunteer"),
)
REGION = "重庆市/合川区/南津街街道"


def small(folder: Path) -> Instance:
    """One community, three buildings, a coordinator and two volunteers who have all buildings."""
    password = secrets.token_urlsafe(12)
    with commands(folder) as flask:
        flask("db", "upgrade")
        community = add_community(flask, "紫荆园社区")
        here = ("--community", str(community))
        file = buildings_file(folder, [("紫荆花园", *building) for building in BUILDINGS])
        flask("import", "buildings", str(file), *here, "--generate-households")
        for login, name, role in PEOPLE:
            add_person(flask, community, login, name, role, password)
        for login in ("volunteer", "second"):
            flask("assign", login, *here, "--all")
    return Instance(folder, community, password)


def demo(folder: Path) -> tuple[Instance, dict[str, str]]:
    """The demo, and the password of each of its accounts."""
    with commands(folder) as flask:
        flask("db", "upgrade")
        flask("demo", "load")
    text = (folder / "demo-signins.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines()]
    passwords = {row[0]: row[1] for row in rows if len(row) == 4 and "-" in row[1]}
    return Instance(folder, 1, ""), passwords


def add_community(flask: Flask, name: str) -> int:
    """Its number."""
    added = flask(
        "community", "add", name, "--region", REGION, "--timezone", "Asia/Shanghai", "--json"
    )
    return int(json.loads(added)["id"])


def add_person(
    flask: Flask, community: int, login: str, name: str, role: str, password: str
) -> None:
    """Somebody who can sign in at once."""
    flask(
        "user", "add", login, "--name", name, "--role", role, "--community", str(community),
        "--password-stdin", stdin=password,
    )  # fmt: skip


def buildings_file(folder: Path, rows: list[tuple[str, str, int, int, int]]) -> Path:
    """A list as a coordinator has it: (compound, building, units, floors, rooms a floor)."""
    path = folder / "buildings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["小区", "楼栋", "单元数", "楼层数", "总户数"])
        for compound, name, units, floors, rooms in rows:
            writer.writerow([compound, name, units, floors, units * floors * rooms])
    return path
