import { count } from "./count";

interface Summary {
  adds: number;
  lifts: number;
  lowers: number;
  ends: number;
  removes: number;
}

export const accessPage = {
  title: (name: string) => `Workspaces of ${name}`,
  text: "A role here counts in that workspace only.",
  workspaces: "Workspaces",
  search: "Search workspaces",
  noMatch: "No workspace matches.",
  noAccess: "No access",
  none: "No access",
  inherit: (role: string) => `${role}, by their role`,
  accessTo: (workspace: string) => `Access to ${workspace}`,
  addEnd: (workspace: string) => `End the access to ${workspace} at a time`,
  until: "until",
  untilOf: (workspace: string) => `Access to ${workspace} ends`,
  more: "Show more workspaces",
  dormant: (role: string) => `Override ${role}, without effect now`,
  merged: "Somebody else has changed these workspaces. You see the newest state with your changes on top.",
  summary: ({ adds, lifts, lowers, ends, removes }: Summary) =>
    [
      adds > 0 && `adds ${adds}`,
      lifts > 0 && `lifts ${lifts}`,
      lowers > 0 && `lowers ${lowers}`,
      ends > 0 && `changes the end of ${count(ends, "access", "accesses")}`,
      removes > 0 && `removes ${removes}`,
    ]
      .filter(Boolean)
      .join(", "),
  sameRank: "changes overrides, but no role",
  unchanged: "Nothing is changed yet.",
  save: "Save access",
  saved: (name: string) => `The workspaces of ${name} are changed.`,
  restored: (name: string) => `${name} has their previous workspaces again.`,
};
