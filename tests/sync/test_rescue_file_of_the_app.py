"""The field app's own code makes a rescue file, the server's own code takes it in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories.field import NOW, TIMEZONE, Neighbourhood, Op, Phone, visit
from tests.unit.operations.test_desk import acting
from webapp.accounts import community_keys
from webapp.core import db
from webapp.operations import receipt
from webapp.operations.boxes import SEALED, unsealed
from webapp.operations.rescue import Imported, import_file

ROOT = Path(__file__).parents[2]
SECRET = "only-for-tests"
PATH = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
NODE = shutil.which("node", path=PATH)
DEVICE_KEY = bytes(32)
"""The key that the factory gives every phone."""

pytestmark = pytest.mark.skipif(
    NODE is None or not (ROOT / "node_modules" / "vite").is_dir(),
    reason="needs Node and the client's packages: make setup",
)


def app_code(given: dict[str, object]) -> bytes:
    """What the app's code makes of it."""
    made = subprocess.run(
        [str(NODE), "tests/support/rescue_file.mjs"],
        cwd=ROOT,
        env=os.environ | {"PATH": PATH},
        input=json.dumps(given).encode(),
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr.decode()
    return made.stdout


@dataclass
class Desk:
    """A coordinator, and a volunteer whose phone cannot send."""

    hood: Neighbourhood
    boss: Phone
    phone: Phone
    door: str
    public: bytes

    def file(self, *operations: Op, key: bytes | None = DEVICE_KEY) -> bytes:
        """What the phone saves of these."""
        texts = b",".join(operation.raw for operation in operations).decode()
        given = {
            "body": '{"sent_at":"2026-11-23T09:00:00.000+08:00","operations":[' + texts + "]}",
            "community": self.hood.community_id,
            "device": self.phone.device_id,
            "publicKey": b64encode(self.public).decode(),
            "key": key and b64encode(key).decode(),
        }
        return app_code(given)

    def sealed(self, operation: Op) -> bytes:
        """What the phone keeps of an operation that it must not read any more."""
        kept = {"id": operation.id, "text": operation.raw.decode()}
        return app_code({"operation": kept, "publicKey": b64encode(self.public).decode()})

    def take(self, data: bytes) -> Imported:
        return import_file(acting(self.boss), data, SECRET, TIMEZONE, now=NOW)


@pytest.fixture
def desk(hood: Neighbourhood) -> Desk:
    building = hood.building()
    door = hood.door(building)
    with db.writing() as session:
        public = community_keys.ensure(session, hood.community_id, SECRET)
    return Desk(hood, hood.member("coordinator"), hood.volunteer(building), door, public)


def test_its_file_gives_the_same_result_as_the_push(desk: Desk) -> None:
    first = visit(desk.door, note='女儿周末在家 🚪 \\ "x"')
    second = visit(desk.door, "refused")
    file = desk.file(first, second)
    imported = desk.take(file)
    assert imported.signed
    assert imported.statuses == {"accepted": 2}
    # The same bytes: what the phone sends later is known, and its receipt is equal.
    assert desk.phone.statuses(first, second) == ["duplicate", "duplicate"]
    with db.reading() as session:
        found = receipt.of_device(session, desk.hood.community_id, str(desk.phone.device_id))
    assert found.count == 2
    assert desk.take(file).statuses == {"duplicate": 2}


def test_nobody_reads_it_without_the_communitys_key(desk: Desk) -> None:
    file = desk.file(visit(desk.door, note="女儿周末在家"))
    assert "informed" not in file.decode()
    assert desk.door not in file.decode()


def test_without_the_devices_key_somebody_has_to_look(desk: Desk) -> None:
    for key in (None, bytes(31) + b"\1"):
        imported = desk.take(desk.file(visit(desk.door), key=key))
        assert not imported.signed
        assert imported.statuses == {"held": 1}


def test_a_changed_device_breaks_the_signature(desk: Desk) -> None:
    other = desk.hood.second_phone(desk.phone)
    fields = json.loads(desk.file(visit(desk.door)))
    fields["device"] = other.device_id
    imported = desk.take(json.dumps(fields).encode())
    assert (imported.signed, imported.statuses) == (False, {"held": 1})


def test_what_the_app_sealed_is_the_same_operation_to_the_server(desk: Desk) -> None:
    """In a push, and in a rescue file beside one that is not sealed."""
    first, second = visit(desk.door, note="女儿周末在家 🚪"), visit(desk.door, "refused")
    box = desk.sealed(first)
    assert box.startswith(SEALED)
    assert "女儿".encode() not in box
    with db.reading() as session:
        private = community_keys.private(session, desk.hood.community_id, SECRET)
    assert [bytes(raw) for raw in unsealed([box, second.raw], lambda: private)] == [
        first.raw,
        second.raw,
    ]
    imported = desk.take(desk.file(Op(first.id, box), second))
    assert imported.statuses == {"accepted": 2}
    assert desk.phone.statuses(first, second) == ["duplicate", "duplicate"]
