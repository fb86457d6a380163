import { count } from "./count";

export const errorPages = {
  forbidden: "This page is not open to you",
  roleLacks: (role: string, organization: string, permission: string) =>
    `You are ${role} of ${organization}. This role may not ${permission}.`,
  whoCan: "Who can open it",
  andMore: (number: number) => `and ${count(number, "more person", "more people")}`,
  toGeneral: (organization: string) => `General settings of ${organization}`,
  noLonger: (name: string) => (name ? `You no longer have access to ${name}` : "You no longer have access"),
  noLongerText: "Your access has ended. If that is a mistake, ask an Owner or Admin of the organization.",
  removedText: "You were removed from the organization. If that is a mistake, ask one of its Owners or Admins.",
  leftText: "You left the organization. To come back, you need a new invitation.",
  deleted: (name: string) => (name ? `${name} was deleted` : "The organization was deleted"),
  deletedText: "Its Owners can restore it within 30 days from their list of organizations.",
};
