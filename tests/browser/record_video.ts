// Videos as a browser's own encoders make them: gray frames, each lighter than the one before.
import type { Page } from '@playwright/test';

export const FRAMES = 10;
/** Gray of frame n, as it is painted. */
export const levelOfFrame = (n: number) => 20 + 20 * n;

/** The bytes of a recording, or null where this browser has no such encoder. */
export async function record(page: Page, mimeType: string): Promise<Buffer | null> {
  const recorded = await page.evaluate(
    async ({ mimeType, levels }) => {
      if (!MediaRecorder.isTypeSupported(mimeType)) return null;
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [160, 120];
      const context = canvas.getContext('2d');
      if (!context) return null;
      const paint = (level: number): void => {
        context.fillStyle = `rgb(${level}, ${level}, ${level})`;
        context.fillRect(0, 0, 160, 120);
      };
      paint(levels[0]);
      const stream = canvas.captureStream(0); // a frame for each request
      const [track] = stream.getVideoTracks() as CanvasCaptureMediaStreamTrack[];
      const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 2_000_000 });
      const pieces: Blob[] = [];
      recorder.ondataavailable = ({ data }) => pieces.push(data);
      const started = new Promise((done) => (recorder.onstart = done));
      recorder.start();
      await started;
      // Real time passes between the frames: it is what the recorder writes.
      for (const level of levels) {
        paint(level);
        track.requestFrame();
        await new Promise((done) => setTimeout(done, 100));
      }
      const stopped = new Promise((done) => (recorder.onstop = done));
      recorder.stop();
      await stopped;
      return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
    },
    { mimeType, levels: Array.from({ length: FRAMES }, (_, n) => levelOfFrame(n)) },
  );
  return recorded && Buffer.from(recorded);
}
