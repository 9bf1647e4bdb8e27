/** Buildings within a line that somebody draws around them with the mouse, a pen or a finger. */
import * as L from 'leaflet';
import type { Place } from './crs';
import type { Tool } from './edit';
import type { MapView } from './view';

/** Pixels between two points of the line: enough for a hand. */
const STEP = 4;

/** While it is there a drag draws instead of moving the map. */
export class Lasso implements Tool {
  private readonly line = L.polygon([], { className: 'map-drawn', interactive: false });
  private readonly follow = new AbortController();
  private points: L.Point[] = [];

  constructor(
    private readonly view: MapView,
    private readonly drawn: (ring: readonly Place[]) => void,
  ) {
    view.map.dragging.disable();
    this.line.addTo(view.map);
    view.element.classList.add('map-aim', 'map-lasso');
    const options = { signal: this.follow.signal };
    view.element.addEventListener('pointerdown', this.begin, options);
    view.element.addEventListener('pointermove', this.go, options);
    view.element.addEventListener('pointerup', this.end, options);
    view.element.addEventListener('pointercancel', this.end, options);
  }

  stop(): void {
    this.follow.abort();
    this.line.remove();
    this.view.map.dragging.enable();
    this.view.element.classList.remove('map-aim', 'map-lasso');
  }

  private begin = (event: PointerEvent): void => {
    if ((event.target as Element).closest('.leaflet-control')) return;
    this.view.element.setPointerCapture(event.pointerId);
    this.points = [this.view.map.mouseEventToContainerPoint(event)];
  };

  private go = (event: PointerEvent): void => {
    const last = this.points[this.points.length - 1];
    if (!last) return;
    const point = this.view.map.mouseEventToContainerPoint(event);
    if (point.distanceTo(last) < STEP) return;
    this.points.push(point);
    this.line.setLatLngs(this.points.map((one) => this.view.map.containerPointToLatLng(one)));
  };

  private end = (): void => {
    const { points } = this;
    this.points = [];
    this.line.setLatLngs([]);
    // A click is no line: it picks a building, as always.
    if (points.length < 3) return;
    const at = points.map((one) => this.view.map.containerPointToLatLng(one));
    this.drawn(at.map((one) => this.view.placeOf(one)));
  };
}
