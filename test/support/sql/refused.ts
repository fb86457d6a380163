/** Statements that Citus refuses. None may be added. */
export const REFUSED: readonly string[] = [
  "access-review-item-pages",
  "access-review-items-by-findings",
  "delete-old-former-members",
  "found-members",
  "found-membersByLastSeen",
  "found-membersByName",
  "found-membersByRole",
  "pages-of-roles-of-members",
  "pages-of-roles-of-membersByLastSeen",
  "pages-of-roles-of-membersByName",
  "pages-of-roles-of-membersByRole",
  "undecided-access-review-item-pages",
  "undecided-access-review-items-by-findings",
  "write-last-seen",
];
