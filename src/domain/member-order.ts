/** The orders in which members are listed. */
export const MemberOrder = { JOINED: "JOINED", NAME: "NAME", ROLE: "ROLE", LAST_SEEN: "LAST_SEEN" } as const;
export type MemberOrder = (typeof MemberOrder)[keyof typeof MemberOrder];
