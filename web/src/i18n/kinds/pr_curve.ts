// The texts of precision-recall curves.
import { texts } from '../texts';

export const prCurve = texts(
  {
    prCurveTitle: 'PR curves',
    prCurveView: 'Curves',
    prCurvePr: 'Precision–recall',
    prCurveRoc: 'ROC',
    prCurveLevels: 'Guide lines',
    prCurvePrecision: 'Precision',
    prCurveRecall: 'Recall',
    prCurveTrueRate: 'True positive rate',
    prCurveFalseRate: 'False positive rate',
    prCurveThreshold: 'Threshold',
    prCurveAreas: 'Areas under the curves',
    prCurveLabel: 'Curves of {tag}, {runs} runs',
    prCurveApHelp:
      'Average precision: the sum of (recall − recall before) × precision, highest threshold first',
    prCurveAreaHelp: 'Area under straight lines between the points of the precision–recall curve',
    prCurveRocHelp: 'Area under straight lines between the points of the ROC curve',
  },
  {
    prCurveTitle: 'PR 曲线',
    prCurveView: '曲线',
    prCurvePr: '精确率–召回率',
    prCurveRoc: 'ROC',
    prCurveLevels: '参考线',
    prCurvePrecision: '精确率',
    prCurveRecall: '召回率',
    prCurveTrueRate: '真阳性率',
    prCurveFalseRate: '假阳性率',
    prCurveThreshold: '阈值',
    prCurveAreas: '曲线下面积',
    prCurveLabel: '{tag} 的曲线,{runs} 个运行',
    prCurveApHelp: '平均精确率:从最高阈值起,(召回率 − 前一召回率) × 精确率 之和',
    prCurveAreaHelp: '精确率–召回率曲线各点以直线相连后的曲线下面积',
    prCurveRocHelp: 'ROC 曲线各点以直线相连后的曲线下面积',
  },
);
