// Keeps a chart as large as the element it is drawn in.
interface Chart {
  /** In CSS pixels, and how many device pixels one of them is. */
  resize(width: number, height: number, ratio: number): void;
}

/** Follows the host's size until what it returns is called. */
export function fit(host: HTMLElement, chart: Chart): () => void {
  const measure = (): void => chart.resize(host.clientWidth, host.clientHeight, devicePixelRatio);
  const observer = new ResizeObserver(measure);
  observer.observe(host);
  // Zooming the page changes the pixel ratio without changing the size in CSS pixels.
  window.addEventListener('resize', measure);
  measure();
  return () => {
    observer.disconnect();
    window.removeEventListener('resize', measure);
  };
}
