// What the cards of all kinds say whose values lie on disk: steps, waiting, and what cannot be had.
import { texts } from './texts';

export const entries = texts(
  {
    stepOf: 'Step {step}',
    stepSlider: 'Step of {tag}',
    stepCount: '{at} of {total}',
    oneStep: '1 step',
    play: 'Play',
    pause: 'Pause',
    previousStep: 'Previous step',
    nextStep: 'Next step',
    newestStep: 'Follow the newest step',
    linkSteps: 'Link steps',
    linkStepsHelp: 'One slider moves all cards',
    entriesEmpty: 'Nothing logged yet',
    entriesFailed: 'Could not load this card.',
    entryGone: 'This value can no longer be read from its file.',
  },
  {
    stepOf: '步骤 {step}',
    stepSlider: '{tag} 的步骤',
    stepCount: '第 {at} 个,共 {total} 个',
    oneStep: '1 个步骤',
    play: '播放',
    pause: '暂停',
    previousStep: '上一步',
    nextStep: '下一步',
    newestStep: '跟随最新步骤',
    linkSteps: '联动步骤',
    linkStepsHelp: '一个滑块带动所有卡片',
    entriesEmpty: '尚未记录任何内容',
    entriesFailed: '无法加载此卡片。',
    entryGone: '已无法从文件中读取该值。',
  },
);
