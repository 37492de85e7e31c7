// The texts of sounds.
import { texts } from '../texts';

export const audio = texts(
  {
    audioTitle: 'Audio',
    audioShown: 'What is drawn of a sound',
    audioBoth: 'Both',
    audioWave: 'Wave',
    audioSpectrum: 'Spectrogram',
    audioLoop: 'Loop',
    audioPlay: 'Hear {run}',
    audioPause: 'Pause {run}',
    audioPosition: 'Position in {run}',
    audioMono: 'mono',
    audioChannels: '{count} channels',
    audioDownload: 'Download this sound',
    audioFailed: 'This sound cannot be played: {reason}',
    audioUnplayable: 'the browser cannot decode it.',
    audioUndrawn: 'This sound is not drawn; it can be played.',
  },
  {
    audioTitle: '音频',
    audioShown: '声音的显示方式',
    audioBoth: '两者',
    audioWave: '波形',
    audioSpectrum: '频谱',
    audioLoop: '循环',
    audioPlay: '播放 {run}',
    audioPause: '暂停 {run}',
    audioPosition: '{run} 的播放位置',
    audioMono: '单声道',
    audioChannels: '{count} 声道',
    audioDownload: '下载此音频',
    audioFailed: '无法播放该音频:{reason}',
    audioUnplayable: '浏览器无法解码。',
    audioUndrawn: '未绘制该音频,但可以播放。',
  },
);
