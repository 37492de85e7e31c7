// The texts of meshes.
import { texts } from '../texts';

export const mesh = texts(
  {
    meshTitle: 'Meshes',
    meshLinkCameras: 'Link cameras',
    meshWireframe: 'Wireframe',
    meshPointSize: 'Point size',
    meshReset: 'Reset all cameras',
    meshBatch: 'Which mesh of the batch',
    meshOf: '{tag} of {run} at step {step}',
    meshPoints: '{points} points',
    meshFaces: '{points} vertices, {faces} faces',
    meshUncoloured: 'without its colours',
    meshFailed: 'This mesh cannot be shown: {reason}',
    meshNoWebGl: 'this browser has no WebGL.',
    meshHelp: 'Drag to turn, with Shift to move; scroll to zoom; double click to reset',
  },
  {
    meshTitle: '网格',
    meshLinkCameras: '联动相机',
    meshWireframe: '线框',
    meshPointSize: '点大小',
    meshReset: '重置所有相机',
    meshBatch: '批次中的网格',
    meshOf: '{run} 的 {tag},步骤 {step}',
    meshPoints: '{points} 个点',
    meshFaces: '{points} 个顶点,{faces} 个面',
    meshUncoloured: '未使用其颜色',
    meshFailed: '无法显示该网格:{reason}',
    meshNoWebGl: '此浏览器不支持 WebGL。',
    meshHelp: '拖动旋转,按住 Shift 拖动平移,滚动缩放,双击重置',
  },
);
