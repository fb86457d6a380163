export const workspacePage = {};
