// What the cards of all kinds say whose values lie on disk: steps, waiting, and what cannot be had.
import { texts } from './texts';

export const entries = texts(
  {
    stepOf: 'Step {step}',
    stepSlider: 'Step of {tag}',
    stepCount: '{at} of {total}',
    play: 'Play',
    pause: 'Pause',
    animation: 'Animation',
    previousFrame: 'Previous frame',
    nextFrame: 'Next frame',
    frameOf: 'Frame {at} of {total}',
    frameCount: '{total} frames',
    speed: 'Speed',
    linkSteps: 'Link steps',
    entriesEmpty: 'Nothing logged yet',
    entriesFailed: 'Could not load this card.',
    entryGone: 'This value can no longer be read from its file.',
  },
  {
    stepOf: '步骤 {step}',
    stepSlider: '{tag} 的步骤',
    stepCount: '第 {at} 个,共 {total} 个',
    play: '播放',
    pause: '暂停',
    animation: '动画',
    previousFrame: '上一帧',
    nextFrame: '下一帧',
    frameOf: '第 {at} 帧,共 {total} 帧',
    frameCount: '共 {total} 帧',
    speed: '速度',
    linkSteps: '联动步骤',
    entriesEmpty: '尚未记录任何内容',
    entriesFailed: '无法加载此卡片。',
    entryGone: '已无法从文件中读取该值。',
  },
);
