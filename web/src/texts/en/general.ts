export const generalPage = {};
