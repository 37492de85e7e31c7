// The texts of workspaces.
import { texts } from './texts';

export const workspaces = texts(
  {
    workspaces: 'Workspaces',
    workspacesHelp: 'Filters, ticks, pins, zooms, axes and layouts under a name; the link is short.',
    noWorkspace: 'There is no workspace “{name}”.',
    saveViewAs: 'Save this view as',
    saveWorkspace: 'Save',
    saveChanges: 'Save changes to “{name}”',
    openWorkspace: 'Open {name}',
    renameWorkspace: 'Rename {name}',
    removeWorkspace: 'Remove {name}',
    linkToWorkspace: 'Copy the link to {name}',
    leaveWorkspace: 'Leave it',
    savedWorkspace: 'Saved “{name}”',
    renamedWorkspace: 'Renamed “{name}”',
    removedWorkspace: 'Removed “{name}”',
    changedLayout: 'Changed the layout',
  },
  {
    workspaces: '工作区',
    workspacesHelp: '以名称保存筛选、勾选、置顶、缩放、坐标轴和布局,链接简短。',
    noWorkspace: '没有名为“{name}”的工作区。',
    saveViewAs: '将当前视图另存为',
    saveWorkspace: '保存',
    saveChanges: '保存更改到“{name}”',
    openWorkspace: '打开 {name}',
    renameWorkspace: '重命名 {name}',
    removeWorkspace: '移除 {name}',
    linkToWorkspace: '复制 {name} 的链接',
    leaveWorkspace: '离开',
    savedWorkspace: '已保存“{name}”',
    renamedWorkspace: '已重命名“{name}”',
    removedWorkspace: '已移除“{name}”',
    changedLayout: '已更改布局',
  },
);
