// What runs say of their circumstances (docs/kinds/run_info.md), as lines that can be compared. Pure.

export interface Git {
  root?: string;
  commit?: string;
  branch?: string;
  is_dirty?: boolean;
  diff?: string;
  is_diff_cut?: boolean;
  untracked?: string[];
  untracked_count?: number;
}

/** What could not be learnt is absent. */
export interface Info {
  started?: number;
  command?: string[];
  directory?: string;
  process?: number;
  environment?: Record<string, string>;
  host?: string;
  platform?: string;
  cpu?: string;
  cpu_count?: number;
  gpus?: string[];
  python?: string;
  packages?: Record<string, string>;
  git: Git;
}

/** What one run says. */
export interface Said {
  run: string;
  /** How often the run was begun, and which time this is, from 0. */
  count: number;
  number: number;
  info: Info | null;
  error: string | null;
}

export const SECTIONS = ['start', 'code', 'machine', 'environment', 'packages'] as const;
export type Section = (typeof SECTIONS)[number];

export interface Line {
  section: Section;
  /** A key, or in `environment` and `packages` the name of a variable or package. */
  name: string;
  /** One for each run; empty for nothing. */
  values: string[];
  differs: boolean;
}

export interface Words {
  time: (seconds: number) => string;
  flag: (on: boolean) => string;
}

type Read = (info: Info, words: Words) => string | undefined;

const KEYS: readonly [Section, string, Read][] = [
  ['start', 'started', ({ started }, { time }) => (started === undefined ? undefined : time(started))],
  ['start', 'command', ({ command }) => command?.map(quoted).join(' ')],
  ['start', 'directory', ({ directory }) => directory],
  ['start', 'process', ({ process }) => process?.toString()],
  ['code', 'commit', ({ git }) => git.commit],
  ['code', 'branch', ({ git }) => git.branch],
  ['code', 'dirty', ({ git }, { flag }) => (git.is_dirty === undefined ? undefined : flag(git.is_dirty))],
  ['code', 'repository', ({ git }) => git.root],
  ['code', 'untracked', ({ git }) => untracked(git)],
  ['code', 'python', ({ python }) => python],
  ['machine', 'host', ({ host }) => host],
  ['machine', 'platform', ({ platform }) => platform],
  ['machine', 'cpu', ({ cpu, cpu_count: n }) => (cpu && n ? `${cpu} × ${n}` : (cpu ?? n?.toString()))],
  ['machine', 'gpus', ({ gpus }) => gpus?.join('\n')],
];

/** The lines of one run, or of several side by side. */
export function linesOf(infos: readonly Info[], words: Words): Line[] {
  const line = (section: Section, name: string, values: string[]): Line => ({
    section,
    name,
    values,
    differs: new Set(values).size > 1,
  });
  const keyed = KEYS.map(([section, name, read]) =>
    line(
      section,
      name,
      infos.map((info) => read(info, words) ?? ''),
    ),
  );
  const named = (['environment', 'packages'] as const).flatMap((section) => {
    const names = new Set(infos.flatMap((info) => Object.keys(info[section] ?? {})));
    return [...names]
      .sort((a, b) => a.localeCompare(b))
      .map((name) =>
        line(
          section,
          name,
          infos.map((info) => info[section]?.[name] ?? ''),
        ),
      );
  });
  return [...keyed, ...named].filter(({ values }) => values.some(Boolean));
}

function untracked({ untracked: names, untracked_count: count }: Git): string | undefined {
  if (!names) return undefined;
  const more = (count ?? names.length) - names.length;
  return [...names, ...(more > 0 ? [`+ ${more}`] : [])].join('\n');
}

/** An argument as a POSIX shell takes it. */
export function quoted(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'"'"'`)}'`;
}

export type DiffLine = 'file' | 'place' | 'added' | 'removed' | 'same';

/** What each line of a unified diff is. */
export function diffLines(diff: string): { text: string; is: DiffLine }[] {
  let inHead = true;
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .map((text) => {
      if (text.startsWith('diff ')) inHead = true;
      else if (text.startsWith('@@')) inHead = false;
      return { text, is: sortOf(text, inHead) };
    });
}

function sortOf(text: string, inHead: boolean): DiffLine {
  if (text.startsWith('@@')) return 'place';
  if (inHead) return 'file';
  if (text.startsWith('+')) return 'added';
  return text.startsWith('-') ? 'removed' : 'same';
}
