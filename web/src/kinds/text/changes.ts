// Differences between two texts, line by line and, where lines were changed, word by word. Pure.
import { diffLines, diffWordsWithSpace } from 'diff';

export type Piece = { kind: 'same' | 'added' | 'removed'; text: string };

/** Milliseconds after which texts count as too different. */
const LONGEST = 1000;
/** Changed passages longer than this are shown as removed and added whole. */
const MOST_WORDS = 5000;

/** The pieces of both texts in order; null when they are too different to be compared in a reasonable time. */
export function changes(before: string, after: string): Piece[] | null {
  const lines = diffLines(before, after, { timeout: LONGEST }) as ReturnType<typeof diffLines> | undefined;
  if (!lines) return null;
  const pieces: Piece[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [now, next] = [lines[i], lines[i + 1]];
    const isPair = now.removed && next?.added && now.value.length + next.value.length <= MOST_WORDS;
    if (isPair) {
      pieces.push(...diffWordsWithSpace(now.value, next.value).map(pieceOf));
      i++;
    } else pieces.push(pieceOf(now));
  }
  return pieces;
}

function pieceOf({ added, removed, value }: { added: boolean; removed: boolean; value: string }): Piece {
  return { kind: added ? 'added' : removed ? 'removed' : 'same', text: value };
}

/** Whether the texts are equal. */
export function isSame(pieces: readonly Piece[]): boolean {
  return pieces.every(({ kind }) => kind === 'same');
}
