// What belongs to the person rather than to the view: theme, language, the sidebar, how runs are listed. Kept by the browser.
import type { Theme } from './colours';

export type ThemeChoice = 'auto' | Theme;
export type Language = 'en' | 'zh';

const KEY = 'runlens';
const SIDEBAR = { least: 180, most: 640, usual: 264 };

interface Stored {
  theme: ThemeChoice;
  language: Language | null;
  sidebarWidth: number;
  sidebarOpen: boolean;
  foldRuns: boolean;
}

class Preferences {
  theme = $state<ThemeChoice>('auto');
  language = $state<Language>('en');
  sidebarWidth = $state(SIDEBAR.usual);
  sidebarOpen = $state(true);
  /** Whether runs that are parts of another are listed under it. */
  foldRuns = $state(true);
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
    const dark = matchMedia('(prefers-color-scheme: dark)');
    this.systemDark = dark.matches;
    dark.addEventListener('change', (event) => (this.systemDark = event.matches));
  }

  choose(change: Partial<Pick<Preferences, 'theme' | 'sidebarOpen' | 'foldRuns'>>): void {
    Object.assign(this, change);
    this.save();
  }

  speak(language: Language): void {
    this.language = this.chosenLanguage = language;
    this.save();
  }

  resize(width: number): void {
    const wanted = Number.isFinite(width) ? width : SIDEBAR.usual;
    this.sidebarWidth = Math.round(Math.min(Math.max(wanted, SIDEBAR.least), SIDEBAR.most));
  }

  save(): void {
    const { theme, chosenLanguage: language, sidebarWidth, sidebarOpen, foldRuns } = this;
    try {
      localStorage.setItem(
        KEY,
        JSON.stringify({ theme, language, sidebarWidth, sidebarOpen, foldRuns } satisfies Stored),
      );
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
