// Writes a table as Apache Parquet: one row group, plain encoding, no compression, every column optional.
// Formats: github.com/apache/parquet-format (parquet.thrift, Encodings.md) and Thrift's compact protocol.

export type ParquetType = 'number' | 'text' | 'boolean' | 'time';

export interface ParquetColumn {
  name: string;
  type: ParquetType;
  /** Undefined for none; times in seconds since the epoch. */
  cells: readonly (number | string | boolean | undefined)[];
}

/** Physical types, and the converted types that say more of them. */
const PHYSICAL: Record<ParquetType, number> = { boolean: 0, time: 2, number: 5, text: 6 };
const CONVERTED: Partial<Record<ParquetType, number>> = { text: 0, time: 9 };
const PLAIN = 0;
const RLE = 3;
const MAGIC = new TextEncoder().encode('PAR1');

export function parquet(columns: readonly ParquetColumn[]): Uint8Array<ArrayBuffer> {
  const rows = columns[0]?.cells.length ?? 0;
  const out = new Bytes();
  out.add(MAGIC);
  const chunks = columns.map((column) => {
    const offset = out.size;
    const page = pageOf(column);
    out.add(pageHeader(page.length, rows).done());
    out.add(page);
    return { column, offset, size: out.size - offset };
  });
  const footer = footerOf(chunks, rows).done();
  out.add(footer);
  out.uint32(footer.length);
  out.add(MAGIC);
  return out.done();
}

/** Which rows have a cell, as runs of equal levels, and then those cells. */
function pageOf({ type, cells }: ParquetColumn): Uint8Array {
  const levels = new Bytes();
  for (let at = 0; at < cells.length;) {
    const has = cells[at] !== undefined;
    let end = at + 1;
    while (end < cells.length && (cells[end] !== undefined) === has) end++;
    levels.varint((end - at) * 2);
    levels.byte(Number(has));
    at = end;
  }
  const page = new Bytes();
  page.uint32(levels.size);
  page.add(levels.done());
  writeCells(
    page,
    type,
    cells.filter((cell) => cell !== undefined),
  );
  return page.done();
}

function writeCells(page: Bytes, type: ParquetType, cells: readonly (number | string | boolean)[]): void {
  if (type === 'boolean') {
    for (let at = 0; at < cells.length; at += 8) {
      page.byte(cells.slice(at, at + 8).reduce<number>((bits, cell, i) => bits | (Number(cell) << i), 0));
    }
  } else if (type === 'text') {
    for (const cell of cells) {
      const text = new TextEncoder().encode(String(cell));
      page.uint32(text.length);
      page.add(text);
    }
  } else {
    const view = new DataView(new ArrayBuffer(8 * cells.length));
    cells.forEach((cell, i) => {
      if (type === 'number') view.setFloat64(8 * i, Number(cell), true);
      else view.setBigInt64(8 * i, BigInt(Math.round(1000 * Number(cell))), true);
    });
    page.add(new Uint8Array(view.buffer));
  }
}

function pageHeader(size: number, rows: number): Struct {
  const data = new Struct().int(1, rows).int(2, PLAIN).int(3, RLE).int(4, RLE);
  return new Struct().int(1, 0).int(2, size).int(3, size).struct(5, data);
}

interface Chunk {
  column: ParquetColumn;
  offset: number;
  size: number;
}

function footerOf(chunks: readonly Chunk[], rows: number): Struct {
  const root = new Struct().text(4, 'schema').int(5, chunks.length);
  const schema = chunks.map(({ column: { name, type } }) => {
    const element = new Struct().int(1, PHYSICAL[type]).int(3, 1).text(4, name);
    const converted = CONVERTED[type];
    return converted === undefined ? element : element.int(6, converted);
  });
  const group = new Struct()
    .structs(
      1,
      chunks.map((chunk) => new Struct().long(2, chunk.offset).struct(3, metadataOf(chunk, rows))),
    )
    .long(
      2,
      chunks.reduce((sum, { size }) => sum + size, 0),
    )
    .long(3, rows);
  return new Struct()
    .int(1, 1)
    .structs(2, [root, ...schema])
    .long(3, rows)
    .structs(4, rows > 0 ? [group] : [])
    .text(6, 'runlens');
}

function metadataOf({ column: { name, type }, offset, size }: Chunk, rows: number): Struct {
  return new Struct()
    .int(1, PHYSICAL[type])
    .ints(2, [PLAIN, RLE])
    .texts(3, [name])
    .int(4, 0)
    .long(5, rows)
    .long(6, size)
    .long(7, size)
    .long(9, offset);
}

/** Bytes that grow. */
class Bytes {
  size = 0;
  private room = new Uint8Array(256);

  add(bytes: Uint8Array): void {
    if (this.size + bytes.length > this.room.length) {
      const larger = new Uint8Array(2 * (this.size + bytes.length));
      larger.set(this.room.subarray(0, this.size));
      this.room = larger;
    }
    this.room.set(bytes, this.size);
    this.size += bytes.length;
  }

  byte(value: number): void {
    this.add(Uint8Array.of(value));
  }

  uint32(value: number): void {
    this.add(Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24));
  }

  /** A count that may exceed 32 bits, seven bits a byte. */
  varint(value: number): void {
    for (; value >= 128; value = Math.floor(value / 128)) this.byte((value % 128) | 128);
    this.byte(value);
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.room.slice(0, this.size);
  }
}

/** A struct of Thrift's compact protocol; fields in the order of their numbers. None of our numbers is negative. */
class Struct {
  private readonly bytes = new Bytes();
  private last = 0;

  int(field: number, value: number): this {
    return this.number(field, 5, value);
  }

  long(field: number, value: number): this {
    return this.number(field, 6, value);
  }

  text(field: number, value: string): this {
    this.head(field, 8);
    this.string(value);
    return this;
  }

  struct(field: number, value: Struct): this {
    this.head(field, 12);
    this.bytes.add(value.done());
    return this;
  }

  structs(field: number, values: readonly Struct[]): this {
    this.list(field, 12, values.length);
    for (const value of values) this.bytes.add(value.done());
    return this;
  }

  ints(field: number, values: readonly number[]): this {
    this.list(field, 5, values.length);
    for (const value of values) this.bytes.varint(2 * value);
    return this;
  }

  texts(field: number, values: readonly string[]): this {
    this.list(field, 8, values.length);
    for (const value of values) this.string(value);
    return this;
  }

  done(): Uint8Array {
    const whole = new Bytes();
    whole.add(this.bytes.done());
    whole.byte(0);
    return whole.done();
  }

  private number(field: number, type: number, value: number): this {
    this.head(field, type);
    this.bytes.varint(2 * value);
    return this;
  }

  private head(field: number, type: number): void {
    this.bytes.byte(((field - this.last) << 4) | type);
    this.last = field;
  }

  private list(field: number, type: number, count: number): void {
    this.head(field, 9);
    this.bytes.byte((Math.min(count, 15) << 4) | type);
    if (count >= 15) this.bytes.varint(count);
  }

  private string(value: string): void {
    const text = new TextEncoder().encode(value);
    this.bytes.varint(text.length);
    this.bytes.add(text);
  }
}
