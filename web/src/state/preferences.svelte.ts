// What belongs to the person rather than to the view: theme, language, the sidebar, how runs are listed. Kept by the browser.
import type { Theme } from './colours';

export type ThemeChoice = 'auto' | Theme;
export type Language = 'en' | 'zh';
/** The order of the rows of a readout. */
export type ReadoutOrder = 'nearest' | 'runs' | 'descending' | 'ascending';

const KEY = 'runlens';
export const CARD = { least: 240, most: 1200, lowest: 0.6, highest: 2 };
export const MOST_ROWS = { usual: 12, most: 200 };
const SIDEBAR = { least: 180, most: 640, usual: 264 };

interface Stored {
  theme: ThemeChoice;
  language: Language | null;
  sidebarWidth: number;
  sidebarOpen: boolean;
  foldRuns: boolean;
  cardWidth: number | null;
  cardHeight: number;
  smoothing: number;
  readoutOrder: ReadoutOrder;
  readoutRows: number;
  stepTable: boolean;
  liveEvery: number;
  dashes: boolean;
  flags: boolean;
}

const KEPT = [
  ...(['theme', 'sidebarWidth', 'sidebarOpen', 'foldRuns', 'cardWidth', 'cardHeight', 'smoothing'] as const),
  ...(['readoutOrder', 'readoutRows', 'stepTable', 'liveEvery', 'dashes', 'flags'] as const),
] satisfies (keyof Stored)[];

export const ORDERS: readonly ReadoutOrder[] = ['nearest', 'runs', 'descending', 'ascending'];

class Preferences {
  theme = $state<ThemeChoice>('auto');
  language = $state<Language>('en');
  sidebarWidth = $state(SIDEBAR.usual);
  sidebarOpen = $state(true);
  /** Whether runs that are parts of another are listed under it. */
  foldRuns = $state(true);
  /** Least width of a card in CSS pixels; null for what suits the screen. */
  cardWidth = $state<number | null>(null);
  /** Height of cards as a multiple of the usual. */
  cardHeight = $state(1);
  /** What curves are smoothed with where the link says nothing. */
  smoothing = $state(0);
  readoutOrder = $state<ReadoutOrder>('nearest');
  readoutRows = $state(MOST_ROWS.usual);
  /** Whether cards show a table of the marked steps. */
  stepTable = $state(true);
  /** Milliseconds between updates of the charts; 0 when they wait to be asked for. */
  liveEvery = $state(100);
  /** Whether dashes tell apart the lines of runs that share a colour. */
  dashes = $state(false);
  /** Whether charts show the moments that runs marked. */
  flags = $state(true);
  private systemDark = $state(false);
  private chosenLanguage: Language | null = null;
  readonly effectiveTheme: Theme = $derived(
    this.theme === 'auto' ? (this.systemDark ? 'dark' : 'light') : this.theme,
  );

  constructor() {
    const stored = read();
    if (stored.theme === 'light' || stored.theme === 'dark') this.theme = stored.theme;
    this.chosenLanguage = stored.language === 'en' || stored.language === 'zh' ? stored.language : null;
    this.language = this.chosenLanguage ?? browserLanguage();
    this.resize(Number(stored.sidebarWidth ?? SIDEBAR.usual));
    this.sidebarOpen = stored.sidebarOpen ?? true;
    this.foldRuns = stored.foldRuns ?? true;
    this.readCharts(stored);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    this.systemDark = dark.matches;
    dark.addEventListener('change', (event) => (this.systemDark = event.matches));
  }

  private readCharts(stored: Partial<Stored>): void {
    const within = (value: unknown, low: number, high: number, usual: number): number =>
      typeof value === 'number' && value >= low && value <= high ? value : usual;
    const { least, most, lowest, highest } = CARD;
    this.cardWidth = within(stored.cardWidth, least, most, 0) || null;
    this.cardHeight = within(stored.cardHeight, lowest, highest, 1);
    this.smoothing = within(stored.smoothing, 0, 0.999, 0);
    this.readoutOrder = ORDERS.find((order) => order === stored.readoutOrder) ?? 'nearest';
    this.readoutRows = within(stored.readoutRows, 1, MOST_ROWS.most, MOST_ROWS.usual);
    this.stepTable = stored.stepTable !== false;
    this.dashes = stored.dashes === true;
    this.flags = stored.flags !== false;
    this.liveEvery = within(stored.liveEvery, 0, 600_000, 100);
  }

  choose(change: Partial<Omit<Stored, 'language'>>): void {
    Object.assign(this, change);
    this.save();
  }

  speak(language: Language): void {
    this.language = this.chosenLanguage = language;
    this.save();
  }

  /** Rows of a readout; null for the usual number. */
  limitRows(rows: number | null): void {
    const wanted = Math.round(rows ?? MOST_ROWS.usual);
    this.choose({ readoutRows: Math.min(Math.max(wanted, 1), MOST_ROWS.most) });
  }

  resize(width: number): void {
    const wanted = Number.isFinite(width) ? width : SIDEBAR.usual;
    this.sidebarWidth = Math.round(Math.min(Math.max(wanted, SIDEBAR.least), SIDEBAR.most));
  }

  save(): void {
    const stored: Partial<Stored> = { language: this.chosenLanguage };
    for (const name of KEPT) Object.assign(stored, { [name]: this[name] });
    try {
      localStorage.setItem(KEY, JSON.stringify(stored));
    } catch {
      // A browser that stores nothing (private mode, blocked site data) still shows the page.
    }
  }
}

function read(): Partial<Stored> {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as Partial<Stored>;
  } catch {
    return {};
  }
}

function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const preferences = new Preferences();
