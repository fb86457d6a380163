import { useState } from "react";
import type { OrganizationRole } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { BulkDialog } from "./bulk-dialog";
import { GiveWorkspaceDialog } from "./give-workspace-dialog";
import styles from "./members.module.css";
import { ROLES } from "./search";
import type { MemberRow } from "./types";
import type { BulkChange } from "./use-bulk";

const t = membersPage;

interface Props {
  selected: ReadonlyMap<string, MemberRow>;
  onChange(selected: ReadonlyMap<string, MemberRow>): void;
}

/** The actions on the selected members. */
export function BulkBar({ selected, onChange }: Props) {
  const { may } = useOrganization();
  const [role, setRole] = useState<OrganizationRole>("DEVELOPER");
  const [change, setChange] = useState<BulkChange | null>(null);
  const [isGiving, setGiving] = useState(false);
  return (
    <section className={styles.bulk} aria-label={t.selected(selected.size)}>
      <strong role="status">{t.selected(selected.size)}</strong>
      {may("CHANGE_MEMBER_ROLES") && (
        <>
          <label>
            {t.changeRoleTo}{" "}
            <select
              value={role}
              onChange={({ target }) => setRole(ROLES.find((each) => each === target.value) ?? role)}
            >
              {ROLES.map((each) => (
                <option key={each} value={each}>
                  {texts.roles[each]}
                </option>
              ))}
            </select>
          </label>
          <Button onPress={() => setChange({ is: "role", role })}>{t.bulkChange}</Button>
        </>
      )}
      {may("ACCESS_ALL_WORKSPACES") && <Button onPress={() => setGiving(true)}>{t.giveWorkspace}</Button>}
      {may("INVITE_AND_REMOVE_MEMBERS") && (
        <Button variant="danger" onPress={() => setChange({ is: "remove" })}>
          {t.removeShort}
        </Button>
      )}
      <Button onPress={() => onChange(new Map())}>{t.clearSelection}</Button>
      {isGiving && (
        <GiveWorkspaceDialog
          onClose={() => setGiving(false)}
          onChoose={(chosen) => {
            setGiving(false);
            setChange(chosen);
          }}
        />
      )}
      {change && (
        <BulkDialog
          change={change}
          members={[...selected.values()]}
          onClose={(remaining) => {
            setChange(null);
            onChange(new Map(remaining.map((member) => [member.id, member])));
          }}
        />
      )}
    </section>
  );
}
