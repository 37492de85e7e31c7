// Changes of notes as values: shown before they are written, taken back, and gathered while one is on its way. Pure.
import type {
  FieldChange,
  NotesAnswer,
  NotesSettings,
  RunNotes,
  Section,
  Value,
  Workspace,
} from '../api/notes';

/** Notes by name; names are strangers' words, so they are keys of maps and not of objects. */
export interface Shown {
  settings: NotesSettings;
  runs: ReadonlyMap<string, RunNotes>;
  workspaces: ReadonlyMap<string, Workspace>;
}

type Block = Readonly<Record<string, Value | undefined>>;

export function shownNotes(answer: NotesAnswer | null, changes: readonly FieldChange[]): Shown {
  const blocks: Record<Section, Map<string, Block>> = {
    settings: new Map([['', (answer?.settings ?? {}) as Block]]),
    runs: new Map(Object.entries(answer?.runs ?? {}) as [string, Block][]),
    workspaces: new Map(Object.entries(answer?.workspaces ?? {}) as [string, Block][]),
  };
  for (const { section, name, field, value } of changes) {
    const { [field]: _, ...others } = blocks[section].get(name) ?? {};
    const block = value === null ? others : { ...others, [field]: value };
    if (Object.keys(block).length > 0) blocks[section].set(name, block);
    else blocks[section].delete(name);
  }
  return {
    settings: (blocks.settings.get('') ?? {}) as NotesSettings,
    runs: blocks.runs as ReadonlyMap<string, RunNotes>,
    workspaces: blocks.workspaces as ReadonlyMap<string, Workspace>,
  };
}

/** What it takes for a block to have these fields; nothing for those that it has already. */
export function changesOf(section: Section, name: string, block: object, wanted: object): FieldChange[] {
  const now = block as Block;
  return Object.entries(wanted as Record<string, Value | null | undefined>).flatMap(([field, given]) => {
    const value = isNothing(given) ? null : given;
    const was = now[field] ?? null;
    return same(was, value) ? [] : [{ section, name, field, was, value }];
  });
}

export function takenBack(changes: readonly FieldChange[]): FieldChange[] {
  return [...changes].reverse().map((change) => ({ ...change, was: change.value, value: change.was }));
}

/** One change for each field. */
export function gathered(changes: readonly FieldChange[]): FieldChange[] {
  const found = new Map<string, FieldChange>();
  for (const change of changes) {
    const key = JSON.stringify([change.section, change.name, change.field]);
    const earlier = found.get(key);
    found.set(key, earlier ? { ...change, was: earlier.was } : change);
  }
  return [...found.values()].filter(({ was, value }) => !same(was, value));
}

function isNothing(value: Value | null | undefined): value is null | undefined {
  return value === null || value === undefined || value === '';
}

function same(one: Value | null, other: Value | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
