// A tag carried by the pointer from one card onto another.
import type { Attachment } from 'svelte/attachments';

const TYPE = 'application/x-runlens-tag';

/** Lets an element be dragged as a tag. */
export function carry(tag: string): Attachment<HTMLElement> {
  return (element) => {
    const start = (event: DragEvent): void => {
      event.dataTransfer?.setData(TYPE, tag);
      event.dataTransfer?.setData('text/plain', tag);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copy';
    };
    element.draggable = true;
    element.addEventListener('dragstart', start);
    return () => element.removeEventListener('dragstart', start);
  };
}

/** Takes a tag that is let go over an element, which has the class `target` while it could. */
export function receive(take: (tag: string) => void): Attachment<HTMLElement> {
  return (element) => {
    const isTag = (event: DragEvent): boolean => event.dataTransfer?.types.includes(TYPE) ?? false;
    const over = (event: DragEvent): void => {
      if (!isTag(event)) return;
      event.preventDefault();
      element.classList.add('target');
    };
    const leave = (event: DragEvent): void => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && element.contains(to))) element.classList.remove('target');
    };
    const drop = (event: DragEvent): void => {
      if (!isTag(event)) return;
      event.preventDefault();
      element.classList.remove('target');
      take(event.dataTransfer?.getData(TYPE) ?? '');
    };
    const listeners = { dragover: over, dragleave: leave, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) {
      element.addEventListener(name, listener as EventListener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        element.removeEventListener(name, listener as EventListener);
      }
    };
  };
}
