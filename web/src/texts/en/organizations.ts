export const organizationsPage = {};
