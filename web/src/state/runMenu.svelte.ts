// Which run's menu is open, and where: rows of the list and lines of charts open the same one. And what it opens.

interface Place {
  x: number;
  y: number;
}

class RunMenu {
  open = $state.raw<{ run: string; place: Place } | null>(null);
  /** The run whose name is typed in the list. */
  renamed = $state<string | null>(null);
  /** The run whose notes are open. */
  edited = $state<string | null>(null);
  /** The run that is to go to the trash, once that is said for sure. */
  removed = $state<string | null>(null);
}

export const runMenu = new RunMenu();

/** `place` is in the window's pixels. */
export function openRunMenu(run: string, place: Place): void {
  runMenu.open = { run, place };
}
