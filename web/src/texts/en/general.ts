import { count } from "./count";

export const generalPage = {
  title: "General",
  nameHint: "The name of your team or company.",
  descriptionHint: "Its purpose and main use.",
  counter: (used: number, limit: number) => `${used} of ${limit} characters`,
  save: "Save",
  saved: "Saved.",
  discard: "Discard",
  nothingChanged: "Nothing has changed.",
  readOnly: "Owners and Admins can change this.",
  theirs: (field: string, text: string) =>
    text === ""
      ? `Somebody removed the ${field.toLowerCase()} meanwhile. Yours stays here until you save or discard it.`
      : `Somebody changed the ${field.toLowerCase()} to “${text}” meanwhile. Yours stays here until you save or discard it.`,
  takeTheirs: "Take theirs",
  id: "ID",
  copyId: "Copy the ID",
  created: "Created",
  ownership: "Ownership",
  owners: (number: number) => `${count(number, "Owner has", "Owners have")} full control, including billing.`,
  personalTransfer: "Once it is transferred, this is no longer your personal organization.",
  onlyOwnersTransfer: "Only Owners can transfer ownership.",
  leaveTitle: "Leave",
  leave: "Leave the organization",
  leaveText: "You lose access at once, also to all its workspaces.",
  leaveQuestion: (organization: string) => `Leave ${organization}?`,
  leaveConsequence: "You lose access at once, also to all its workspaces. To come back, you need a new invitation.",
  left: (organization: string) => `You left ${organization}.`,
  deleteTitle: "Delete",
  delete: "Delete the organization",
  deleteText: "Everybody loses access at once. Owners can restore it for 30 days.",
  onlyOwnersDelete: "Only Owners can delete the organization.",
  deleteQuestion: (organization: string) => `Delete ${organization}?`,
  loseAccess: (members: number, workspaces: number) =>
    `${count(members, "member loses", "members lose")} access to ${count(workspaces, "workspace", "workspaces")} at once.`,
  linksEnd: "Pending invitations cannot be accepted any more.",
  restorable: "For 30 days its Owners can restore it with everything in it. After that it is gone for good.",
  typeName: (name: string) => `Type “${name}” to confirm`,
  typeNameFirst: "Type the organization's name first.",
  deleted: (organization: string) => `${organization} was deleted. It can be restored for 30 days.`,
};
