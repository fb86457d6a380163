import { count } from "./count";

const names = (list: readonly string[]) => new Intl.ListFormat("en").format(list);

export const invitePage = {
  title: "Invite members",
  addresses: "E-mail addresses",
  entered: "Entered addresses",
  placeholder: "ada@example.com, grace@…",
  hint: "Type or paste addresses, with or without names, separated by commas or lines.",
  counter: (number: number, most: number) =>
    number <= most ? `${number} of ${most}` : count(number, "address", "addresses"),
  batches: (number: number) => `They are sent in ${count(number, "batch", "batches")} of up to ten.`,
  fromFile: "Read a CSV file",
  removeChip: (text: string) => `Remove ${text}`,
  nobody: "Enter at least one e-mail address.",
  role: "Role",
  may: (list: readonly string[]) => `May ${names(list)}.`,
  workspaces: "Workspaces",
  everyWorkspace: "Admins have every workspace, by role.",
  seats: "Seats",
  seatsAfter: "Seats after sending",
  taken: "taken",
  added: "added",
  fits: (number: number) =>
    number === 0
      ? "The plan has no free seat."
      : `The plan has seats for ${count(number, "more person", "more people")}.`,
  send: "Send invitations",
  invited: (number: number) => count(number, "person invited", "people invited"),
  outcomes: "What became of each address",
  more: "Invite more",
  toMember: "Show the member",
  resend: "Resend",
  gone: "It has already been answered",
  states: {
    ready: "Waiting",
    sending: "Sending",
    invited: "Invited",
    ALREADY_A_MEMBER: "Already a member",
    ALREADY_INVITED: "Already invited",
    INVALID_EMAIL: "Not an address",
    DUPLICATE: "Entered twice",
  },
};
