/** Tiles of a PMTiles file: read piece by piece from the server, or from what the phone keeps. */
import * as L from 'leaflet';
import { PMTiles } from 'pmtiles';
import type { MapBase } from '../../contract';
import { escaped } from './base';

/** A tile's picture; null where the file has none. */
export type Read = (z: number, x: number, y: number) => Promise<ArrayBuffer | null>;

/** Reads from the server; each piece once, the index of the file is remembered. */
export function reader({ url }: MapBase): Read {
  const archive = new PMTiles(url);
  return async (z, x, y) => (await archive.getZxy(z, x, y))?.data ?? null;
}

class FileTiles extends L.GridLayer {
  constructor(
    private readonly read: Read,
    base: MapBase,
  ) {
    super({
      attribution: escaped(base.attribution),
      minNativeZoom: base.min_zoom,
      maxNativeZoom: base.max_zoom,
      maxZoom: 22,
      noWrap: true,
    });
  }

  override createTile({ z, x, y }: L.Coords, done: L.DoneCallback): HTMLElement {
    const image = document.createElement('img');
    image.alt = '';
    void this.fill(image, z, x, y, done);
    return image;
  }

  private async fill(
    image: HTMLImageElement,
    z: number,
    x: number,
    y: number,
    done: L.DoneCallback,
  ): Promise<void> {
    try {
      const data = await this.read(z, x, y);
      if (!data) return done(undefined, image);
      const address = URL.createObjectURL(new Blob([data]));
      image.onload = image.onerror = () => {
        URL.revokeObjectURL(address);
        done(undefined, image);
      };
      image.src = address;
    } catch (error) {
      done(error as Error, image);
    }
  }
}

export const fileTiles = (base: MapBase, read = reader(base)): L.GridLayer =>
  new FileTiles(read, base);
