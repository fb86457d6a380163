export const byokPage = {};
