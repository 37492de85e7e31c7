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
  private readonly videos = new Set<HTMLVideoElement>();

  /** Call it while a component is made. */
  constructor() {
    $effect(() => {
      for (const video of this.videos) video.playbackRate = this.speed;
    });
    $effect(() => this.follow());
  }

  /** Takes a video along; call it when the length is known. Returns how to leave it out again. */
  join(video: HTMLVideoElement): () => void {
    this.videos.add(video);
    video.playbackRate = this.speed;
    video.currentTime = Math.min(this.position, video.duration);
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
    for (const video of this.videos) video.currentTime = Math.min(this.position, video.duration);
  }

  private measure(): void {
    const lengths = [...this.videos].map(({ duration }) => duration).filter(Number.isFinite);
    this.length = Math.max(0, ...lengths);
  }

  private follow(): (() => void) | undefined {
    if (!this.playing) return;
    let frame = 0;
    for (const video of this.videos) void video.play().catch(() => undefined); // a broken one says so itself
    const advance = (): void => {
      const lead = [...this.videos].find((video) => video.duration >= this.length);
      if (!lead || lead.ended) {
        if (lead) this.position = this.length; // the last frames may have gone by between two of the screen
        this.playing = false;
        return;
      }
      this.position = lead.currentTime;
      for (const video of this.videos) {
        if (!video.ended && Math.abs(video.currentTime - this.position) > MOST_APART)
          video.currentTime = this.position;
      }
      frame = requestAnimationFrame(advance);
    };
    frame = requestAnimationFrame(advance);
    return () => {
      cancelAnimationFrame(frame);
      for (const video of this.videos) video.pause();
    };
  }
}
