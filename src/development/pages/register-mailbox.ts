import type { FastifyInstance } from "fastify";
import type { DevelopmentMailbox } from "../../integrations/mail/development-mailbox";
import { html } from "./html";
import { page } from "./page";
import { send } from "./send";

/** Registers the pages of the mails that a production service would send. */
export function registerMailbox(http: FastifyInstance, mailbox: DevelopmentMailbox): void {
  http.get("/dev/mailbox", async (_request, reply) => {
    const rows = (await mailbox.list()).map(
      ({ id, to, subject, sentAt }) => html`<li><span class="grow"><a href="/dev/mailbox/${id}">${subject}</a>
        <small><br>to ${to}, ${sentAt.toISOString()}</small></span></li>`,
    );
    const list = rows.length > 0 ? html`<ul class="rows">${rows}</ul>` : "No mail yet: invite somebody.";
    return send(reply, page("Mailbox", html`<section>${list}</section>`));
  });
  http.get("/dev/mailbox.json", () => mailbox.list());
  http.get<{ Params: { id: string } }>("/dev/mailbox/:id", async (request, reply) => {
    const mail = await mailbox.read(request.params.id);
    if (!mail) return send(reply.code(404), page("No such mail", html``));
    const body = html`<p class="dim">to ${mail.to}</p>
<iframe sandbox="allow-top-navigation-by-user-activation allow-popups" src="/dev/mailbox/${mail.id}/html"></iframe>
<section><h2>As text</h2><pre>${mail.text}</pre></section>`;
    return send(reply, page(mail.subject, body));
  });
  http.get<{ Params: { id: string } }>("/dev/mailbox/:id/html", async (request, reply) => {
    const mail = await mailbox.read(request.params.id);
    const policy =
      "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation allow-popups";
    const content = mail?.html.replaceAll("<a href", '<a target="_top" href') ?? "";
    return reply.header("content-security-policy", policy).type("text/html; charset=utf-8").send(content);
  });
}
