// Tries regular expressions apart from the page, which can end this worker.
import { findTags } from './matching';

onmessage = ({ data: [expressions, tags] }: MessageEvent<[string[], string[]]>) => {
  postMessage(findTags(expressions, tags));
};
postMessage('ready');
