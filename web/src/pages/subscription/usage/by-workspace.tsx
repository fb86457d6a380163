import { Link } from "@tanstack/react-router";
import table from "../../../parts/table.module.css";
import { useOrganization } from "../../../shell/organization-context";
import { subscriptionPage } from "../../../texts/en/subscription";
import { sum, type Usage } from "./series";

const page = subscriptionPage;
const words = page.usage;
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** The usage of each workspace in the period, most first. */
export function ByWorkspace({ usage: all }: { usage: Usage["byWorkspace"] }) {
  const { organization } = useOrganization();
  const usage = all.filter(({ calls }) => calls > 0);
  const total = sum(usage.map(({ credits }) => credits));
  if (usage.length === 0) return null;
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
          {usage.map(({ workspace, credits, calls, byokCalls }) => (
            <tr key={workspace.id}>
              <td data-label={words.workspace}>
                <Link
                  to="/organizations/$organizationId/workspaces/$workspaceId"
                  params={{ organizationId: organization.id, workspaceId: workspace.id }}
                >
                  <bdi>{workspace.name}</bdi>
                </Link>
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

function Value({ name, children }: { name: string; children: string }) {
  return (
    <td data-label={name} className={table.number}>
      {children}
    </td>
  );
}
