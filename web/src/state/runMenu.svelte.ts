// Which run's menu is open, and where: rows of the list and lines of charts open the same one.

interface Place {
  x: number;
  y: number;
}

class RunMenu {
  open = $state.raw<{ run: string; place: Place } | null>(null);
}

export const runMenu = new RunMenu();

/** `place` is in the window's pixels. */
export function openRunMenu(run: string, place: Place): void {
  runMenu.open = { run, place };
}
