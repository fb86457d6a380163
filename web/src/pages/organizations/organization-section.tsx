import { Link } from "@tanstack/react-router";
import { Lock, Plus } from "lucide-react";
import { useState } from "react";
import type { ViewerMembershipFragment } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { RoleBadge } from "../../parts/role-badge";
import { OrganizationLinks } from "../../shell/organization-links";
import type { FoundOrganization } from "../../shell/use-found-workspaces";
import { texts } from "../../texts/en";
import { organizationsPage } from "../../texts/en/organizations";
import { NewWorkspaceDialog } from "../workspaces/new-workspace-dialog";
import styles from "./organizations.module.css";
import { useOrganizationLive } from "./use-organizations-live";
import { WorkspaceCard } from "./workspace-card";

interface Props {
  /** The organization with those of its workspaces that match the search. */
  found: FoundOrganization;
  /** The position of the snapshot in the organization's events; undefined until it is read. */
  eventCursor: string | undefined;
}

/** One organization: the viewer's role, links to its settings, and its workspaces. */
export function OrganizationSection({ found, eventCursor }: Props) {
  const { organization, role } = found.membership;
  const { name, description, workspaces, members, isPersonal, workspaceCreationRefusal } = organization;
  const [isCreating, setCreating] = useState(false);
  useOrganizationLive(organization.id, eventCursor);
  return (
    <section className={styles.organization} aria-label={name}>
      <header className={styles.title}>
        <h2 dir="auto">{name}</h2>
        <RoleBadge role={role} />
        {isPersonal && <Badge>{organizationsPage.personal}</Badge>}
        <span className="dim">{organizationsPage.counts(members.totalCount, workspaces.totalCount)}</span>
      </header>
      {description && (
        <p className="dim" dir="auto">
          {description}
        </p>
      )}
      <div className={styles.links}>
        <OrganizationLinks organization={organization} />
        <NewWorkspace refusal={workspaceCreationRefusal} onPress={() => setCreating(true)} />
      </div>
      <LimitReached organization={organization} />
      <ul className={styles.workspaces}>
        {found.workspaces.map((workspace) => (
          <WorkspaceCard key={workspace.id} workspace={workspace} organization={organization} />
        ))}
      </ul>
      {workspaces.totalCount === 0 && <p className="dim">{organizationsPage.noAccess}</p>}
      {found.more > 0 && (
        <p>
          <Link to="/organizations/$organizationId/workspaces" params={{ organizationId: organization.id }}>
            {organizationsPage.moreWorkspaces(found.more)}
          </Link>
        </p>
      )}
      {isCreating && (
        <NewWorkspaceDialog
          organization={organization}
          title={organizationsPage.newWorkspaceIn(name)}
          onClose={() => setCreating(false)}
        />
      )}
    </section>
  );
}

type Organization = ViewerMembershipFragment["organization"];

function NewWorkspace({ refusal, onPress }: { refusal: Organization["workspaceCreationRefusal"]; onPress(): void }) {
  return (
    <Button refusal={refusal} onPress={onPress}>
      {refusal ? <Lock size={16} aria-hidden /> : <Plus size={16} aria-hidden />}
      {organizationsPage.newWorkspace}
    </Button>
  );
}

/** Why there is no room for another workspace, and a link to larger plans. */
function LimitReached({
  organization: { id, workspaceCreationRefusal, viewerPermissions },
}: {
  organization: Organization;
}) {
  if (workspaceCreationRefusal?.code !== "WORKSPACE_LIMIT_REACHED") return null;
  return (
    <p className={styles.limit}>
      {workspaceCreationRefusal.message}{" "}
      {viewerPermissions.includes("MANAGE_BILLING") && (
        <Link to="/organizations/$organizationId/subscription" params={{ organizationId: id }}>
          {texts.nextSteps.plans}
        </Link>
      )}
    </p>
  );
}
