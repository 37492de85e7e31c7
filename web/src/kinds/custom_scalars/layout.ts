// Layouts: which tags share a chart; as the server tells them, and as the dictionary that add_custom_scalars takes. Pure.
import type { Part } from '../../api/ask';

export interface Band {
  value: string;
  lower: string;
  upper: string;
}

/** A chart of the tags that its expressions find, or of bands. */
export interface Chart {
  title: string;
  expressions: readonly string[];
  bands: readonly Band[];
}

export interface Category {
  title: string;
  is_closed: boolean;
  charts: readonly Chart[];
}

export interface Layout {
  categories: readonly Category[];
  problems: readonly string[];
}

export function decodeLayout({ chart }: Part): Layout {
  return chart as Layout;
}

type Definition = [kind: string, tags: readonly string[]];
type Dictionary = Record<string, Record<string, Definition>>;

/** As text that both Python and JSON read. */
export function toDictionary(categories: readonly Category[]): string {
  const dictionary: Dictionary = {};
  for (const { title, charts } of categories) {
    const titled = (dictionary[title] ??= {});
    for (const chart of charts) {
      titled[chart.title] =
        chart.bands.length > 0
          ? ['Margin', chart.bands.flatMap(({ value, lower, upper }) => [value, lower, upper])]
          : ['Multiline', chart.expressions];
    }
  }
  return JSON.stringify(dictionary, null, 2);
}

/** Reads the dictionary, as JSON or as Python writes it; throws an Error that says what is wrong with it. */
export function fromDictionary(text: string): Category[] {
  const parsed = parse(text);
  return Object.entries(asObject(parsed, 'the layout')).map(([title, charts]) => ({
    title,
    is_closed: false,
    charts: Object.entries(asObject(charts, title)).map(([name, definition]) => chartOf(name, definition)),
  }));
}

function chartOf(title: string, definition: unknown): Chart {
  const [kind, tags] = Array.isArray(definition) ? (definition as unknown[]) : [];
  if (!Array.isArray(tags) || tags.length === 0 || !tags.every((tag) => typeof tag === 'string')) {
    throw new Error(`${title}: want ["Multiline" or "Margin", [tags]]`);
  }
  const names = tags as string[];
  if (kind === 'Multiline') return { title, expressions: names, bands: [] };
  if (kind !== 'Margin') throw new Error(`${title}: got ${String(kind)}, want "Multiline" or "Margin"`);
  if (names.length % 3 !== 0) throw new Error(`${title}: got ${names.length} tags, want value, lower, upper`);
  const bands = Array.from({ length: names.length / 3 }, (_, i) => ({
    value: names[3 * i],
    lower: names[3 * i + 1],
    upper: names[3 * i + 2],
  }));
  return { title, expressions: [], bands };
}

function asObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error(`${name}: want {"…": …}`);
}

const TOKEN = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[()]|,(?=\s*[\])}])/g;

/** Python's quotes, tuples and trailing commas are JSON's but for their signs. */
function parse(text: string): unknown {
  const json = text.replace(TOKEN, (token) => {
    if (token === '(') return '[';
    if (token === ')') return ']';
    if (token === ',') return '';
    if (token.startsWith('"')) return token;
    return `"${token.slice(1, -1).replace(/\\'/g, "'").replace(/"/g, '\\"')}"`;
  });
  return JSON.parse(json) as unknown;
}
