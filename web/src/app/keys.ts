// Shortcuts of the page, `x` or `Ctrl+x` (on a Mac also Cmd), silent while somebody types.

export function pageKeys(actions: Record<string, () => void>): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.altKey || isTyping(event.target)) return;
    // What lies over the page has keys of its own.
    if (document.querySelector('dialog[open], :popover-open')) return;
    const held = event.ctrlKey || event.metaKey;
    const action = actions[held ? `Ctrl+${event.key}` : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  const typed = ['text', 'number', 'search', 'email', 'url'];
  return target instanceof HTMLInputElement && typed.includes(target.type);
}
