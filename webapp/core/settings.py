"""Settings, read once from the environment. The README prints them as one table."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from webapp.core import geocoder_settings, map_settings
from webapp.core.geocoder_settings import GeocoderSettings
from webapp.core.map_settings import MapSettings

T = TypeVar("T")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsError(click.UsageError):
    """A setting that the server must not start with; commands end with its sentence and code 2."""


@dataclass(frozen=True)
class Settings:
    """What one installation can choose.

    `instance` holds the embedded database, uploads and the secret key.
    """

    instance: Path
    database_url: str
    secret_key: str
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: tuple[str, ...] = ()
    map: MapSettings = MapSettings()  # noqa: RUF009  # frozen
    geocoder: GeocoderSettings | None = None
    testing: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies carry `Secure`: when residents reach us by https."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def loopback(self) -> bool:
        """Whether the installation is only for this machine (demo, development)."""
        return (urlsplit(self.public_url).hostname or "") in LOOPBACK


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises SettingsError for a value that cannot be used, and when PUBLIC_URL would send passwords
    in the clear.
    """
    instance = Path(environ.get("QIAOMEN_INSTANCE") or "instance").resolve()
    try:
        instance.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"QIAOMEN_INSTANCE is no folder that can be used: {error}") from error
    port = environ.get("PORT") or "8000"
    settings = Settings(
        instance=instance,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{instance / 'qiaomen.sqlite'}",
        secret_key=environ.get("SECRET_KEY") or _kept_secret(instance / "secret_key"),
        public_url=(environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        trusted_proxies=tuple(
            part.strip() for part in environ.get("TRUSTED_PROXIES", "").split(",") if part.strip()
        ),
        map=_usable(map_settings.from_environment, environ),
        geocoder=_usable(geocoder_settings.from_environment, environ),
    )
    check(settings)
    return settings


def _usable(read: Callable[[Mapping[str, str]], T], environ: Mapping[str, str]) -> T:
    try:
        return read(environ)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def check(settings: Settings) -> None:
    """Refuse what is no address, and what would be unsafe: an outside one without https."""
    try:
        make_url(settings.database_url)
    except ArgumentError as error:  # its text would show the password
        raise SettingsError("DATABASE_URL is not an address of a database") from error
    parts = urlsplit(settings.public_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f"PUBLIC_URL is not an address: {settings.public_url}")
    if parts.scheme == "http" and not settings.loopback:
        raise SettingsError(
            "PUBLIC_URL is reachable from outside without https: "
            f"{settings.public_url}. Put a proxy with a certificate in front and use https://"
        )


def _kept_secret(path: Path) -> str:
    """Make the key on first start and keep it, so that sign-ins survive a restart."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key
