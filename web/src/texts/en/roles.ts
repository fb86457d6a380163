export const rolesPage = {};
