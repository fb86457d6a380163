export const selectorPage = {};
