// Tells when an element comes onto the screen, so that nothing is fetched before.
import type { Attachment } from 'svelte/attachments';

export function onScreen(seen: (visible: boolean) => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver(([entry]) => seen(entry.isIntersecting), {
      rootMargin: '100px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
