// The kinds that nearly every logdir has: their code is part of the page, so that no first chart waits for it.
import { scalar } from './scalar';
import type { Kind } from './types';

export const USUAL: readonly Kind[] = [scalar];
