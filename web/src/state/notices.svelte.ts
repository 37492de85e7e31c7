// A word about what was just done, and the way back.

interface Deed {
  text: string;
  back: () => void;
}

const MOST_DEEDS = 100;

class Notices {
  /** What is said now; each saying is an object of its own. */
  said = $state.raw<{ text: string; undo: boolean } | null>(null);
  private deeds: Deed[] = [];

  say(text: string): void {
    this.said = { text, undo: false };
  }

  /** Something was done that can be taken back; `quiet` where it can be seen anyway. */
  did(text: string, back: () => void, quiet = false): void {
    this.deeds = [...this.deeds.slice(1 - MOST_DEEDS), { text, back }];
    this.said = quiet ? null : { text, undo: true };
  }

  /** Takes back what was done last; answers with what that was. */
  undo(): string | null {
    const deed = this.deeds.pop();
    this.said = null;
    deed?.back();
    return deed?.text ?? null;
  }
}

export const notices = new Notices();
