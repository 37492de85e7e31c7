// A layout as the form has it: a list of charts, each with its category and its tags in lines. Pure.
import { fromDictionary, type Category } from './layout';

export interface Draft {
  category: string;
  title: string;
  margin: boolean;
  /** One a line: expressions, or value, lower and upper bound. */
  tags: string;
}

export function draftsOf(categories: readonly Category[]): Draft[] {
  return categories.flatMap(({ title: category, charts }) =>
    charts.map(({ title, expressions, bands }) => ({
      category,
      title,
      margin: bands.length > 0,
      tags: [...expressions, ...bands.flatMap(({ value, lower, upper }) => [value, lower, upper])].join('\n'),
    })),
  );
}

/** Throws an Error that names the chart which is not complete. */
export function layoutOf(drafts: readonly Draft[]): Category[] {
  const dictionary: Record<string, Record<string, unknown>> = {};
  for (const { category, title, margin, tags } of drafts) {
    const lines = tags.split('\n').filter((line) => line.trim() !== '');
    const charts = (dictionary[category] ??= {});
    if (title in charts) throw new Error(`${category}: two charts have the title ${title}`);
    charts[title] = [margin ? 'Margin' : 'Multiline', lines];
  }
  return fromDictionary(JSON.stringify(dictionary));
}
