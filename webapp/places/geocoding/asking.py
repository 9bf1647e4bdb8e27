"""One question to the geocoder, at its pace; every way it can go wrong has a name."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from geopy.exc import (
    ConfigurationError,
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderQuotaExceeded,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeopyError,
)
from geopy.extra.rate_limiter import RateLimiter

from webapp.core.geocoder_settings import GeocoderSettings
from webapp.places.imports import crs

LONGEST = 200
TRIES = 2
"""More, after a question that failed on its way."""
PAUSE = 3.0
"""Seconds before each of them; with the usual timeout of ten less than a job's lease in all."""


class Refused(Exception):
    """The geocoder will not answer any more: `code` is quota, key or service."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """A place in WGS-84 degrees, and what the geocoder calls it."""

    lat: float
    lon: float
    called: str


class Asker:
    """Asks one geocoder; not more often than its settings say, whoever asks in this process."""

    def __init__(self, settings: GeocoderSettings) -> None:
        self._settings = settings
        geocoder = settings.make()
        self._ask = RateLimiter(
            geocoder.geocode,
            min_delay_seconds=settings.seconds,
            max_retries=TRIES,
            error_wait_seconds=max(PAUSE, settings.seconds),
            swallow_exceptions=False,
        )

    def ask(self, text: str) -> Answer | None:
        """Where this is; none when the geocoder knows nothing, or no place on earth.

        Raises Refused when asking on makes no sense: no quota left, a wrong key, no connection.
        """
        try:
            found = self._ask(text[:LONGEST], **self._settings.query)
        except (GeocoderQuotaExceeded, GeocoderRateLimited) as error:
            raise Refused("quota") from error
        except (
            GeocoderAuthenticationFailure, GeocoderInsufficientPrivileges, ConfigurationError
        ) as error:  # fmt: skip
            raise Refused("key") from error
        except (GeopyError, GeocoderServiceError) as error:
            raise Refused("service") from error
        return self._answer(found) if found is not None else None

    def _answer(self, found: Any) -> Answer | None:
        try:
            lat, lon = float(found.latitude), float(found.longitude)
        except (TypeError, ValueError):
            return None
        if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 85 and abs(lon) <= 180):
            return None
        if lat == 0 and lon == 0:
            return None
        lon, lat = crs.to_wgs84(lon, lat, self._settings.crs)
        called = " ".join(str(found.address or "").split())[:LONGEST]
        return Answer(round(lat, 7), round(lon, 7), called)


_askers: dict[int, Asker] = {}


def asker(settings: GeocoderSettings) -> Asker:
    """The one for these settings, which live as long as the process: the pace holds from one job
    to the next."""
    if id(settings) not in _askers:
        _askers[id(settings)] = Asker(settings)
    return _askers[id(settings)]
