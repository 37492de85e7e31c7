// Makes tests/data/video/levels.webm with the browser's own VP8 encoder: 24 frames of 64 x 48 at 12 a second; frame n is
// encoded with luma 20 + 9 n, of which 16 is black and 235 white. Run it from web/: node ../tests/data/make_video.mjs
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('@playwright/test');

// Runs in the page: [milliseconds, is a key frame, bytes] of each frame.
async function encode() {
  const frames = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      frames.push([Math.round(chunk.timestamp / 1000), chunk.type === 'key', [...data]]);
    },
    error: (error) => { throw error; },
  });
  encoder.configure({ codec: 'vp8', width: 64, height: 48, bitrate: 200_000 });
  const canvas = new OffscreenCanvas(64, 48);
  const context = canvas.getContext('2d');
  for (let n = 0; n < 24; n++) {
    context.fillStyle = `rgb(${20 + 9 * n}, ${20 + 9 * n}, ${20 + 9 * n})`;
    context.fillRect(0, 0, 64, 48);
    const frame = new VideoFrame(canvas, { timestamp: Math.round((n * 1e6) / 12) });
    encoder.encode(frame, { keyFrame: n % 6 === 0 });
    frame.close();
  }
  await encoder.flush();
  return frames;
}

// EBML (RFC 8794) and Matroska (RFC 9559): element = id, size, content.
const element = (id, ...content) => {
  const body = Buffer.concat(content);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(0x10000000 | body.length);
  return Buffer.concat([Buffer.from(id, 'hex'), size, body]);
};
const number = (id, value) => element(id, Buffer.from([value >> 8, value & 255]));
const text = (id, value) => element(id, Buffer.from(value));
const float = (id, value) => {
  const data = Buffer.alloc(8);
  data.writeDoubleBE(value);
  return element(id, data);
};
const block = ([time, isKey, data]) =>
  element('a3', Buffer.from([0x81, time >> 8, time & 255, isKey ? 0x80 : 0]), Buffer.from(data));

// Encoders of video are there only for pages of a secure origin, which the own machine is.
const server = createServer((_, answer) => answer.end('<!doctype html>')).listen(0, '127.0.0.1');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}`);
const frames = await page.evaluate(encode);
await browser.close();
server.close();

const video = element('e0', number('b0', 64), number('ba', 48));
const track = element('ae', number('d7', 1), number('73c5', 1), number('83', 1), text('86', 'V_VP8'), video);
const segment = element(
  '18538067',
  element('1549a966', element('2ad7b1', Buffer.from([0x0f, 0x42, 0x40])), float('4489', 2000)),
  element('1654ae6b', track),
  element('1f43b675', number('e7', 0), ...frames.map(block)),
);
const head = element('1a45dfa3', text('4282', 'webm'), number('4287', 2), number('4285', 2));
writeFileSync(new URL('video/levels.webm', import.meta.url), Buffer.concat([head, segment]));
