export const invitationPage = {};
