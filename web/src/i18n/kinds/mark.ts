// The texts of marked moments.
import { texts } from '../texts';

export const mark = texts(
  {
    markTitle: 'Marks',
    markName: 'Mark',
    markStep: 'Step',
    markRun: 'Run',
    markDescription: 'Description',
    markTime: 'Time',
    markToCurves: 'Show the curves at this step',
    markMore: 'Show more of {count}',
    markFlags: 'Marks',
  },
  {
    markTitle: '标记',
    markName: '标记',
    markStep: '步数',
    markRun: '运行',
    markDescription: '说明',
    markTime: '时间',
    markToCurves: '查看该步的曲线',
    markMore: '再显示,剩余 {count} 个',
    markFlags: '标记',
  },
);
