/** A map of buildings: Leaflet, the layer of buildings, what is chosen, where I am. */
import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import './map.css';
import { crsOf, escaped, serverTiles, systemOf, type Under } from './base';
import { fromBase, type Place, type System, toBase } from './crs';
import { type Manner, paint } from './paint';
import { lookOf } from './scale';
import { type Flat, flat, hit, type Painted } from './shape';

/** A finger's half, in pixels. */
const FINGER = 16;
const CLOSEST = 21;
/** As close as showing all of them goes. */
const NEAR = 18;
/** Pixels that stay free around them. */
const EDGE = 20;

export interface Words {
  zoomIn: string;
  zoomOut: string;
}

export interface Options {
  under: Under;
  /** Tiles of a file, made by whoever knows where they are kept. */
  file?: L.GridLayer | null | undefined;
  attribution: readonly string[];
  target: number;
  words: Words;
  /** Where it says whose data this is. */
  credits?: L.ControlPosition;
  onPick?: (id: string | null, at: Place) => void;
}

interface Scene {
  all: readonly Flat[];
  manner: Manner;
}

/** Canvases of buildings; a change is painted into those that are on screen, so that none flickers. */
class BuildingLayer extends L.GridLayer {
  private readonly canvases = new Map<HTMLElement, L.Coords>();

  constructor(
    private readonly scene: () => Scene,
    private readonly ratio: (zoom: number) => number,
  ) {
    super({ maxZoom: 22, noWrap: true, updateWhenZooming: false, keepBuffer: 1 });
    this.on('tileunload', ({ tile }) => this.canvases.delete(tile));
  }

  override createTile(coords: L.Coords): HTMLElement {
    const { x: size } = this.getTileSize();
    const canvas = document.createElement('canvas');
    canvas.width = size * fineness();
    canvas.height = size * fineness();
    this.canvases.set(canvas, coords);
    this.fill(canvas, coords);
    return canvas;
  }

  repaint(): void {
    for (const [canvas, coords] of this.canvases) this.fill(canvas as HTMLCanvasElement, coords);
  }

  private fill(canvas: HTMLCanvasElement, { x, y, z }: L.Coords): void {
    const { x: size } = this.getTileSize();
    const ctx = canvas.getContext('2d');
    if (!ctx) return;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.scale(canvas.width / size, canvas.height / size);
    const { all, manner } = this.scene();
    paint(ctx, { left: x * size, top: y * size, size, scale: this.ratio(z) }, all, manner);
  }
}

const fineness = (): number => Math.min(2, window.devicePixelRatio || 1);

export class MapView {
  readonly map: L.Map;
  readonly system: System;
  private readonly layer: BuildingLayer;
  private all: Flat[] = [];
  private manner: Manner;
  private readonly chosen = L.layerGroup();
  private readonly marked = L.layerGroup();
  private readonly here = L.layerGroup();
  private readonly follow = new AbortController();

  constructor(
    readonly element: HTMLElement,
    private readonly options: Options,
  ) {
    this.system = systemOf(options.under);
    const crs = crsOf(this.system);
    this.manner = this.present();
    this.map = L.map(element, {
      crs,
      zoomControl: false,
      attributionControl: false,
      maxZoom: CLOSEST,
      minZoom: 3,
      // Pictures blur between their zooms; outlines do not.
      zoomSnap: options.under.tiles || options.file ? 1 : 0.25,
      zoomDelta: 1,
      maxBoundsViscosity: 1,
    });
    this.map.setView([30, 105], 4);
    L.control
      .zoom({
        position: 'topright',
        zoomInTitle: options.words.zoomIn,
        zoomOutTitle: options.words.zoomOut,
      })
      .addTo(this.map);
    const { tiles } = options.under;
    if (tiles) serverTiles(tiles).addTo(this.map);
    else options.file?.addTo(this.map);
    const credits = L.control.attribution({
      position: options.credits ?? 'bottomright',
      prefix: false,
    });
    for (const line of options.attribution) credits.addAttribution(escaped(line));
    credits.addTo(this.map);
    const ratio = (zoom: number): number => crs.scale(zoom) / crs.scale(0);
    this.layer = new BuildingLayer(() => ({ all: this.all, manner: this.manner }), ratio);
    this.layer.addTo(this.map);
    this.chosen.addTo(this.map);
    this.marked.addTo(this.map);
    this.here.addTo(this.map);
    this.map.on('click', (event) => this.pick(event.latlng));
    this.watch();
  }

  destroy(): void {
    this.follow.abort();
    this.map.remove();
  }

  /** Buildings, in the order in which they are painted. */
  show(buildings: readonly Painted[]): void {
    const crs = crsOf(this.system);
    const flatten = ({ lat, lon }: Place) => crs.latLngToPoint(L.latLng(lat, lon), 0);
    if (sameOnPaper(buildings, this.all)) return;
    this.all = buildings.map((one) => flat(one, this.system, flatten));
    this.layer.repaint();
  }

