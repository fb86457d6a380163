import { useState } from "react";
import table from "../../parts/table.module.css";
import { useOrganization } from "../../shell/organization-context";
import { membersPage } from "../../texts/en/members";
import { LastOwnerDialog } from "./last-owner-dialog";
import { MemberTableRow } from "./member-row";
import styles from "./members.module.css";
import { RemoveDialog } from "./remove-dialog";
import type { MemberRow } from "./types";

const t = membersPage;

interface Props {
  members: readonly MemberRow[];
  /** How many workspaces the organization has. Null if the viewer does not see all of them. */
  workspaces: number | null;
  /** Null: the viewer manages nobody here. */
  selected: ReadonlyMap<string, MemberRow> | null;
  onSelect(selected: ReadonlyMap<string, MemberRow>): void;
}

/** The rows, with the dialogs about a member, which stay open when others remove the last row. */
export function MemberTable({ members, workspaces, selected, onSelect }: Props) {
  const { organization } = useOrganization();
  const [removing, setRemoving] = useState<MemberRow | null>(null);
  const [lastOwner, setLastOwner] = useState<string | null>(null);
  const rows = members.map((member) => (
    <MemberTableRow
      key={member.id}
      member={member}
      isViewer={member.id === organization.viewerMember?.id}
      workspaces={workspaces}
      isSelected={selected?.has(member.id) ?? null}
      onSelect={() => selected && onSelect(toggled(selected, member))}
      onRemove={() => setRemoving(member)}
      onLastOwner={setLastOwner}
    />
  ));
  return (
    <>
      {rows.length > 0 && (
        <div className={table.frame}>
          <table className={table.table}>
            <Head members={members} selected={selected} onSelect={onSelect} />
            <tbody>{rows}</tbody>
          </table>
        </div>
      )}
      {removing && <RemoveDialog member={removing} onClose={() => setRemoving(null)} />}
      {lastOwner && <LastOwnerDialog message={lastOwner} onClose={() => setLastOwner(null)} />}
    </>
  );
}

function Head({ members, selected, onSelect }: Pick<Props, "members" | "selected" | "onSelect">) {
  const areAll = members.every(({ id }) => selected?.has(id));
  const selectAll = () => {
    const next = new Map(selected);
    for (const member of members) areAll ? next.delete(member.id) : next.set(member.id, member);
    onSelect(next);
  };
  return (
    <thead>
      <tr>
        {selected && (
          <th className={styles.box}>
            <label>
              <input type="checkbox" aria-label={t.selectAll} checked={areAll} onChange={selectAll} />
            </label>
          </th>
        )}
        <th>{t.person}</th>
        <th>{t.role}</th>
        <th>{t.workspaces}</th>
        <th>{t.joinedBy}</th>
        {selected && <th>{t.lastSeen}</th>}
        {selected && <th>{t.actions}</th>}
      </tr>
    </thead>
  );
}

function toggled(selected: ReadonlyMap<string, MemberRow>, member: MemberRow): ReadonlyMap<string, MemberRow> {
  const next = new Map(selected);
  if (!next.delete(member.id)) next.set(member.id, member);
  return next;
}
