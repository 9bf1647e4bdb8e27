"""`flask community add …` and `flask user add …`."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from webapp.accounts import communities, passwords
from webapp.accounts.communities import NewUser
from webapp.core import clock, db
from webapp.core.cli import as_json, emit, explained, tell
from webapp.core.errors import Problem
from webapp.core.i18n import _

ROLES = (*communities.MEMBER_ROLES, *communities.INSTALLATION_ROLES)


@click.group("community")
def community() -> None:
    """Communities, the tenants of this installation."""


@community.command("add")
@click.argument("name")
@click.option(
    "--region", required=True, help="Path of districts from large to small, with slashes."
)
@click.option("--timezone", default="Asia/Shanghai", show_default=True, help="IANA name.")
@as_json
@with_appcontext
@explained
def add_community(name: str, region: str, timezone: str, as_json: bool) -> None:
    """Make a community and answer its id."""
    with db.writing() as session:
        made = communities.add_community(session, name, region, timezone, now=clock.now())
    emit({"id": made}, as_json)


@click.group("user")
def user() -> None:
    """Persons who can sign in."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True, help="As residents and the team see it.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--community", "community_id", type=int, help="Of a volunteer or coordinator.")
@click.option("--region", help="Of a supervisor: the path whose communities they may compare.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@as_json
@with_appcontext
@explained
def add_user(
    login: str,
    name: str,
    role: str,
    community_id: int | None,
    region: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make a person, active at once, and answer the id.

    A login that exists gains the membership or role; name and password stay. A mobile number as
    login is the phone number too.
    """
    _check_place(role, community_id, region)
    password = _read_password(password_stdin)
    asked = NewUser(login, name, role, password, community_id, region)
    with db.writing() as session:
        person_id, new = communities.add_user(session, asked, now=clock.now())
    if not new:
        tell(_("accounts.cli.known", login=login))
    elif password and len(password) < passwords.SHORTEST:
        tell(_("accounts.cli.short", shortest=passwords.SHORTEST))
    emit({"id": person_id}, as_json)


COMMANDS: list[click.Command] = [community, user]


def _check_place(role: str, community_id: int | None, region: str | None) -> None:
    member = role in communities.MEMBER_ROLES
    if member and community_id is None:
        raise Problem("community_needed")
    if role == "supervisor" and not region:
        raise Problem("region_needed")
    if (member and region) or (not member and community_id is not None):
        raise Problem("role_place", role=role)


def _read_password(from_stdin: bool) -> str | None:
    """The first line, without its end; none when nobody asked to read one."""
    if not from_stdin:
        return None
    password = sys.stdin.readline().rstrip("\r\n")
    if not password.strip():
        raise Problem("password_empty")
    if len(password) > passwords.LONGEST:
        raise Problem("password_short", shortest=passwords.SHORTEST)
    return password
