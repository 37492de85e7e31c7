// Questions of one moment travel together.
import { expect, test, vi } from 'vitest';
import { makeAsk, type Post } from './batch';

function setup(post: Post) {
  const frames: (() => void)[] = [];
  const ask = makeAsk('scalar', post, (run) => frames.push(run));
  return { ask, frame: () => frames.splice(0).forEach((run) => run()) };
}

const echo: Post = (_, body) =>
  Promise.resolve({ header: { charts: (body as { charts: unknown[] }).charts }, columns: [] });

test('one request, and everyone gets their own part', async () => {
  const post = vi.fn(echo);
  const { ask, frame } = setup(post);
  const signal = new AbortController().signal;
  const parts = Promise.all([ask('data', { tag: 'a' }, signal), ask('data', { tag: 'b' }, signal)]);
  frame();
  expect((await parts).map((part) => part.chart)).toEqual([{ tag: 'a' }, { tag: 'b' }]);
  expect(post.mock.calls.map(([path]) => path)).toEqual(['scalar/data']);
});

test('a card that went away before the frame is not asked for', async () => {
  const post = vi.fn(echo);
  const { ask, frame } = setup(post);
  const gone = new AbortController();
  const part = ask('data', { tag: 'a' }, gone.signal);
  gone.abort();
  await expect(part).rejects.toThrow();
  frame();
  expect(post).not.toHaveBeenCalled();
});

test('the request is aborted when nobody wants it any more', async () => {
  const signals: AbortSignal[] = [];
  const { ask, frame } = setup((_, __, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  const [one, two] = [new AbortController(), new AbortController()];
  const parts = [ask('data', {}, one.signal), ask('data', {}, two.signal)].map((part) =>
    part.catch(() => 'aborted'),
  );
  frame();
  one.abort();
  expect(signals[0].aborted).toBe(false);
  two.abort();
  expect(signals[0].aborted).toBe(true);
  expect(await Promise.all(parts)).toEqual(['aborted', 'aborted']);
});
