import type { Page } from "playwright-core";
import type { ConsolePerson } from "./console-world";

/** The rules whose results depend on the theme. */
export const COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

const FOUNDER = "demo-olivia";
const PLACES = `{ viewer { memberships { organization {
  id name workspaces { nodes { id name } } accessReviews { nodes { id } }
} } } }`;

/** The founder of the demo's organizations. */
export const DEMO_FOUNDER = ["Olivia Bennett", { id: FOUNDER, email: "olivia.bennett@northwind.example" }] as const;

/** The pages of the demo's larger organization and the pages without an organization, by name. */
export async function everyPage({ ask }: ConsolePerson): Promise<Array<[name: string, path: string]>> {
  const { data } = await ask(PLACES);
  const organizations = data.viewer.memberships.map((each: { organization: unknown }) => each.organization);
  const demo = organizations.find(({ name }: { name: string }) => name === "Northwind Robotics");
  const at = `/organizations/${demo.id}`;
  return [
    ["Organizations", "/organizations?view=sidebar"],
    ["Organizations, as a grid", "/organizations?view=grid"],
    ["General", `${at}/general`],
    ["Members", `${at}/members`],
    ["Invitations", `${at}/members?tab=invitations`],
    ["Answered invitations", `${at}/members?tab=answered`],
    ["Removed members", `${at}/members?tab=removed`],
    ["Roles", `${at}/roles`],
    ["Workspaces", `${at}/workspaces`],
    ["Workspace", `${at}/workspaces/${demo.workspaces.nodes[0].id}`],
    ["Subscription", `${at}/subscription`],
    ["BYOK", `${at}/byok`],
    ["Audit log", `${at}/audit`],
    ["Access reviews", `${at}/reviews`],
    ["Access review", `${at}/reviews/${demo.accessReviews.nodes[0].id}`],
    ["Received invitations", "/invitations"],
    ["Invitation link", "/invitations/unknown"],
    ["Account", "/account"],
    ["Not found", "/organizations/01900000-0000-7000-8000-000000000000/general"],
  ];
}

/** Waits for a title, and until nothing is loading. */
export async function loaded(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.body.textContent?.includes("Loading…"));
}

/** Runs in the page: elements with content to scroll to sideways, other than text that is typed or copied. */
export function widerThanTheirPlace(): string[] {
  return [...document.querySelectorAll("body *:not(input, textarea, select, pre)")]
    .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1)
    .map((each) => `${each.tagName} ${each.className}`);
}
