import { Link } from "@tanstack/react-router";
import { Settings, Trash2, Users } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import {
  OrganizationsDeleteWorkspaceDocument,
  type ViewerOrganizationFragment,
  type ViewerWorkspaceFragment,
} from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { IconButton } from "../../parts/button";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { ProviderMark } from "../../parts/provider-mark";
import { RoleBadge } from "../../parts/role-badge";
import { Day } from "../../parts/time";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { lastPlace } from "../../shell/last-place";
import { texts } from "../../texts/en";
import { organizationsPage } from "../../texts/en/organizations";
import styles from "./organizations.module.css";

interface Props {
  workspace: ViewerWorkspaceFragment;
  organization: ViewerOrganizationFragment;
}

export function WorkspaceCard({ workspace, organization }: Props) {
  const [isDeleting, setDeleting] = useState(false);
  const last = useSyncExternalStore(lastPlace.subscribe, lastPlace.current);
  const { name, description, cloudProvider, viewerRole, memberCount, createdAt, deletionRefusal } = workspace;
  const params = { organizationId: organization.id, workspaceId: workspace.id };
  const isCurrent = last?.workspaceId === workspace.id;
  return (
    <li className={styles.workspace}>
      <div className={styles.cardHead}>
        <Link to="/organizations/$organizationId/workspaces/$workspaceId" params={params} className={styles.cardName}>
          <span dir="auto">{name}</span>
        </Link>
        {isCurrent && <Badge tone="good">{organizationsPage.current}</Badge>}
        <ProviderMark provider={cloudProvider} />
      </div>
      <p className={styles.description} dir="auto">
        {description || <em className="dim">{texts.noDescription}</em>}
      </p>
      <div className={styles.details}>
        {viewerRole && <RoleBadge role={viewerRole} />}
        <span className={styles.fact}>
          <Users size={15} aria-hidden />
          {organizationsPage.manageMembers(memberCount)}
        </span>
        <span>
          {organizationsPage.created} <Day at={createdAt} />
        </span>
      </div>
      <div className={styles.cardActions}>
        <Link
          to="/organizations/$organizationId/workspaces/$workspaceId"
          params={params}
          className={styles.cardLink}
          aria-label={organizationsPage.settingsOf(name)}
        >
          <Settings size={15} aria-hidden />
          {organizationsPage.settings}
        </Link>
        <IconButton
          label={organizationsPage.deleteOf(name)}
          refusal={deletionRefusal}
          onPress={() => setDeleting(true)}
        >
          <Trash2 size={16} aria-hidden />
        </IconButton>
      </div>
      {isDeleting && <DeleteDialog workspace={workspace} {...params} onClose={() => setDeleting(false)} />}
    </li>
  );
}

interface DeleteProps {
  workspace: ViewerWorkspaceFragment;
  organizationId: string;
  workspaceId: string;
  onClose(): void;
}

function DeleteDialog({ workspace: { name }, organizationId, workspaceId, onClose }: DeleteProps) {
  const { send, problem, isSending } = useCommand(OrganizationsDeleteWorkspaceDocument);
  const close = useWhileShown(onClose);
  const input = { organizationId, workspaceId };
  const confirm = async () => {
    if (!(await send({ input }))) return;
    close();
    toast(organizationsPage.deleted(name));
  };
  return (
    <ConfirmDialog
      title={organizationsPage.deleteQuestion(name)}
      confirm={organizationsPage.delete}
      mutation={{ deleteWorkspace: input }}
      problem={problem}
      isSending={isSending}
      isDangerous
      onConfirm={() => void confirm()}
      onClose={onClose}
    />
  );
}
