export const receivedPage = {};
