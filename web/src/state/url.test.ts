// The view survives its way through the address bar.
import { expect, test } from 'vitest';
import { DEFAULT_VIEW, fromQuery, toQuery, type View } from './url';

test('the default view leaves the address bare', () => {
  expect(toQuery(DEFAULT_VIEW)).toBe('');
  expect(fromQuery('')).toEqual(DEFAULT_VIEW);
});

test.each<[string, Partial<View>]>([
  ['filters', { runFilter: 'adam|sgd(?!_)', tagFilter: '^train/.*&loss=+' }],
  ['axes', { smoothing: 0.95, x: 'wall', logY: true }],
  ['runs', { base: 'none', on: ['mnist/lr=0.1,bs=8', 'ünïcode 运行', '.'], off: ['a&b'] }],
  ['groups', { collapsed: ['', 'train', 'val#1'] }],
])('%s go there and back', (_, change) => {
  const view = { ...DEFAULT_VIEW, ...change };
  expect(fromQuery(`?${toQuery(view)}`)).toEqual(view);
});

test('slashes stay readable', () => {
  expect(toQuery({ ...DEFAULT_VIEW, on: ['a/b'] })).toBe('on=a/b');
});

test('what is not understood falls back to its default', () => {
  expect(fromQuery('?smoothing=banana&x=epoch&runs=some&y=cubic')).toEqual(DEFAULT_VIEW);
  expect(fromQuery('?smoothing=7').smoothing).toBe(0.999);
});

test('a link never grows beyond what can be sent', () => {
  const on = Array.from({ length: 10000 }, (_, i) => `run${i}`);
  expect(toQuery({ ...DEFAULT_VIEW, base: 'none', on })).toBe('');
});
