// How all pictures are shown: size, brightness, contrast, colours.
import type { ColourMap } from '../../charts/colourMap';

class Light {
  actualSize = $state(false);
  brightness = $state(1);
  contrast = $state(1);
  colours = $state<ColourMap>('gray');
  /** As CSS and a canvas take it; empty when nothing is changed. */
  readonly filter: string = $derived(
    this.brightness === 1 && this.contrast === 1
      ? ''
      : `brightness(${this.brightness}) contrast(${this.contrast})`,
  );

  reset(): void {
    this.brightness = this.contrast = 1;
  }
}

export const light = new Light();
