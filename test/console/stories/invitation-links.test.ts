import { MailRejected } from "../../../src/integrations/mail/mailer";
import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, type ConsolePerson, ConsoleWorld, run } from "../../support/console-world";

inBrowser("invitations", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  afterAll(async () => world?.stop());
  afterEach(async () => {
    world.service.mailer.failure = null;
    expect(await world.closeWindows()).toEqual([]);
  });

  async function openPending(organization: ConsoleOrganization) {
    const path = `/organizations/${organization.id}/members?tab=invitations`;
    return await world.window(organization.owner, path);
  }

  /** An invitation, with the path of its link. */
  async function invited(
    organization: ConsoleOrganization,
    person: ConsolePerson,
    role = "DEVELOPER",
    workspaces: object[] = [],
  ) {
    const id = await world.invite(organization, person.email, role, workspaces);
    return { id, path: `/invitations/${await world.service.tokenFor(person.email)}` };
  }

  test("the refresh icon counts down and sends a new mail, and the X asks for confirmation in place", async () => {
    const acme = await world.organization("Icons");
    await world.invite(acme, "ada@icons.example.com", "VIEWER");
    const { page, ...window } = await openPending(acme);
    const resend = page.getByRole("button", { name: "Send the invitation to ada@icons.example.com again" });
    await resend.focus();
    await page
      .getByRole("tooltip")
      .getByText(/It can be sent again in \d+ seconds?\./)
      .waitFor();
    expect(await resend.getAttribute("aria-disabled")).toBe("true");
    await page.getByText(/^\d+ s$/).waitFor();
    await world.sql("UPDATE invitation SET queued_at = now() - interval '1 hour' WHERE organization_id = $1", acme.id);
    await page.reload();
    const mails = () => world.service.mailer.sent.filter(({ to }) => to === "ada@icons.example.com").length;
    await resend.and(page.locator(":not([aria-disabled=true])")).click();
    await page.getByText(/^\d+ s$/).waitFor();
    while (mails() < 2) await new Promise((resolve) => setImmediate(resolve));
    await page.getByRole("button", { name: "Cancel the invitation to ada@icons.example.com" }).click();
    await page.getByRole("button", { name: "Keep" }).click();
    const cancel = page.getByRole("button", { name: "Cancel the invitation to ada@icons.example.com" });
    await cancel.and(page.locator(":focus")).waitFor();
    await cancel.click();
    await page.getByRole("button", { name: "Cancel invitation" }).click();
    await page.getByText("No invitation is pending").waitFor();
    await page.getByRole("button", { name: "Invite members" }).and(page.locator(":focus")).waitFor();
    await page.getByRole("tab", { name: "Answered" }).click();
    await page.getByRole("row", { name: /ada@icons.example.com.*Canceled/ }).waitFor();
    expect(window.faults).toEqual([]);
  });

  test("a failed mail shows the reason; a new link is shown once, works once, and is in the log", async () => {
    const acme = await world.organization("Fails");
    const ada = await world.person("Ada Lovelace");
    world.service.mailer.failure = new MailRejected("There is no such address.");
    await world.invite(acme, ada.email, "DEVELOPER");
    const { page } = await openPending(acme);
    await page.getByRole("row", { name: new RegExp(`${ada.email}.*Failed`) }).waitFor();
    await page.getByRole("button", { name: `Make a new link for ${ada.email}` }).click();
    await page.getByRole("button", { name: "Make a new link", exact: true }).click();
    const link = await page.getByLabel("Link", { exact: true }).inputValue();
    await page.getByRole("button", { name: "Close" }).click();
    expect(await page.content()).not.toContain(link);
    const { page: theirs } = await world.window(ada, new URL(link).pathname);
    await theirs.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("tab", { name: "Active 2" }).waitFor();
    await theirs.goto(new URL(link).pathname);
    await theirs.getByText("There is nothing left to do.").or(theirs.getByText("was accepted already")).waitFor();
    const { data } = await acme.owner.ask("query($id: ID!) { organization(id: $id) { auditLog { nodes { type } } } }", {
      id: acme.id,
    });
    expect(data.organization.auditLog.nodes).toContainEqual({ type: "invitation.link_renewed" });
  });

  test("a pending invitation can be edited in place, and its link stays valid", async () => {
    const acme = await world.organization("Edit");
    await world.workspace(acme, "Production");
    await world.invite(acme, "ada@edit.example.com", "DEVELOPER");
    const token = await world.service.tokenFor("ada@edit.example.com");
    const { page } = await openPending(acme);
    await page.getByRole("button", { name: "Edit the invitation to ada@edit.example.com" }).click();
    await page.getByText("Viewer", { exact: true }).first().click();
    await page.getByLabel("Access to Production").selectOption("Admin");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("row", { name: /ada@edit.example.com.*Viewer.*Production as Admin/ }).waitFor();
    const { data } = await acme.owner.ask(
      "query($token: String!) { invitation(token: $token) { role workspaceNames } }",
      { token },
    );
    expect(data.invitation).toEqual({ role: "VIEWER", workspaceNames: ["Production"] });
  });

  test("a signed-out person sees the invitation, signs up with its address, accepts it and has the granted access", async () => {
    const acme = await world.organization("Door", { ownerName: "Olga Owner" });
    const production = await world.workspace(acme, "Production");
    await world.workspace(acme, "Secret");
    const email = "new.person@door.example.com";
    await world.invite(acme, email, "DEVELOPER", [{ workspaceId: production }]);
    const { page, ...window } = await world.window(null, `/invitations/${await world.service.tokenFor(email)}`);
    await page.getByRole("heading", { name: "Olga Owner invites you to join Door" }).waitFor();
    await page.getByText("Production").waitFor();
    expect(await page.getByText("n***@door.example.com").count()).toBe(1);
    expect(await page.getByText(email).count()).toBe(0);
    await page.getByRole("button", { name: "Sign in or sign up to answer" }).click();
    await page.getByLabel("Name").fill("New Person");
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByText("You join Door only if you accept.").waitFor();
    const members =
      "query($id: ID!) { organization(id: $id) { members { nodes { user { email } workspaceAccess { workspace { name } role } } } } }";
    const before = await acme.owner.ask(members, { id: acme.id });
    expect(before.data.organization.members.nodes).toHaveLength(1);
    await page.getByRole("button", { name: "Accept" }).click();
    await page.waitForURL(`**/organizations/${acme.id}/workspaces`);
    const { data } = await acme.owner.ask(members, { id: acme.id });
    expect(data.organization.members.nodes).toContainEqual({
      user: { email },
      workspaceAccess: [{ workspace: { name: "Production" }, role: "DEVELOPER" }],
    });
    expect(window.faults).toEqual([]);
  });

  test("the wrong account sees both addresses, can switch to the other account, and never joins", async () => {
    const acme = await world.organization("Wrong");
    const right = await world.person("Rita Right", { email: "rita@wrong.example.com" });
    const wrong = await world.person("Walt Wrong", { email: "walt@wrong.example.com" });
    const { path } = await invited(acme, right);
    const { page } = await world.window(wrong, path);
    await page.getByText("You are signed in as Walt Wrong (walt@wrong.example.com).").waitFor();
    await page.getByRole("status").getByText("This invitation is for r***@wrong.example.com").waitFor();
    expect(await page.getByRole("button", { name: "Accept" }).count()).toBe(0);
    await page.getByRole("button", { name: "Sign in with another account" }).click();
    await page.getByLabel("Name").fill("Rita Right");
    await page.getByLabel("E-mail").fill("rita@wrong.example.com");
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.waitForURL(`**${path}`);
    await page.getByRole("button", { name: "Accept" }).waitFor();
    const { data } = await acme.owner.ask("query($id: ID!) { organization(id: $id) { members { totalCount } } }", {
      id: acme.id,
    });
    expect(data.organization.members.totalCount).toBe(1);
  });

  test("an open page changes to canceled live, and the page of a replaced link says so", async () => {
    const acme = await world.organization("Live");
    const ada = await world.person("Ada Lovelace");
    const first = await invited(acme, ada);
    const { page } = await world.window(ada, first.path);
    await page.getByRole("button", { name: "Accept" }).waitFor();
    const input = { organizationId: acme.id, invitationId: first.id };
    await run(acme.owner, "renewInvitationLink", input, "link");
    await page.getByRole("heading", { name: "This link is not valid any more" }).waitFor();
    await page.getByRole("button", { name: "Ask for a new invitation" }).click();
    await page.getByText("Your request was sent.").waitFor();
    const bob = await world.person("Bob Babbage");
    const second = await invited(acme, bob);
    const { page: theirs } = await world.window(bob, second.path);
    await theirs.getByRole("button", { name: "Accept" }).waitFor();
    const { page: list } = await openPending(acme);
    await list.getByRole("button", { name: `Cancel the invitation to ${bob.email}` }).click();
    await list.getByRole("button", { name: "Cancel invitation" }).click();
    await theirs.getByText("Live has canceled this invitation.").waitFor();
    expect(await theirs.getByRole("button", { name: "Accept" }).count()).toBe(0);
  });

  test("expired, declined, answered, unknown, already a member and not verified each have a text and a next step", async () => {
    const acme = await world.organization("Six");
    const [ada, bob, eve] = [await world.person("Ada A"), await world.person("Bob B"), await world.person("Eve E")];
    const unverified = await world.person("Una U", { emailVerified: false });
    const steps = async (person: ConsolePerson, path: string, text: string, step: string | null) => {
      const { page } = await world.window(person, path);
      await page.getByRole("status").getByText(text).waitFor();
      if (step)
        await page
          .getByRole("button", { name: step })
          .or(page.getByRole("link", { name: step }))
          .waitFor();
      expect(await page.getByRole("button", { name: "Accept" }).count()).toBe(0);
      return page;
    };
    const { path: declined } = await invited(acme, ada);
    const { page } = await world.window(ada, declined);
    await page.getByRole("button", { name: "Decline" }).click();
    await page.getByText("You declined this invitation.").waitFor();
    const { path: accepted, id } = await invited(acme, bob);
    await run(bob, "acceptInvitation", { invitationId: id }, "member { id }");
    await steps(bob, accepted, "This invitation was accepted already.", "Open Six");
    await steps(
      eve,
      `/invitations/${"x".repeat(43)}`,
      "It is unknown, or a newer e-mail has replaced it.",
      "Ask for a new invitation",
    );
    const { path: expired, id: expiredId } = await invited(acme, eve);
    await world.sql("UPDATE invitation SET expires_at = now() - interval '1 minute' WHERE id = $1", expiredId);
    const late = await steps(eve, expired, "This invitation has expired.", "Ask for a new invitation");
    await late.getByRole("button", { name: "Ask for a new invitation" }).click();
    await late.getByText("Your request was sent.").waitFor();
    const { path: una } = await invited(acme, unverified);
    await steps(unverified, una, "Your e-mail address is not verified.", "Sign in again");
    const { path: again } = await invited(acme, ada, "VIEWER");
    await world.sql(
      "INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES (gen_random_uuid(), $1, $2, 'VIEWER', now())",
      acme.id,
      ada.id,
    );
    await steps(ada, again, "You are a member of Six already.", "Open Six");
  });
});
