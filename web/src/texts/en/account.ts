export const accountPage = {};
