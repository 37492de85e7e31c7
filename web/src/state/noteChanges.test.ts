// Changes are shown at once, taken back exactly, and gathered without losing what was there first.
import { expect, test, vi } from 'vitest';
import type { NotesAnswer } from '../api/notes';
import { changesOf, gathered, shownNotes, takenBack } from './noteChanges';
import { notes } from './notes.svelte';

const answer: NotesAnswer = {
  revision: '1',
  file: 'runlens.toml',
  writable: true,
  problems: [],
  settings: {},
  runs: { a: { star: true, tags: ['x'] }, b: { name: 'Bee' } },
  workspaces: { paper: { view: ['x=wall'] } },
  trash: null,
  names: {},
};

test('only what differs is changed', () => {
  const wanted = { star: true, tags: ['x', 'y'], note: '', name: 'A', group: undefined };
  expect(changesOf('runs', 'a', answer.runs['a'], wanted)).toEqual([
    { section: 'runs', name: 'a', field: 'tags', was: ['x'], value: ['x', 'y'] },
    { section: 'runs', name: 'a', field: 'name', was: null, value: 'A' },
  ]);
});

test('a change is shown, and taken back nothing is left of it', () => {
  const changes = [
    ...changesOf('runs', 'a', answer.runs['a'], { star: null, tags: null }),
    ...changesOf('runs', 'c', {}, { note: 'new' }),
    ...changesOf('settings', '', {}, { name_template: '{lr}' }),
  ];
  const shown = shownNotes(answer, changes);
  expect([...shown.runs]).toEqual([
    ['b', { name: 'Bee' }],
    ['c', { note: 'new' }],
  ]);
  expect(shown.settings).toEqual({ name_template: '{lr}' });
  const back = shownNotes(answer, [...changes, ...takenBack(changes)]);
  expect(back.runs.get('a')).toEqual({ star: true, tags: ['x'] });
  expect(back.runs.has('c')).toBe(false);
});

test('changes of one field become one, or none', () => {
  const first = changesOf('runs', 'a', {}, { colour: '#111111' });
  const second = changesOf('runs', 'a', { colour: '#111111' }, { colour: '#222222' });
  expect(gathered([...first, ...second])).toEqual([{ ...second[0], was: null }]);
  expect(gathered([...first, ...takenBack(first)])).toEqual([]);
});

test('a run may have any name', () => {
  const hostile = JSON.parse('{"__proto__": {"star": true}}') as NotesAnswer['runs'];
  const { runs } = shownNotes({ ...answer, runs: hostile }, []);
  expect(runs.get('__proto__')).toEqual({ star: true });
  expect(runs.get('constructor')).toBeUndefined();
});

test('a change that is told of while the notes are on their way is fetched, too', async () => {
  vi.stubGlobal('document', { baseURI: 'http://host/' });
  const answers: ((revision: string) => void)[] = [];
  vi.stubGlobal(
    'fetch',
    () =>
      new Promise((resolve) => {
        answers.push((revision) => resolve(Response.json({ ...answer, revision })));
      }),
  );
  const first = notes.refresh();
  notes.follow('2');
  answers[0]('1');
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]('2');
  await first;
  expect(notes.answer?.revision).toBe('2');
  vi.unstubAllGlobals();
});
