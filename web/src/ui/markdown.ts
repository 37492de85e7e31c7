// Markdown from a log -> a safe fragment of the page. The log is hostile: whatever it says, nothing of it runs or loads.
import DOMPurify from 'dompurify';
import hljs from 'highlight.js/lib/common';
import MarkdownIt from 'markdown-it';

type Maths = (source: string, display: boolean) => string;

let maths: Maths | null = null;

/** Fetches the typesetting of formulas, if a text may have some; MathML, so that no fonts are needed. */
export async function readyFor(text: string): Promise<void> {
  if (maths || !text.includes('$')) return;
  const katex = await import('katex');
  maths = (source, displayMode) =>
    katex.default.renderToString(source, {
      displayMode,
      output: 'mathml',
      throwOnError: false,
      maxExpand: 100,
    });
}

const markdown = new MarkdownIt({
  html: true,
  linkify: true,
  highlight: (code, language) => {
    const known = hljs.getLanguage(language) ? language : 'plaintext';
    return hljs.highlight(code, { language: known, ignoreIllegals: true }).value;
  },
});

/** `$…$` and `$$…$$`, as Pandoc has it: no blank inside the dollars, no digit after them. */
markdown.inline.ruler.after('escape', 'maths', (state, silent) => {
  const rest = state.src.slice(state.pos, state.posMax);
  const match = /^\$\$([^$]+)\$\$|^\$(?!\s)((?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)/.exec(rest);
  if (!match || !maths) return false;
  if (!silent) {
    const token = state.push('html_inline', '', 0);
    token.content = maths(match[1] ?? match[2], match[1] !== undefined);
  }
  state.pos += match[0].length;
  return true;
});

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node instanceof HTMLAnchorElement) {
    node.target = '_blank';
    node.rel = 'noopener noreferrer';
  }
  // A picture from elsewhere would tell its server that somebody looks; the page's rules forbid it, and so do we.
  if (node instanceof HTMLImageElement && !node.src.startsWith('data:image/')) {
    node.replaceWith(document.createTextNode(node.alt || node.getAttribute('src') || ''));
  }
});

export function render(text: string): DocumentFragment {
  return DOMPurify.sanitize(markdown.render(text), {
    USE_PROFILES: { html: true, mathMl: true },
    FORBID_TAGS: [
      'style',
      'form',
      'input',
      'button',
      'textarea',
      'select',
      'dialog',
      'video',
      'audio',
      'source',
    ],
    FORBID_ATTR: ['style', 'id', 'name', 'srcset'],
    RETURN_DOM_FRAGMENT: true,
  });
}

export function renderJson(text: string): DocumentFragment {
  const pretty = JSON.stringify(JSON.parse(text), null, 2);
  const { value } = hljs.highlight(pretty, { language: 'json' });
  return DOMPurify.sanitize(`<pre><code>${value}</code></pre>`, {
    ALLOWED_TAGS: ['pre', 'code', 'span'],
    ALLOWED_ATTR: ['class'],
    RETURN_DOM_FRAGMENT: true,
  });
}
