// Turns one picture onto another, so that what is seen to move over steps has moved. Pure.

type Square = [number[], number[], number[]];

/**
 * The places, x, y, z of each point, turned and mirrored about the origin so that they lie as near to `onto` as they can:
 * orthogonal Procrustes (Schönemann 1966). Points without a place in either have no say.
 */
export function aligned(places: Float32Array, onto: Float32Array): Float32Array {
  if (places.length !== onto.length) return places;
  const turn = nearestTurn(crossed(places, onto));
  const found = new Float32Array(places.length);
  for (let i = 0; i < places.length; i += 3) {
    for (let k = 0; k < 3; k++)
      found[i + k] = places[i] * turn[0][k] + places[i + 1] * turn[1][k] + places[i + 2] * turn[2][k];
  }
  return found;
}

/** Sum over the points of the one's place times the other's. */
function crossed(places: Float32Array, onto: Float32Array): Square {
  const sums: Square = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let i = 0; i < places.length; i += 3) {
    if (Number.isNaN(places[i]) || Number.isNaN(onto[i])) continue;
    for (let j = 0; j < 3; j++) for (let k = 0; k < 3; k++) sums[j][k] += places[i + j] * onto[i + k];
  }
  return sums;
}

/** U Vᵀ of the singular value decomposition U S Vᵀ, by one-sided Jacobi rotations (Hestenes 1958). */
function nearestTurn(matrix: Square): Square {
  const columns: Square = [0, 1, 2].map((k) => matrix.map((row) => row[k])) as Square;
  const right: Square = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 30; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      rotate(columns, right, p, q);
  }
  const left = completed(columns);
  return [0, 1, 2].map((j) =>
    [0, 1, 2].map((k) => left.reduce((sum, column, i) => sum + column[j] * right[i][k], 0)),
  ) as Square;
}

/** Makes the columns p and q orthogonal. */
function rotate(columns: Square, right: Square, p: number, q: number): void {
  const both = dot(columns[p], columns[q]);
  const [a, b] = [dot(columns[p], columns[p]), dot(columns[q], columns[q])];
  if (Math.abs(both) <= 1e-15 * Math.sqrt(a * b) || both === 0) return;
  const zeta = (b - a) / (2 * both);
  const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  for (const pair of [columns, right]) {
    const [x, y] = [pair[p], pair[q]];
    pair[p] = x.map((value, i) => cosine * (value - tangent * y[i]));
    pair[q] = x.map((value, i) => cosine * (tangent * value + y[i]));
  }
}

/** The columns at length one; those without any length (flat pictures have them) at right angles to the others. */
function completed(columns: Square): Square {
  const longest = Math.sqrt(Math.max(...columns.map((column) => dot(column, column))));
  const known: number[][] = [];
  const found: (number[] | null)[] = columns.map((column) => {
    const length = Math.sqrt(dot(column, column));
    if (length <= 1e-9 * longest || length === 0) return null;
    const unit = column.map((value) => value / length);
    known.push(unit);
    return unit;
  });
  return found.map((column) => {
    if (column) return column;
    const free = [0, 1, 2]
      .map((axis) =>
        known.reduce(
          (rest, unit) => less(rest, unit),
          [0, 1, 2].map((k) => Number(k === axis)),
        ),
      )
      .reduce((best, rest) => (dot(rest, rest) > dot(best, best) ? rest : best));
    const unit = free.map((value) => value / Math.sqrt(dot(free, free)));
    known.push(unit);
    return unit;
  }) as Square;
}

function less(vector: number[], unit: number[]): number[] {
  const part = dot(vector, unit);
  return vector.map((value, k) => value - part * unit[k]);
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}
