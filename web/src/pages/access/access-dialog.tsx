import { useQuery } from "@apollo/client/react";
import { MembersRolesDocument } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Loading } from "../../parts/loading";
import { Failed } from "../../parts/page-states";
import { texts } from "../../texts/en";
import { accessPage } from "../../texts/en/access";
import type { MemberRow } from "../members/types";
import styles from "./access.module.css";
import { AccessForm } from "./access-form";

const t = accessPage;

interface Props {
  member: MemberRow;
  onClose(): void;
}

/** The workspaces of a member. Owners and Admins have all, so for them it shows the rule. */
export function AccessDialog({ member, onClose }: Props) {
  const { data, error, refetch } = useQuery(MembersRolesDocument);
  const role = data?.roles.find((each) => each.role === member.role);
  const refusal = member.workspaceAccessRefusal;
  return (
    <Dialog title={t.title(member.user.name)} isOpen isWide onClose={onClose}>
      {refusal && <Rule message={refusal.message} member={member} onClose={onClose} />}
      {!refusal && error && <Failed error={error} onRetry={() => refetch()} />}
      {!refusal && !role && !error && <Loading panels={[170]} />}
      {!refusal && role && <AccessForm member={member} inherited={role.workspaceRole} onClose={onClose} />}
    </Dialog>
  );
}

function Rule({ message, member, onClose }: Props & { message: string }) {
  return (
    <>
      <p role="status">{message}</p>
      <ul className={styles.rows} aria-label={t.workspaces}>
        {member.workspaceAccess.map(({ workspace, role, dormantOverride }) => (
          <li key={workspace.id} className={styles.row}>
            <strong dir="auto" className={styles.name}>
              {workspace.name}
            </strong>
            {dormantOverride && <span className="dim">{t.dormant(texts.workspaceRoles[dormantOverride])}</span>}
            <span className={styles.effective}>
              <Badge>{texts.workspaceRoles[role]}</Badge>
            </span>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button variant="main" autoFocus onPress={onClose}>
          {texts.close}
        </Button>
      </div>
    </>
  );
}
