// Plays the videos of a card together: one clock, which the longest leads.

/** Seconds by which a video may be off before it is put right. */
const MOST_APART = 0.1;

export class Reel {
  playing = $state(false);
  /** Seconds. */
  position = $state(0);
  /** Seconds of the longest. */
  length = $state(0);
  speed = $state(1);
  /** With the seconds that each lasts: a recorded stream does not say it, and its frames do. */
  private readonly videos = new Map<HTMLVideoElement, number>();

  /** Call it while a component is made. */
  constructor() {
    $effect(() => {
      for (const video of this.videos.keys()) video.playbackRate = this.speed;
    });
    $effect(() => this.follow());
  }

  /** Takes a video along that lasts so many seconds. Returns how to leave it out again. */
  join(video: HTMLVideoElement, seconds: number): () => void {
    this.videos.set(video, seconds);
    video.playbackRate = this.speed;
    video.currentTime = Math.min(this.position, seconds);
    this.measure();
    if (this.playing) void video.play().catch(() => undefined);
    return () => {
      this.videos.delete(video);
      this.measure();
    };
  }

  toggle(): void {
    if (!this.playing && this.position >= this.length - 0.01) this.seek(0);
    this.playing = !this.playing;
  }

  seek(seconds: number): void {
    this.position = Math.min(Math.max(seconds, 0), this.length);
    for (const [video, length] of this.videos) video.currentTime = Math.min(this.position, length);
  }

  private measure(): void {
    this.length = Math.max(0, ...this.videos.values());
  }

  private follow(): (() => void) | undefined {
    if (!this.playing) return;
    let frame = 0;
    for (const video of this.videos.keys()) void video.play().catch(() => undefined); // a broken one says so itself
    const advance = (): void => {
      const lead = [...this.videos].find(([, seconds]) => seconds >= this.length)?.[0];
      if (!lead || lead.ended) {
        if (lead) this.position = this.length; // the last frames may have gone by between two of the screen
        this.playing = false;
        return;
      }
      this.position = lead.currentTime;
      for (const video of this.videos.keys()) {
        if (!video.ended && Math.abs(video.currentTime - this.position) > MOST_APART)
          video.currentTime = this.position;
      }
      frame = requestAnimationFrame(advance);
    };
    frame = requestAnimationFrame(advance);
    return () => {
      cancelAnimationFrame(frame);
      for (const video of this.videos.keys()) video.pause();
    };
  }
}