  /** In the present colours and with this target. */
  repaint(target = this.options.target): void {
    this.options.target = target;
    this.manner = this.present();
    this.layer.repaint();
  }

  /** The outline of one building stands out; null: of none. */
  select(id: string | null): void {
    this.chosen.clearLayers();
    const found = this.all.find(({ of }) => of.id === id);
    if (!found) return;
    const { rings } = found.of;
    const style = { className: 'map-chosen', interactive: false, fill: false };
    if (rings)
      L.polygon(
        rings.map((ring) => this.line(ring)),
        style,
      ).addTo(this.chosen);
    else L.circleMarker(this.at(found.of), { ...style, radius: 18 }).addTo(this.chosen);
  }

  /** These stand out, each with its outline. */
  mark(ids: ReadonlySet<string>): void {
    this.marked.clearLayers();
    const style = { className: 'map-marked', interactive: false };
    for (const { of } of this.all) {
      if (!ids.has(of.id)) continue;
      if (of.rings) {
        L.polygon(
          of.rings.map((ring) => this.line(ring)),
          style,
        ).addTo(this.marked);
      } else L.circleMarker(this.at(of), { ...style, radius: 14 }).addTo(this.marked);
    }
  }

  /** Where I am, with how well that is known (metres). */
  locate(position: (Place & { accuracy: number }) | null): void {
    this.here.clearLayers();
    if (!position) return;
    const at = this.at(position);
    const still = { interactive: false };
    if (this.system !== 'bd09') {
      L.circle(at, { radius: position.accuracy, className: 'map-around', ...still }).addTo(
        this.here,
      );
    }
    L.circleMarker(at, { radius: 9, className: 'map-here', ...still }).addTo(this.here);
  }

  /** These buildings on screen; `padding` keeps what lies over the map free. */
  fit(ids: ReadonlySet<string>, padding: { top?: number; bottom?: number } = {}): void {
    const crs = crsOf(this.system);
    const corners = this.all
      .filter(({ of }) => ids.has(of.id))
      .flatMap(({ minX, minY, maxX, maxY }) => [L.point(minX, minY), L.point(maxX, maxY)])
      .map((point) => crs.pointToLatLng(point, 0));
    if (corners.length === 0) return;
    this.map.fitBounds(L.latLngBounds(corners), {
      paddingTopLeft: [EDGE, EDGE + (padding.top ?? 0)],
      paddingBottomRight: [EDGE, EDGE + (padding.bottom ?? 0)],
      maxZoom: NEAR,
      animate: false,
    });
  }

  panTo(place: Place, closest?: number): void {
    const zoom = closest === undefined ? this.map.getZoom() : Math.max(this.map.getZoom(), closest);
    this.map.setView(this.at(place), zoom);
  }

  /** A place in WGS-84 where the map has it. */
  at(place: Place): L.LatLng {
    const { lat, lon } = toBase(place, this.system);
    return L.latLng(lat, lon);
  }

  /** The inverse of `at`. */
  placeOf({ lat, lng }: L.LatLng): Place {
    return fromBase({ lat, lon: lng }, this.system);
  }

  private line(ring: Float64Array): L.LatLng[] {
    const corners: L.LatLng[] = [];
    for (let i = 0; i < ring.length; i += 2) {
      corners.push(this.at({ lon: ring[i] ?? 0, lat: ring[i + 1] ?? 0 }));
    }
    return corners;
  }

  private pick(at: L.LatLng): void {
    const crs = crsOf(this.system);
    const { x, y } = crs.latLngToPoint(at, 0);
    const reach = (FINGER * crs.scale(0)) / crs.scale(this.map.getZoom());
    const found = hit(this.all, x, y, reach);
    this.options.onPick?.(found?.of.id ?? null, this.placeOf(at));
  }

  private present(): Manner {
    return { look: lookOf(this.element), target: this.options.target };
  }

  /** Canvases do not follow style sheets: another theme or text size is drawn anew. */
  private watch(): void {
    const anew = new MutationObserver(() => this.repaint());
    anew.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-text'] });
    const size = new ResizeObserver(() => this.map.invalidateSize());
    size.observe(this.element);
    this.follow.signal.addEventListener('abort', () => {
      anew.disconnect();
      size.disconnect();
    });
  }
}

/** Whether a list would be painted as it is already. */
function sameOnPaper(next: readonly Painted[], now: readonly Flat[]): boolean {
  return (
    next.length === now.length &&
    next.every((one, i) => {
      const old = now[i]?.of;
      return (
        old !== undefined &&
        one.id === old.id &&
        one.rate === old.rate &&
        one.faded === old.faded &&
        one.label === old.label &&
        one.rings === old.rings &&
        one.lat === old.lat &&
        one.lon === old.lon
      );
    })
  );
}
