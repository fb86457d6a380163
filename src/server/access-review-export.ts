import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { Context, type ContextDependencies } from "../context";
import { evidenceCsv, evidenceJson } from "../domain/access-evidence";
import { assertPermission, assertSignedIn } from "../domain/authorization";
import { Denied, notFound } from "../domain/denial";
import type { Log } from "../log";
import { completionEvent } from "../store/events/completion-event";
import { evidenceItems } from "../store/views/access-review-items";
import type { AccessReviewView } from "../store/views/access-reviews";
import type { FairShare } from "./caller/fair-share";
import { retryAfter, statusOf } from "./graphql/error-status";
import { formatError } from "./graphql/format-error";
import type { InFlight } from "./operations/in-flight";

/** HTTP statuses for codes that a GraphQL response sends with status 200. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = { BAD_USER_INPUT: 400, FORBIDDEN: 403, NOT_FOUND: 404 };

interface Options {
  contextDependencies: ContextDependencies;
  share: FairShare;
  inFlight: InFlight;
  log: Log;
}

interface Params {
  organizationId: string;
  file: string;
}

/**
 * Serves the evidence of an access review as a file, to viewers who may read the review in the graph, with the same
 * errors. A review has a limited number of members, so the file is built in memory.
 */
export const accessReviewExport = fastifyPlugin<Options>(
  async (http, { contextDependencies, share, inFlight, log }) => {
    http.get<{ Params: Params }>("/organizations/:organizationId/access-reviews/:file", {
      config: { isTraced: true },
      onRequest: (_request, reply, done) => {
        inFlight.enter(reply.raw);
        done();
      },
      handler: async (request, reply) => {
        reply.header("cache-control", "no-store");
        try {
          await request.signIn();
          const { caller } = request;
          const turn = { viewer: caller.viewer, startsStream: false, isWanted: () => !reply.raw.destroyed };
          const file = await share.run(turn, () => {
            // Its deadline begins with its turn.
            const context = new Context(contextDependencies, { ...caller, onStalled: null }, request.span);
            return context.deadline.limit(readFile(context, request.params));
          });
          return sendFile(reply, file);
        } catch (error) {
          return sendError(reply, error, log);
        }
      },
    });
  },
);

interface ExportedFile {
  name: string;
  type: string;
  text: string;
  evidenceHash: string | null;
}

async function readFile(context: Context, { organizationId, file }: Params): Promise<ExportedFile> {
  const [, reviewId = "", format] = /^([^.]*)\.(csv|json)$/.exec(file) ?? [];
  const { loaders, services, viewer } = context;
  assertSignedIn(viewer);
  const organization = await loaders.organization.load(organizationId);
  if (!organization) throw notFound("organization");
  assertPermission(organization.viewerMember?.role, "REVIEW_ACCESS");
  const review = await loaders.accessReview.load(reviewId);
  if (review?.organizationId !== organization.id || format === undefined) throw notFound("access review");
  const items = await evidenceItems(services.database, review);
  const { evidenceHash } = review;
  const name = `access-review-${review.id}.${format}`;
  if (format === "csv")
    return { name, type: "text/csv; charset=utf-8", text: evidenceCsv(review, items), evidenceHash };
  const text = await withLog(context, review, evidenceJson(review, items));
  return { name, type: "application/json; charset=utf-8", text, evidenceHash };
}

/** The evidence, with the event that holds its hash, and all data from which that event's own hash is computed. */
async function withLog({ services }: Context, review: AccessReviewView, evidence: string): Promise<string> {
  const completed = await completionEvent(services.database, review);
  return `{"evidence":${evidence},"log":${JSON.stringify(completed)}}`;
}

function sendFile(reply: FastifyReply, { name, type, text, evidenceHash }: ExportedFile): FastifyReply {
  const digest = createHash("sha256").update(text).digest("base64");
  reply.headers({
    "content-type": type,
    "content-disposition": `attachment; filename="${name}"`,
    "content-digest": `sha-256=:${digest}:`,
    "x-content-type-options": "nosniff",
  });
  if (evidenceHash) reply.header("evidence-hash", evidenceHash);
  return reply.send(text);
}

function sendError(reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const formatted = formatError({ message: "" }, error, log, reply.request.id);
  const code = error instanceof Denied ? error.extensions.code : null;
  const status = code === null ? 500 : (statusOf(code) ?? STATUS_OF_CODE[code] ?? 400);
  const wait = retryAfter([formatted]);
  if (wait) reply.header("retry-after", wait);
  return reply.code(status).send({ errors: [formatted] });
}
