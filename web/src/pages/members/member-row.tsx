import { LayoutGrid, Trash2 } from "lucide-react";
import { IconButton } from "../../parts/button";
import { Day, TimeAgo } from "../../parts/time";
import { membersPage } from "../../texts/en/members";
import { MemberRole } from "./member-role";
import styles from "./members.module.css";
import type { MemberRow } from "./types";
import { useMembersSearch } from "./use-members-search";

const t = membersPage;

interface Props {
  member: MemberRow;
  isViewer: boolean;
  /** How many workspaces there are. Null if the viewer does not see all of them. */
  workspaces: number | null;
  /** Null: the viewer manages nobody here. */
  isSelected: boolean | null;
  onSelect(): void;
  onRemove(): void;
  onLastOwner(message: string): void;
}

export function MemberTableRow(props: Props) {
  const { member, isViewer, workspaces, isSelected, onSelect, onLastOwner } = props;
  const { user } = member;
  return (
    <tr>
      {isSelected !== null && (
        <td className={styles.box}>
          <label>
            <input type="checkbox" aria-label={t.select(user.name)} checked={isSelected} onChange={onSelect} />
          </label>
        </td>
      )}
      <td>
        <div className={styles.person}>
          <strong dir="auto">{user.name}</strong>
          {isViewer && <span className={styles.you}>{t.you}</span>}
          <div className={`dim ${styles.email}`}>{user.email}</div>
        </div>
      </td>
      <td data-label={t.role}>
        <MemberRole member={member} onLastOwner={onLastOwner} />
      </td>
      <td data-label={t.workspaces}>
        <div className={styles.access}>{accessInWords(member, workspaces)}</div>
      </td>
      <td data-label={t.joinedBy}>
        <div className={styles.inviter}>
          <span className={styles.short}>
            <Day at={member.joinedAt} />
          </span>
          {member.invitedBy && <div className="dim">{t.byInviter(member.invitedBy.name)}</div>}
        </div>
      </td>
      {isSelected !== null && (
        <>
          <td data-label={t.lastSeen} className={styles.short}>
            {member.lastSeenAt ? <SeenDay at={member.lastSeenAt} /> : <NotSeen />}
          </td>
          <td>
            <RowActions {...props} />
          </td>
        </>
      )}
    </tr>
  );
}

function RowActions({ member, onRemove, onLastOwner }: Props) {
  const { change } = useMembersSearch();
  const { removalRefusal, workspaceAccessRefusal, user } = member;
  const isLastOwner = removalRefusal?.code === "LAST_OWNER";
  return (
    <div className={styles.icons}>
      <IconButton
        label={t.accessOf(user.name)}
        refusal={workspaceAccessRefusal?.code === "FORBIDDEN" ? workspaceAccessRefusal : null}
        onPress={() => change({ access: member.id })}
      >
        <LayoutGrid size={18} aria-hidden />
      </IconButton>
      <IconButton
        label={t.remove(user.name)}
        refusal={isLastOwner ? null : removalRefusal}
        isMainAction
        onPress={() => (isLastOwner ? onLastOwner(removalRefusal.message) : onRemove())}
      >
        <Trash2 size={18} aria-hidden />
      </IconButton>
    </div>
  );
}

/** A day in UTC, because hours are not known. */
function SeenDay({ at }: { at: string }) {
  const isToday = at.slice(0, 10) === new Date().toISOString().slice(0, 10);
  return isToday ? <time dateTime={at}>{t.today}</time> : <TimeAgo at={at} isWholeDay />;
}

function NotSeen() {
  return <span className="dim">{t.never}</span>;
}

function accessInWords({ workspaceAccess }: MemberRow, workspaces: number | null): string {
  if (workspaceAccess.some(({ source }) => source === "ORGANIZATION_ROLE")) return t.allWorkspaces(workspaces);
  const overrides = workspaceAccess.filter(({ source }) => source === "OVERRIDE").length;
  return t.someWorkspaces(workspaceAccess.length, workspaces, overrides);
}
