export const accessPage = {};
