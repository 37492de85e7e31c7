// What is drawn is written as SVG.
import { expect, test } from 'vitest';
import { SvgPath, SvgSurface } from './svg';

const surface = () => new SvgSurface(100, 50, (text) => text.length * 6);

test('paths, dashes, opacity and moves', () => {
  const svg = surface();
  const path = new SvgPath();
  path.moveTo(1, 2);
  path.lineTo(3.14159, 4);
  svg.strokeStyle = '#123456';
  svg.globalAlpha = 0.25;
  svg.setLineDash([4, 2]);
  svg.translate(0, 1.5);
  svg.stroke(path);
  expect(svg.toString()).toContain(
    '<path d="M1 2L3.14 4" fill="none" stroke="#123456" stroke-width="1" stroke-linejoin="miter"' +
      ' stroke-dasharray="4 2" opacity="0.25" transform="translate(0 1.5)"/>',
  );
});

test('a clip holds until it is restored', () => {
  const svg = surface();
  svg.save();
  svg.beginPath();
  svg.rect(0, 0, 10, 10);
  svg.clip();
  svg.fillRect(0, 0, 5, 5);
  svg.restore();
  svg.fillRect(1, 1, 1, 1);
  const text = svg.toString();
  expect(text.indexOf('</g>')).toBeLessThan(text.indexOf('M1 1h1'));
  expect(text.match(/<g/g)?.length).toBe(text.match(/<\/g>/g)?.length);
});

test('a hostile name stays a name', () => {
  const svg = surface();
  svg.font = '600 13px sans-serif';
  svg.fillText('</text><script>"&\u0001', 0, 0);
  expect(svg.toString()).toContain('font-size="13" font-weight="600"');
  expect(svg.toString()).toContain('>&#60;/text&#62;&#60;script&#62;&#34;&#38;</text>');
});
