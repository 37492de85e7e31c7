// Tables of points, as other programs read them.
import { expect, test } from 'vitest';
import { coordinatesCsv, metadataTsv } from './export';

test('coordinates have a line per point; what has no place has empty cells', () => {
  const places = Float32Array.of(1, 2, 0, NaN, NaN, 0);
  expect(coordinatesCsv(places, 2, ['name'], [['a,"b"'], ['c']])).toBe(
    'row,name,x,y\r\n0,"a,""b""",1,2\r\n1,c,,\r\n',
  );
  expect(coordinatesCsv(places.slice(0, 3), 3, [], [])).toBe('row,x,y,z\r\n0,1,2,0\r\n');
});

test('a label like a formula is none to a spreadsheet', () => {
  expect(coordinatesCsv(Float32Array.of(-1, 2, 0), 2, ['name'], [['@SUM(1)']])).toBe(
    "row,name,x,y\r\n0,'@SUM(1),-1,2\r\n",
  );
});

test('labels are written as they are read', () => {
  expect(metadataTsv(['a', 'b'], [['1', '2']])).toBe('a\tb\n1\t2\n');
  expect(metadataTsv([''], [['x'], ['y']])).toBe('x\ny\n');
});
