import { Badge } from "../../parts/badge";
import { Day, TimeAgo } from "../../parts/time";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { InvitationActions } from "./invitation-actions";
import styles from "./members.module.css";
import type { InvitationRow } from "./types";

const t = membersPage;
const DELIVERY_TONES = { QUEUED: "neutral", SENT: "good", FAILED: "bad" } as const;
const STATUS_TONES = {
  PENDING: "neutral",
  ACCEPTED: "good",
  DECLINED: "warn",
  CANCELED: "neutral",
  EXPIRED: "warn",
} as const;

interface Props {
  invitation: InvitationRow;
  onOpen(dialog: "edit" | "link"): void;
}

export function InvitationTableRow({ invitation, onOpen }: Props) {
  return (
    <tr>
      <Address invitation={invitation} />
      <td data-label={t.role} className={styles.short}>
        {texts.roles[invitation.role]}
      </td>
      <Workspaces invitation={invitation} />
      <td data-label={t.delivery}>
        <div>
          <Badge tone={DELIVERY_TONES[invitation.delivery]}>{texts.delivery[invitation.delivery]}</Badge>
          {invitation.deliveryProblem && <div className={styles.failure}>{invitation.deliveryProblem}</div>}
        </div>
      </td>
      <td data-label={t.expires} className={styles.short}>
        <TimeAgo at={invitation.expiresAt} />
      </td>
      <td>
        <InvitationActions invitation={invitation} onOpen={onOpen} />
      </td>
    </tr>
  );
}

export function AnsweredRow({ invitation }: { invitation: InvitationRow }) {
  return (
    <tr>
      <Address invitation={invitation} />
      <td data-label={t.role} className={styles.short}>
        {texts.roles[invitation.role]}
      </td>
      <Workspaces invitation={invitation} />
      <td data-label={t.status}>
        <Badge tone={STATUS_TONES[invitation.status]}>{texts.statuses[invitation.status]}</Badge>
      </td>
      <td data-label={t.answered}>
        <Day at={invitation.respondedAt ?? invitation.expiresAt} />
      </td>
    </tr>
  );
}

function Address({ invitation: { email, invitedBy } }: { invitation: InvitationRow }) {
  return (
    <td>
      <div className={`${styles.person} ${styles.address}`}>
        <strong>{email}</strong>
        {invitedBy && <div className="dim">{t.invitedBy(invitedBy.name)}</div>}
      </div>
    </td>
  );
}

function Workspaces({ invitation: { role, workspaceGrants } }: { invitation: InvitationRow }) {
  return (
    <td data-label={t.workspaces}>
      {role === "ADMIN" ? (
        t.everyWorkspace
      ) : workspaceGrants.length === 0 ? (
        <span className="dim">{t.noWorkspaces}</span>
      ) : (
        <ul className={styles.grants}>
          {workspaceGrants.map(({ workspaceId, workspaceName, roleOverride, expiresAt }) => (
            <li key={workspaceId}>
              <span dir="auto">{workspaceName}</span>
              {roleOverride && <span className="dim"> {t.asRole(texts.workspaceRoles[roleOverride])}</span>}
              {expiresAt && (
                <span className="dim">
                  {" "}
                  {t.untilDay} <Day at={expiresAt} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </td>
  );
}
