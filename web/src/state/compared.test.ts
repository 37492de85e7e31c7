// Tags that share a chart, formulas, and their way through the address bar.
import { expect, test } from 'vitest';
import { cardsOf, NOTHING_COMPARED, patternsOf, sharedBy, tagsOf, withoutTag, withTag } from './compared';

const TAGS = ['train/loss', 'train/acc', 'val/loss', 'val/acc', 'test/loss', 'lr'];
const all = (): boolean => true;

test('a rule pairs tags by what the * stands for', () => {
  expect(sharedBy(['train/* with val/*'], TAGS)).toEqual(
    new Map([
      ['train/loss', ['val/loss']],
      ['train/acc', ['val/acc']],
    ]),
  );
  expect(sharedBy(['train/* with val/* with test/*'], TAGS).get('train/loss')).toEqual([
    'val/loss',
    'test/loss',
  ]);
  expect(sharedBy(['*/train with */val'], ['a/b/train', 'a/b/val', 'train', 'val'])).toEqual(
    new Map([['a/b/train', ['a/b/val']]]),
  );
});

test('a tag is shown in one chart only, whatever the rules', () => {
  const shared = sharedBy(['train/* with val/*', 'val/* with test/*', 'test/* with train/*'], TAGS);
  expect([...shared.values()].flat().sort()).toEqual(['val/acc', 'val/loss']);
  expect(sharedBy(['val/* with test/*', 'train/* with val/*'], TAGS).get('train/loss')).toBeUndefined();
});

test.each(['train/*', 'train/loss with val/loss', 'a*b* with c*', ''])('%j is no rule', (text) => {
  expect(patternsOf(text)).toBeNull();
});

test('cards: formulas first, and a shared chart once', () => {
  const compared = {
    ...NOTHING_COMPARED,
    rules: ['train/* with val/*'],
    formulas: [{ name: 'gap', text: 'val/loss - train/loss' }],
  };
  const shared = sharedBy(compared.rules, TAGS);
  expect(cardsOf({ compared, shared }, TAGS, all)).toEqual([
    '= gap',
    'train/loss',
    'train/acc',
    'test/loss',
    'lr',
  ]);
  // What a filter leaves alone has a card of its own.
  expect(cardsOf({ compared, shared }, TAGS, (tag) => tag.startsWith('val'))).toEqual([
    'val/loss',
    'val/acc',
  ]);
  expect(tagsOf({ compared, shared }, 'train/acc')).toEqual(['train/acc', 'val/acc']);
});

test('every tag that a filter leaves is in a card, where one rule gives what another takes', () => {
  const tags = ['a/x', 'b/x', 'c/x'];
  const compared = { ...NOTHING_COMPARED, rules: ['a/* with b/*', 'b/* with c/*'] };
  const shared = sharedBy(compared.rules, tags);
  for (const hidden of ['', ...tags]) {
    const left = tags.filter((tag) => tag !== hidden);
    const cards = cardsOf({ compared, shared }, tags, (tag) => tag !== hidden);
    const seen = new Set(cards.flatMap((card) => tagsOf({ compared, shared }, card)));
    expect([...seen]).toEqual(expect.arrayContaining(left));
  }
});

test('tags are added to a card once, and taken off again', () => {
  const once = withTag(NOTHING_COMPARED, 'lr', 'val/loss');
  expect(once && tagsOf({ compared: once, shared: new Map() }, 'lr')).toEqual(['lr', 'val/loss']);
  expect(once && withTag(once, 'lr', 'val/loss')).toBeNull();
  expect(withTag(NOTHING_COMPARED, 'lr', 'lr')).toBeNull();
  expect(once && withoutTag(once, 'lr', 'val/loss')).toEqual(NOTHING_COMPARED);
});
