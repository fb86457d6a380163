export const auditPage = {};
