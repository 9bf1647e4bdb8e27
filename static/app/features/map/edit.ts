/** Tools on the map: a marker that moves, and an outline that is drawn corner by corner. */
import * as L from 'leaflet';
import type { Place } from './crs';
import type { MapView } from './view';

const HANDLE = L.divIcon({ className: 'map-handle', iconSize: [22, 22] });
const PIN = L.divIcon({ className: 'map-pin', iconSize: [36, 36], iconAnchor: [18, 34] });

export interface Tool {
  stop(): void;
}

/** A marker that somebody drags, or calls to a place by a click. */
export class Mover implements Tool {
  private readonly marker: L.Marker;

  constructor(
    private readonly view: MapView,
    start: Place,
    private readonly moved: (to: Place) => void,
  ) {
    // The panel's fields do the same with the keyboard.
    const options = { icon: PIN, draggable: true, keyboard: false, autoPan: true };
    this.marker = L.marker(view.at(start), options).addTo(view.map);
    this.marker.on('drag dragend', () => moved(view.placeOf(this.marker.getLatLng())));
    view.map.on('click', this.clicked);
    view.element.classList.add('map-aim');
  }

  set(place: Place): void {
    this.marker.setLatLng(this.view.at(place));
  }

  stop(): void {
    this.view.map.off('click', this.clicked);
    this.marker.remove();
    this.view.element.classList.remove('map-aim');
  }

  private clicked = ({ latlng }: L.LeafletMouseEvent): void => {
    this.marker.setLatLng(latlng);
    this.moved(this.view.placeOf(latlng));
  };
}

/** An outline under the pen: each click a corner, each corner a handle. */
export class Drawer implements Tool {
  private readonly layer = L.layerGroup();
  private readonly line = L.polygon([], { className: 'map-drawn', interactive: false });
  private corners: Place[] = [];

  constructor(
    private readonly view: MapView,
    private readonly drawn: (corners: readonly Place[]) => void,
  ) {
    this.layer.addTo(view.map);
    this.line.addTo(view.map);
    view.map.on('click', this.clicked);
    view.map.doubleClickZoom.disable();
    view.element.classList.add('map-aim');
  }

  set(corners: readonly Place[]): void {
    this.corners = [...corners];
    this.redraw();
  }

  stop(): void {
    this.view.map.off('click', this.clicked);
    this.view.map.doubleClickZoom.enable();
    this.layer.remove();
    this.line.remove();
    this.view.element.classList.remove('map-aim');
  }

  private clicked = ({ latlng }: L.LeafletMouseEvent): void => {
    this.change([...this.corners, this.view.placeOf(latlng)]);
  };

  private change(corners: Place[]): void {
    this.set(corners);
    this.drawn(corners);
  }

  private redraw(): void {
    this.layer.clearLayers();
    this.line.setLatLngs(this.corners.map((corner) => this.view.at(corner)));
    for (const [index, corner] of this.corners.entries()) {
      const options = { icon: HANDLE, draggable: true, keyboard: false };
      const handle = L.marker(this.view.at(corner), options).addTo(this.layer);
      handle.on('dragend', () => {
        const moved = this.view.placeOf(handle.getLatLng());
        this.change(this.corners.map((old, i) => (i === index ? moved : old)));
      });
    }
  }
}
