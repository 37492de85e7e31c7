// The one WebGL context of the page: it draws for all cards, and each takes its picture on a canvas of its own.
import * as three from 'three';
import type { Model } from './model';
import { eyeOf, type View } from './orbit';

export interface Picture {
  canvas: HTMLCanvasElement;
  model: Model;
  view: View;
  wireframe: boolean;
  /** Size of a point in CSS pixels. */
  pointSize: number;
  /** Part of a cloud's points that is drawn. */
  share: number;
}

class Stage {
  private readonly renderer = new three.WebGLRenderer({ antialias: true, alpha: true });
  private readonly camera = new three.PerspectiveCamera();

  constructor() {
    this.renderer.outputColorSpace = three.LinearSRGBColorSpace; // as they are: see model.ts
  }

  draw({ canvas, model, view, wireframe, pointSize, share }: Picture): void {
    const { width, height } = canvas;
    const context = canvas.getContext('2d');
    if (!context || width === 0 || height === 0) return;
    const { renderer, camera } = this;
    renderer.setSize(width, height, false);
    model.show(wireframe, pointSize * devicePixelRatio, share);
    camera.fov = model.config.fov;
    camera.aspect = width / height;
    camera.near = view.distance / 1000;
    camera.far = view.distance * 1000;
    camera.position.set(...eyeOf(view));
    camera.lookAt(...view.target);
    camera.updateProjectionMatrix();
    renderer.render(model.scene, camera);
    context.clearRect(0, 0, width, height);
    context.drawImage(renderer.domElement, 0, 0);
  }

  /** Waits until all is drawn: one pixel is asked for. */
  finish(): void {
    const gl = this.renderer.getContext();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  /** Calls `redraw` when the browser took the context away and gave it back. */
  onRestored(redraw: () => void): () => void {
    const { domElement } = this.renderer;
    domElement.addEventListener('webglcontextrestored', redraw);
    return () => domElement.removeEventListener('webglcontextrestored', redraw);
  }
}

let made: Stage | null = null;

/** Throws where the browser has no WebGL. */
export function stage(): Stage {
  return (made ??= new Stage());
}
