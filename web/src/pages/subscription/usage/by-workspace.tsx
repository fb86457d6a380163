import { Link } from "@tanstack/react-router";
import table from "../../../parts/table.module.css";
import { useOrganization } from "../../../shell/organization-context";
import { subscriptionPage } from "../../../texts/en/subscription";
import { sum, type Usage } from "./series";

const page = subscriptionPage;
const words = page.usage;
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** The usage of each workspace in the period, the largest first, then of deleted workspaces. Shares are of the total. */
export function ByWorkspace({ usage: { byWorkspace, trendByWorkspace } }: { usage: Usage }) {
  const { organization } = useOrganization();
  const used = byWorkspace.filter(({ calls }) => calls > 0);
  const deleted = deletedIn(trendByWorkspace);
  const rows = [...used, ...(deleted.calls > 0 ? [deleted] : [])];
  const total = sum(rows.map(({ credits }) => credits));
  if (rows.length === 0) return null;
  return (
    <div className={table.frame}>
      <table className={table.table} aria-label={words.trend}>
        <thead>
          <tr>
            <th>{words.workspace}</th>
            <th className={table.number}>{words.credits}</th>
            <th className={table.number}>{words.share}</th>
            <th className={table.number}>{words.calls}</th>
            <th className={table.number}>{words.ownKeyCalls}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ workspace, credits, calls, byokCalls }) => (
            <tr key={workspace?.id ?? "deleted"}>
              <td data-label={words.workspace}>
                {workspace ? (
                  <Link
                    to="/organizations/$organizationId/workspaces/$workspaceId"
                    params={{ organizationId: organization.id, workspaceId: workspace.id }}
                  >
                    <bdi>{workspace.name}</bdi>
                  </Link>
                ) : (
                  words.deleted
                )}
              </td>
              <Value name={words.credits}>{page.credits(credits)}</Value>
              <Value name={words.share}>{PERCENT.format(total === 0 ? 0 : credits / total)}</Value>
              <Value name={words.calls}>{page.number(calls)}</Value>
              <Value name={words.ownKeyCalls}>{page.number(byokCalls)}</Value>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function deletedIn(trends: Usage["trendByWorkspace"]) {
  const points = trends.filter(({ kind }) => kind === "DELETED").flatMap((trend) => trend.points);
  return {
    workspace: null,
    credits: sum(points.map(({ credits }) => credits)),
    calls: sum(points.map(({ calls }) => calls)),
    byokCalls: sum(points.map(({ byokCalls }) => byokCalls)),
  };
}

function Value({ name, children }: { name: string; children: string }) {
  return (
    <td data-label={name} className={table.number}>
      {children}
    </td>
  );
}
