export const workspacesPage = {};
