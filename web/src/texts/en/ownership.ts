import { count } from "./count";

export const ownershipTexts = {
  transfer: "Transfer ownership",
  transferQuestion: (organization: string) => `Transfer ${organization}`,
  transferConsequence: (name: string) => `${name} becomes an Owner. You become an Admin.`,
  transferred: (name: string) => `${name} is an Owner now. You are an Admin.`,
  makeOwner: "Make another Owner",
  makeOwnerConfirm: "Make Owner",
  makeOwnerConsequence: (name: string) => `${name} becomes an Owner, with the same rights as you. You stay an Owner.`,
  madeOwner: (name: string) => `${name} is an Owner now.`,
  chooseFirst: "Choose a member first.",
  noMemberFound: "No member matches your search.",
  noOtherMember: "There is no other member yet. Invite somebody first.",
  searchForMore: (number: number) => `${count(number, "more member", "more members")}: search to find them.`,
};
