export const invitePage = {};
