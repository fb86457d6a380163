import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  AuditLogDocument,
  type AuditLogQuery,
  type AuditRowFragment,
  AuditWorkspaceNamesDocument,
  type AuditWorkspaceNamesQuery,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { csvOf, saveFile } from "../../parts/csv";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { auditPage } from "../../texts/en/audit";
import { labelOfField } from "./field-labels";
import type { AuditFilter } from "./filters";

/** Saves all entries that match the filters as CSV, newest first. */
export function AuditExport({ filter }: { filter: AuditFilter }) {
  const client = useApolloClient();
  const [done, setDone] = useState<number | null>(null);
  const [isFailed, setFailed] = useState(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const save = async () => {
    const controller = new AbortController();
    running.current = controller;
    setFailed(false);
    setDone(0);
    try {
      const rows = await readAll(client, filter, controller.signal, setDone);
      const names = await readWorkspaceNames(client, filter);
      controller.signal.throwIfAborted();
      const lines = rows.map((row) => lineOf(row, names));
      saveFile(`audit-log-${filter.organizationId}.csv`, csvOf([auditPage.columns, ...lines]));
      toast(auditPage.exported(rows.length));
    } catch {
      setFailed(!controller.signal.aborted);
    }
    setDone(null);
  };
  return (
    <>
      {done === null ? (
        <Button onPress={() => void save()}>
          <Download size={16} aria-hidden />
          {auditPage.export}
        </Button>
      ) : (
        <>
          <span role="status" className="dim">
            {auditPage.exporting(done)}
          </span>
          <Button onPress={() => running.current?.abort()}>{auditPage.stopExport}</Button>
        </>
      )}
      <Problem problem={isFailed ? { message: auditPage.exportFailed } : null} />
    </>
  );
}

async function readAll(
  client: ApolloClient,
  filter: AuditFilter,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<AuditRowFragment[]> {
  const rows: AuditRowFragment[] = [];
  let after: string | null = null;
  do {
    const page: Page = await readPage(client, filter, after);
    signal.throwIfAborted();
    rows.push(...page.edges.map(({ node }) => node));
    onProgress(rows.length);
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return rows;
}

type Page = NonNullable<NonNullable<AuditLogQuery["organization"]>["auditLog"]>;

async function readPage(client: ApolloClient, filter: AuditFilter, after: string | null): Promise<Page> {
  const variables = { ...filter, first: 100, after };
  const { data } = await client.query({ query: AuditLogDocument, variables, fetchPolicy: "no-cache" });
  const page = data?.organization?.auditLog;
  if (!page) throw new Error("The log is not visible any more.");
  return page;
}

/** The names of the existing workspaces. The log of a deleted one has its id only. */
async function readWorkspaceNames(client: ApolloClient, { organizationId }: AuditFilter) {
  const names = new Map<string, string>();
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: WorkspacePage = await readWorkspaces(client, organizationId, after);
    for (const { id, name } of nodes) names.set(id, name);
    after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return names;
}

type WorkspacePage = NonNullable<AuditWorkspaceNamesQuery["organization"]>["workspaces"];

async function readWorkspaces(
  client: ApolloClient,
  organizationId: AuditFilter["organizationId"],
  after: string | null,
) {
  const variables = { organizationId, after };
  const { data } = await client.query({ query: AuditWorkspaceNamesDocument, variables, fetchPolicy: "no-cache" });
  if (!data?.organization) throw new Error("The organization is not visible any more.");
  return data.organization.workspaces;
}

function lineOf(row: AuditRowFragment, names: ReadonlyMap<string, string>) {
  const { sequence, occurredAt, type, actor, actorLabel, workspaceId, summary, changes, hash } = row;
  const fields = changes.map(
    ({ field, before, after }) => `${labelOfField(field, (id) => names.get(id))}: ${before ?? "–"} → ${after ?? "–"}`,
  );
  const place = [workspaceId && names.get(workspaceId), workspaceId];
  return [sequence, occurredAt, type, actor?.name ?? actorLabel, ...place, summary, fields.join("; "), hash];
}
