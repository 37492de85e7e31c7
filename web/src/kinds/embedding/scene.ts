// Draws points with WebGL 2: one draw call, in colours or each with its image from a sprite.
import { shuffledRows } from './data';
import type { Matrix } from './camera';
import type { Sprite } from './questions';

/** Drawn while the picture moves; all of them once it rests. */
const MOST_MOVING = 250_000;

/** Pixels: WebGL 2 promises 2048, and practically all give this. */
const LARGEST_SPRITE = 4096;

/** How a point is drawn: its part of `marks`. */
export const HIDDEN = 0;
export const FAINT = 1;
export const NORMAL = 2;
export const STRONG = 3;

const VERTEX = `#version 300 es
layout(location = 0) in vec3 place;
layout(location = 1) in vec3 colour;
layout(location = 2) in float mark;
uniform mat4 matrix;
uniform float size;
uniform vec2 grid;
out vec4 paint;
flat out vec2 cell;
void main() {
  gl_Position = matrix * vec4(place, 1.0);
  float near = clamp(matrix[3][3] / gl_Position.w, 0.6, 1.8);
  gl_PointSize = size * near * (mark > 2.5 ? 1.7 : 1.0);
  paint = vec4(colour, mark > 1.5 ? 0.92 : 0.16);
  cell = vec2(mod(float(gl_VertexID), grid.x), floor(float(gl_VertexID) / grid.x));
  // A point without a place is NaN in every coordinate.
  if (mark < 0.5 || place.x != place.x || cell.y >= grid.y) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 paint;
flat in vec2 cell;
uniform sampler2D sprite;
uniform bool hasSprite;
uniform float tint;
uniform vec2 grid;
uniform vec2 used;
uniform float size;
out vec4 result;
void main() {
  if (hasSprite) {
    vec4 texel = texture(sprite, (cell + clamp(gl_PointCoord, 0.03, 0.97)) / grid * used);
    result = vec4(texel.rgb * mix(vec3(1.0), paint.rgb, tint), texel.a * paint.a);
    if (result.a < 0.02) discard;
    return;
  }
  float edge = 1.0 - smoothstep(0.5 - 1.0 / max(size, 2.0), 0.5, distance(gl_PointCoord, vec2(0.5)));
  if (edge <= 0.0) discard;
  result = vec4(paint.rgb, paint.a * edge);
}`;

export class Scene {
  private readonly gl: WebGL2RenderingContext;
  private readonly program: WebGLProgram;
  private readonly buffers: WebGLBuffer[];
  private readonly texture: WebGLTexture;
  private count = 0;
  private sprite: Sprite | null = null;
  private used: readonly [number, number] = [1, 1];

  /** Throws an Error with the driver's words where this browser has no WebGL 2. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error('WebGL 2');
    this.gl = gl;
    this.program = linked(gl);
    this.buffers = [0, 1, 2, 3].map(() => gl.createBuffer());
    this.texture = gl.createTexture();
    gl.enable(gl.BLEND);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
  }

  place(places: Float32Array): void {
    const { gl } = this;
    const count = places.length / 3;
    this.attribute(0, places, 3, gl.FLOAT, false);
    if (count === this.count) return;
    this.count = count;
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffers[3]);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, shuffledRows(count), gl.STATIC_DRAW);
  }

  colour(colours: Uint8Array): void {
    this.attribute(1, colours, 3, this.gl.UNSIGNED_BYTE, true);
  }

  mark(marks: Uint8Array): void {
    this.attribute(2, marks, 1, this.gl.UNSIGNED_BYTE, false);
  }

  /** Images for the points; null for dots. */
  show(sprite: Sprite | null, image: ImageBitmap | null): void {
    const { gl } = this;
    this.sprite = image ? sprite : null;
    if (!sprite || !image) return;
    this.used = [(sprite.across * sprite.width) / image.width, (sprite.down * sprite.height) / image.height];
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  /** Draws; `size` of a point is in CSS pixels, `tint` how much of their colour images take on. */
  draw(matrix: Matrix, size: number, tint: number, moving: boolean): void {
    const { gl, canvas, program, sprite } = this;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (this.count === 0) return;
    gl.useProgram(program);
    const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
    gl.uniformMatrix4fv(at('matrix'), false, matrix);
    gl.uniform1f(at('size'), size * devicePixelRatio);
    gl.uniform1f(at('tint'), tint);
    gl.uniform1i(at('hasSprite'), sprite ? 1 : 0);
    gl.uniform2f(at('grid'), sprite?.across ?? 1, sprite?.down ?? 2 ** 31);
    gl.uniform2f(at('used'), ...this.used);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffers[3]);
    const count = moving ? Math.min(this.count, MOST_MOVING) : this.count;
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 0);
  }

  dispose(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private attribute(
    at: number,
    values: Float32Array | Uint8Array,
    size: number,
    type: number,
    normalized: boolean,
  ): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[at]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, type, normalized, 0, 0);
  }
}

/** A sprite's image, scaled down to what every driver takes; null where it cannot be had, as `info` then tells. */
export async function loadSprite(
  sprite: Sprite,
  url: string,
): Promise<{ sprite: Sprite; image: ImageBitmap } | null> {
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const by = Math.min(1, LARGEST_SPRITE / Math.max(image.width, image.height));
    const [resizeWidth, resizeHeight] = [Math.round(image.width * by), Math.round(image.height * by)];
    const bitmap = await createImageBitmap(image, { resizeWidth, resizeHeight });
    return { sprite: { ...sprite, width: sprite.width * by, height: sprite.height * by }, image: bitmap };
  } catch {
    return null;
  }
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error('WebGL 2');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(gl.getProgramInfoLog(program) ?? 'WebGL 2');
  return program;
}
