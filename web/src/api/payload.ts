// Decodes the Columns answer: typed-array views over one buffer, behind a JSON header (docs/http_api.md).

export type Column = Float64Array | Float32Array | Int32Array | Uint8Array;

interface ArrayEntry {
  dtype: string;
  offset: number;
  length: number;
}

export interface Columns<Header> {
  header: Header;
  columns: Column[];
}

const MAGIC = 'RLC1';
const PREAMBLE_BYTES = 8;

export function decodeColumns<Header>(buffer: ArrayBuffer): Columns<Header> {
  if (buffer.byteLength < PREAMBLE_BYTES) {
    throw new Error(`columns answer: got ${buffer.byteLength} bytes, want at least ${PREAMBLE_BYTES}`);
  }
  const magic = new TextDecoder('latin1').decode(new Uint8Array(buffer, 0, 4));
  if (magic !== MAGIC) throw new Error(`columns answer: got first letters '${magic}', want '${MAGIC}'`);
  const headerBytes = new DataView(buffer).getUint32(4, true);
  if (PREAMBLE_BYTES + headerBytes > buffer.byteLength) {
    throw new Error(`columns answer: header of ${headerBytes} bytes does not fit ${buffer.byteLength} bytes`);
  }
  const text = new TextDecoder().decode(new Uint8Array(buffer, PREAMBLE_BYTES, headerBytes));
  const header = JSON.parse(text) as Header & { arrays: ArrayEntry[] };
  return { header, columns: header.arrays.map((entry) => view(buffer, entry)) };
}

// Typed arrays are little-endian on every platform that a browser runs on, so a view is enough.
function view(buffer: ArrayBuffer, { dtype, offset, length }: ArrayEntry): Column {
  switch (dtype) {
    case 'f8':
      return new Float64Array(buffer, offset, length);
    case 'f4':
      return new Float32Array(buffer, offset, length);
    case 'i4':
      return new Int32Array(buffer, offset, length);
    case 'u1':
      return new Uint8Array(buffer, offset, length);
    case 'i8':
      // The one copy: 64-bit integers are not numbers in this language; exact up to 2^53.
      return Float64Array.from(new BigInt64Array(buffer, offset, length), Number);
    default:
      throw new Error(`columns answer: got dtype '${dtype}', want f4, f8, i4, i8 or u1`);
  }
}
