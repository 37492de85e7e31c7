// The one WebGL context of the page: it draws for all cards, and each takes its picture on a canvas of its own.
import * as three from 'three';
import { FullScreenQuad } from 'three/addons/postprocessing/Pass.js';
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

/** Samples of a pixel where edges are smoothed: those of meshes. Points are squares, and a million of them would wait. */
const SAMPLES = 4;

class Stage {
  private readonly renderer = new three.WebGLRenderer({ alpha: true });
  private readonly perspective = new three.PerspectiveCamera();
  private readonly parallel = new three.OrthographicCamera();
  /** Where meshes are drawn, and what brings them from there to the canvas. */
  private readonly smooth = new three.WebGLRenderTarget(1, 1, { samples: SAMPLES });
  private readonly copy = new FullScreenQuad(
    new three.MeshBasicMaterial({ map: this.smooth.texture, blending: three.NoBlending }),
  );

  constructor() {
    this.renderer.outputColorSpace = three.LinearSRGBColorSpace; // as they are: see model.ts
  }

  draw({ canvas, model, view, wireframe, pointSize, share }: Picture): void {
    const { width, height } = canvas;
    const context = canvas.getContext('2d');
    if (!context || width === 0 || height === 0) return;
    const { renderer } = this;
    renderer.setSize(width, height, false);
    model.show(wireframe, pointSize * devicePixelRatio, share);
    this.render(model.scene, this.cameraFor(model, view, width / height), !model.isCloud);
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

  private render(scene: three.Scene, camera: three.Camera, isSmooth: boolean): void {
    const { renderer, smooth } = this;
    if (!isSmooth) return renderer.render(scene, camera);
    const { width, height } = renderer.domElement;
    smooth.setSize(width, height);
    renderer.setRenderTarget(smooth);
    renderer.render(scene, camera);
    renderer.setRenderTarget(null);
    this.copy.render(renderer);
  }

  private cameraFor({ config }: Model, view: View, aspect: number): three.Camera {
    const { perspective, parallel } = this;
    const camera = config.isParallel ? parallel : perspective;
    const top = view.distance * Math.tan((config.fov * Math.PI) / 360); // at the target both see as much
    Object.assign(perspective, { fov: config.fov, aspect });
    Object.assign(parallel, { top, bottom: -top, right: top * aspect, left: -top * aspect });
    camera.near = config.near ?? view.distance / 1000;
    camera.far = config.far ?? view.distance * 1000;
    camera.position.set(...eyeOf(view));
    camera.lookAt(...view.target);
    camera.updateProjectionMatrix();
    return camera;
  }
}

let made: Stage | null = null;

/** Throws where the browser has no WebGL. */
export function stage(): Stage {
  return (made ??= new Stage());
}
