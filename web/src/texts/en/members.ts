export const membersPage = {};
