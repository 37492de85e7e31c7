// Plays the sounds of a card: one is heard, all share one position, and another is heard from where the first was.
import { untrack } from 'svelte';
import { listening } from './listening.svelte';

/** Only one card of the page plays. */
let loud: Deck | null = null;

export class Deck {
  /** Seconds from the beginning, of all sounds. */
  position = $state(0);
  playing = $state(false);
  /** Key of the sound that is heard, or would be. */
  heard = $state<string | null>(null);
  /** Key of a sound that the browser cannot play. */
  broken = $state<string | null>(null);
  private sound = $state.raw<HTMLAudioElement | null>(null);

  /** Call it while a component is made. `urlOf` gives the sound of a key at the step that is shown. */
  constructor(urlOf: (key: string) => string | null) {
    const url = $derived(this.heard === null ? null : urlOf(this.heard));
    $effect(() => {
      if (url === null) return;
      const sound = new Audio(url);
      sound.currentTime = untrack(() => this.position);
      sound.onended = () => {
        this.playing = false;
        this.position = sound.duration;
      };
      sound.onerror = () => {
        this.broken = this.heard;
        this.playing = false;
      };
      this.sound = sound;
      return () => {
        sound.pause();
        this.sound = null;
      };
    });
    $effect(() => this.follow());
    $effect(() => {
      if (this.sound) this.sound.loop = listening.loop;
    });
    $effect(() => () => {
      if (loud === this) loud = null;
    });
  }

  /** Plays or pauses; another sound than the one that is heard takes over at the same position. */
  toggle(key: string): void {
    const switched = this.heard !== key;
    this.heard = key;
    if (switched && this.playing) return;
    this.playing = !this.playing;
    if (!this.playing) return;
    this.broken = null;
    if (loud !== this && loud) loud.playing = false;
    loud = this; // eslint-disable-line @typescript-eslint/no-this-alias
    if (this.sound?.ended) this.seek(0);
  }

  seek(seconds: number): void {
    this.position = Math.max(0, seconds);
    if (this.sound) this.sound.currentTime = this.position;
  }

  /** Lets the cursor follow what is heard. */
  private follow(): (() => void) | undefined {
    const { sound } = this;
    if (!sound || !this.playing) return;
    let frame = 0;
    const advance = (): void => {
      this.position = sound.currentTime;
      frame = requestAnimationFrame(advance);
    };
    sound.play().then(advance, () => undefined); // an error of the sound is heard of above
    return () => {
      cancelAnimationFrame(frame);
      sound.pause();
    };
  }
}
