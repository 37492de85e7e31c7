// Asks for the table when the wanted metrics change, and again, not too often, while runs grow.
import type { Ask, OnChange } from '../../api/ask';
import { isAbort } from '../../api/client';
import type { InfoName, Metric } from './columns';
import { readTable, type Table } from './data';

export interface Question {
  metrics: readonly Metric[];
  info: readonly InfoName[];
}

/** A live table of ten thousand runs must not keep the server busy. */
const REST_MS = 1500;

export class TableFeed {
  table = $state.raw<Table | null>(null);
  failed = $state(false);
  private controller: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private again = false;

  private question: Question = { metrics: [], info: [] };

  constructor(private readonly ask: Ask) {}

  /** Asks at once; an answer under way to an older question is given up. */
  async load(question: Question): Promise<void> {
    this.question = question;
    this.controller?.abort();
    const controller = (this.controller = new AbortController());
    this.again = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rested(), REST_MS);
    try {
      const part = await this.ask('table', question, controller.signal);
      this.table = readTable(part);
      this.failed = false;
    } catch (error) {
      if (!isAbort(error)) this.failed = true;
    }
  }

  follow(onChange: OnChange): () => void {
    const stop = onChange(() => {
      if (this.timer === undefined) void this.load(this.question);
      else this.again = true;
    });
    return () => {
      stop();
      clearTimeout(this.timer);
      this.controller?.abort();
    };
  }

  private rested(): void {
    this.timer = undefined;
    if (this.again) void this.load(this.question);
  }
}
