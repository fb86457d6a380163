export const subscriptionPage = {};
