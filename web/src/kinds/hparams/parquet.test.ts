// A Parquet file that pyarrow reads too: tests/kinds/hparams_parquet_test.py says what it holds.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parquet, type ParquetColumn } from './parquet';

const GOLDEN = new URL('../../../../tests/kinds/hparams.golden.parquet', import.meta.url);

const many = Array.from({ length: 300 }, (_, i) => i);
const columns: ParquetColumn[] = [
  { name: 'run', type: 'text', cells: many.map((i) => `run ${i} ü`) },
  { name: 'loss', type: 'number', cells: many.map((i) => (i % 3 === 1 ? undefined : i / 7)) },
  {
    name: 'odd',
    type: 'number',
    cells: many.map((i) => [NaN, Infinity, -0, 1e300][i] ?? undefined),
  },
  { name: 'amp', type: 'boolean', cells: many.map((i) => (i === 5 ? undefined : i % 3 === 0)) },
  { name: 'start', type: 'time', cells: many.map((i) => (i < 2 ? 1.7e9 + i / 1000 : undefined)) },
  { name: 'none', type: 'text', cells: many.map(() => undefined) },
  ...Array.from({ length: 12 }, (_, i): ParquetColumn => ({ name: `c${i}`, type: 'number', cells: many })),
];

test('the bytes that pyarrow reads; delete the file to make it anew', () => {
  const bytes = parquet(columns);
  if (!existsSync(GOLDEN)) writeFileSync(GOLDEN, bytes);
  expect(Buffer.from(bytes).equals(readFileSync(GOLDEN))).toBe(true);
});

test('no rows are a file still', () => {
  const bytes = parquet([{ name: 'run', type: 'text', cells: [] }]);
  expect(new TextDecoder().decode(bytes.slice(-4))).toBe('PAR1');
});
