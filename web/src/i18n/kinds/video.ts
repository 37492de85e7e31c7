// The texts of videos.
import { texts } from '../texts';

export const video = texts(
  {
    videoTitle: 'Video',
    videoOf: '{tag} of {run} at step {step}',
    videoDownload: 'Download this video',
    videoFailed: 'This video cannot be shown: {reason}',
    videoUnplayable: 'the browser cannot decode it.',
  },
  {
    videoTitle: '视频',
    videoOf: '{run} 的 {tag},步骤 {step}',
    videoDownload: '下载此视频',
    videoFailed: '无法显示该视频:{reason}',
    videoUnplayable: '浏览器无法解码。',
  },
);
