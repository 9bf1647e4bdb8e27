"""What lies under a map is a setting: each that cannot be used is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.pmtiles import archive
from webapp.core import map_settings, pmtiles
from webapp.core.map_settings import MapSettings

AMAP = {
    "MAP_TILES_URL": "https://webrd0{s}.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}",
    "MAP_TILES_ATTRIBUTION": "© 高德地图",
    "MAP_TILES_CRS": "gcj02",
    "MAP_TILES_SUBDOMAINS": "1,2,3,4",
}


def test_nothing_is_set_by_default() -> None:
    assert map_settings.from_environment({}) == MapSettings(None, None)


def test_tiles_of_a_server_are_read() -> None:
    tiles = map_settings.from_environment(AMAP).tiles
    assert tiles is not None
    assert (tiles.crs, tiles.max_zoom, tiles.subdomains) == ("gcj02", 18, ("1", "2", "3", "4"))
    assert tiles.origins == tuple(f"https://webrd0{n}.is.autonavi.com" for n in (1, 2, 3, 4))


def test_an_address_without_subdomains_has_one_origin() -> None:
    tiles = map_settings.from_environment(
        {"MAP_TILES_URL": "http://tiles.lan:8080/{z}/{x}/{-y}.png", "MAP_TILES_ATTRIBUTION": "x"}
    ).tiles
    assert tiles is not None
    assert tiles.origins == ("http://tiles.lan:8080",)
    assert tiles.subdomains == ()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"MAP_TILES_URL": "tiles/{z}/{x}/{y}.png"}, "no address"),
        ({"MAP_TILES_URL": "https://{host}/{z}/{x}/{y}.png"}, "no address"),
        ({"MAP_TILES_URL": "https://a.b/{z}/{x}.png"}, "{y}"),
        ({"MAP_TILES_URL": "https://a.b/{z}/{x}/{y}/{key}.png"}, "{y}"),
        ({"MAP_TILES_URL": "https://a.b/{z}/{x}/{y}.png; script-src *"}, "character"),
        ({"MAP_TILES_ATTRIBUTION": ""}, "MAP_TILES_ATTRIBUTION"),
        ({"MAP_TILES_CRS": "mars"}, "gcj02"),
        ({"MAP_TILES_MAX_ZOOM": "99"}, "22"),
        ({"MAP_TILES_MAX_ZOOM": "many"}, "22"),
    ],
)
def test_what_cannot_be_used_is_said(given: dict[str, str], wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted.replace("{", r"\{")):
        map_settings.from_environment(AMAP | given)


def test_a_file_of_tiles_tells_its_zooms_and_whose_it_is(tmp_path: Path) -> None:
    path = archive(tmp_path, attribution='<a href="https://x.org">© 某人</a>, ODbL')
    base = map_settings.from_environment({"MAP_PMTILES": str(path), "MAP_OFFLINE_MB": "5"}).base
    assert base is not None
    assert (base.archive.min_zoom, base.archive.max_zoom) == (0, 2)
    assert base.attribution == "© 某人, ODbL"
    assert base.offline_mb == 5


def test_another_file_is_another_version(tmp_path: Path) -> None:
    one = pmtiles.read(archive(tmp_path, name="one.pmtiles"))
    assert one.version == pmtiles.read(archive(tmp_path, name="same.pmtiles")).version
    assert one.version != pmtiles.read(archive(tmp_path, max_zoom=1, name="two.pmtiles")).version


def test_a_file_that_does_not_say_whose_it_is_needs_the_setting(tmp_path: Path) -> None:
    path = archive(tmp_path, attribution="")
    with pytest.raises(ValueError, match="MAP_PMTILES_ATTRIBUTION"):
        map_settings.from_environment({"MAP_PMTILES": str(path)})
    given = {"MAP_PMTILES": str(path), "MAP_PMTILES_ATTRIBUTION": "© 某人"}
    assert map_settings.from_environment(given).base is not None


def test_what_is_no_raster_archive_is_refused(tmp_path: Path) -> None:
    vector = archive(tmp_path, tile_type=1, name="vector.pmtiles")
    text = tmp_path / "text.pmtiles"
    text.write_text("not at all" * 40)
    short = tmp_path / "short.pmtiles"
    short.write_bytes(b"PMTiles\x03")
    for path, wanted in (
        (vector, "vector"), (text, "no PMTiles"), (short, "read"), (tmp_path / "none", "read"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=wanted):
            map_settings.from_environment({"MAP_PMTILES": str(path)})


def test_baidus_grid_has_no_place_in_a_file(tmp_path: Path) -> None:
    given = {"MAP_PMTILES": str(archive(tmp_path)), "MAP_PMTILES_CRS": "bd09"}
    with pytest.raises(ValueError, match="Baidu"):
        map_settings.from_environment(given)


def test_the_real_archive_can_be_shown(data_dir: Path) -> None:
    path = data_dir / "basemap_stamen_toner_raster_z3.pmtiles"
    if not path.is_file():
        pytest.skip("the base map is not there")
    own = {"MAP_PMTILES": str(path), "MAP_PMTILES_ATTRIBUTION": "© Stamen, CC BY; ODbL"}
    base = map_settings.from_environment(own).base
    assert base is not None
    assert (base.archive.min_zoom, base.archive.max_zoom) == (0, 3)
