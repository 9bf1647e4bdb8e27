/** What lies under the buildings: nothing, tiles of a server, or those of a file (see `tiles.ts`). */
import * as L from 'leaflet';
import type { MapBase, MapTiles } from '../../contract';
import { fromGrid, type System, toGrid } from './crs';

export interface Under {
  tiles?: MapTiles | undefined;
  base?: MapBase | undefined;
}

const SYSTEMS: readonly string[] = ['wgs84', 'gcj02', 'bd09'];
const BAIDU_ZOOM = 18;

/** The system that the map is drawn in: that of what lies under it. */
export function systemOf({ tiles, base }: Under): System {
  const named = tiles?.crs ?? base?.crs ?? 'wgs84';
  return (SYSTEMS.includes(named) ? named : 'wgs84') as System;
}

/** Baidu numbers tiles from the equator and Greenwich, a metre a pixel at zoom 18. */
const Baidu: L.CRS = L.extend({}, L.CRS.Earth, {
  code: 'BD09',
  wrapLng: undefined,
  projection: {
    project({ lat, lng }: L.LatLng): L.Point {
      const { x, y } = toGrid({ lat, lon: lng });
      return L.point(x, y);
    },
    unproject({ x, y }: L.Point): L.LatLng {
      const { lat, lon } = fromGrid({ x, y });
      return L.latLng(lat, lon);
    },
    bounds: L.bounds([-20_037_726.37, -12_474_104.17], [20_037_726.37, 12_474_104.17]),
  },
  transformation: L.transformation(1, 0, -1, 0),
  scale: (zoom: number) => 2 ** (zoom - BAIDU_ZOOM),
  zoom: (scale: number) => BAIDU_ZOOM + Math.log2(scale),
} as unknown as L.CRS);

export const crsOf = (system: System): L.CRS => (system === 'bd09' ? Baidu : L.CRS.EPSG3857);

class BaiduTiles extends L.TileLayer {
  override getTileUrl(coords: L.Coords): string {
    return super.getTileUrl({ ...coords, y: -coords.y - 1 } as L.Coords);
  }
}

/** Tiles that a server of the installation's choice draws. */
export function serverTiles(tiles: MapTiles): L.TileLayer {
  const Layer = tiles.crs === 'bd09' ? BaiduTiles : L.TileLayer;
  return new Layer(tiles.url, {
    attribution: escaped(tiles.attribution),
    subdomains: tiles.subdomains,
    maxNativeZoom: tiles.max_zoom,
    maxZoom: 22,
    noWrap: true,
    referrerPolicy: 'origin',
  });
}

/** Leaflet takes attributions for HTML. */
export function escaped(text: string): string {
  const element = document.createElement('i');
  element.textContent = text;
  return element.innerHTML;
}
