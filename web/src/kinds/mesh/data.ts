// Fetches the geometry of a mesh. Nothing of three.js here.
import { fetchColumns } from '../../api/client';
import { entryUrl, type EntryRow } from '../../api/entries';

interface Header {
  batches: number;
  config: Record<string, unknown>;
  /** What was left out, and why. */
  problem: string | null;
  vertices: number;
  faces: number | null;
  colors: number | null;
}

export interface Geometry {
  /** How many meshes the row has. */
  batches: number;
  config: Record<string, unknown>;
  problem: string | null;
  /** x, y, z of each. */
  vertices: Float32Array;
  /** Three indices of vertices each. */
  faces: Uint32Array | null;
  /** Red, green, blue of each vertex, 0 to 255. */
  colors: Uint8Array | null;
}

export function geometryUrl(tag: string, place: EntryRow, batch: number): string {
  return entryUrl('mesh/geometry', tag, place.entries, place.row, batch > 0 ? { batch } : {});
}

export async function fetchGeometry(url: string, signal: AbortSignal): Promise<Geometry> {
  const { header, columns } = await fetchColumns<Header>(url, signal);
  const { batches, config, problem } = header;
  const faces = header.faces === null ? null : columns[header.faces];
  return {
    batches,
    config,
    problem,
    vertices: columns[header.vertices] as Float32Array,
    // They are not negative: the server looked.
    faces: faces && new Uint32Array(faces.buffer, faces.byteOffset, faces.length),
    colors: header.colors === null ? null : (columns[header.colors] as Uint8Array),
  };
}

/** The middle of the box around all vertices, and the distance of the farthest from it. */
export interface Extent {
  middle: [number, number, number];
  radius: number;
}

export function extentOf(vertices: Float32Array): Extent {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i += 3) {
    for (let axis = 0; axis < 3; axis++) {
      const value = vertices[i + axis];
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  }
  if (vertices.length === 0) return { middle: [0, 0, 0], radius: 1 };
  const [x, y, z] = low.map((value, axis) => (value + high[axis]) / 2);
  let farthest = 0; // squared
  for (let i = 0; i < vertices.length; i += 3) {
    farthest = Math.max(
      farthest,
      (vertices[i] - x) ** 2 + (vertices[i + 1] - y) ** 2 + (vertices[i + 2] - z) ** 2,
    );
  }
  return { middle: [x, y, z], radius: Math.sqrt(farthest) || 1 };
}

/** An extent that has room for two. */
export function joined(one: Extent, two: Extent): Extent {
  const gap = Math.hypot(...one.middle.map((value, axis) => two.middle[axis] - value));
  if (gap + two.radius <= one.radius) return one;
  if (gap + one.radius <= two.radius) return two;
  const radius = (gap + one.radius + two.radius) / 2;
  const part = (radius - one.radius) / gap;
  const middle = one.middle.map((value, axis) => value + (two.middle[axis] - value) * part);
  return { middle: middle as [number, number, number], radius };
}
