export const reviewsPage = {};
