// Where one looks from: the picture's point in the upper left corner, and pixels a unit.
import type { Point, Rect } from './layout';

export interface Camera extends Point {
  zoom: number;
}

export const LEAST_ZOOM = 0.02;
export const MOST_ZOOM = 4;
const MARGIN = 24;

/** All of `rect` in a window of this size; not larger than life unless `closest` says so. */
export function fit(rect: Rect, width: number, height: number, closest = 1): Camera {
  const wide = (width - 2 * MARGIN) / Math.max(1, rect.width);
  const high = (height - 2 * MARGIN) / Math.max(1, rect.height);
  const zoom = clampZoom(Math.min(wide, high, closest));
  return {
    x: rect.x + rect.width / 2 - width / 2 / zoom,
    y: rect.y + rect.height / 2 - height / 2 / zoom,
    zoom,
  };
}

/** What can be shown whole at this zoom is. */
const WHOLE_FROM = 0.7;
/** What lies over the edges of the window: the search above, the legend below. */
const OVER = 56;

/** A picture that would be a sliver is shown from its top, at a zoom that can be read. */
export function firstLook(rect: Rect, width: number, height: number, readable = 0.85): Camera {
  const whole = fitBetween(rect, width, height);
  if (whole.zoom >= Math.min(readable, WHOLE_FROM)) return whole;
  const zoom = Math.min(readable, Math.max(whole.zoom, (width - 2 * MARGIN) / Math.max(1, rect.width)));
  const wide = rect.width * zoom <= width;
  const x = wide ? rect.x + rect.width / 2 - width / 2 / zoom : rect.x - MARGIN / zoom;
  const high = rect.height * zoom <= height;
  const y = high ? rect.y + rect.height / 2 - height / 2 / zoom : rect.y - OVER / zoom;
  return { x, y, zoom };
}

/** All of `rect`, below the search and above the legend. */
function fitBetween(rect: Rect, width: number, height: number): Camera {
  const camera = fit(rect, width, height - 2 * (OVER - MARGIN));
  return { ...camera, y: camera.y - (OVER - MARGIN) / camera.zoom };
}

/** Zooms so that the point of the picture under (px, py), in pixels, stays there. */
export function zoomAt(camera: Camera, px: number, py: number, factor: number): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  const { x, y } = toPicture(camera, px, py);
  return { x: x - px / zoom, y: y - py / zoom, zoom };
}

export function toPicture(camera: Camera, px: number, py: number): Point {
  return { x: camera.x + px / camera.zoom, y: camera.y + py / camera.zoom };
}

/** Between two cameras, `part` from 0 to 1. */
export function between(from: Camera, to: Camera, part: number): Camera {
  const zoom = from.zoom * (to.zoom / from.zoom) ** part;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, zoom };
}

function clampZoom(zoom: number): number {
  return Math.min(Math.max(zoom, LEAST_ZOOM), MOST_ZOOM);
}
