import type { FastifyReply } from "fastify";
import type { Page } from "./page";

/** Sends a page with its content security policy. */
export function send(reply: FastifyReply, { html, policy }: Page) {
  return reply.header("content-security-policy", policy).type("text/html; charset=utf-8").send(html);
}
