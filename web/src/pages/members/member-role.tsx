import { useQuery } from "@apollo/client/react";
import { MembersRolesDocument, MembersSetRoleDocument, type OrganizationRole } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Problem } from "../../parts/problem";
import { RoleSelect } from "../../parts/role-select";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { gainsAndLosses } from "../roles/gains";
import styles from "./members.module.css";
import type { MemberRow, RoleDescription } from "./types";

const t = membersPage;

interface Props {
  member: MemberRow;
  onLastOwner(message: string): void;
}

/** The role of a member, and the roles that the viewer can give them, each with its changes. */
export function MemberRole({ member, onLastOwner }: Props) {
  const { data } = useQuery(MembersRolesDocument);
  const { changeRole, problem } = useRoleChange(member);
  const { may } = useOrganization();
  const { name } = member.user;
  if (!may("CHANGE_MEMBER_ROLES")) return <Badge>{texts.roles[member.role]}</Badge>;
  const options = member.roleOptions.map((option) => ({
    ...option,
    description: describe(data?.roles ?? [], member.role, option.role),
  }));
  return (
    <div className={styles.role}>
      <RoleSelect
        label={t.roleOf(name)}
        value={member.role}
        options={options}
        onChange={(role) => void changeRole(role)}
        onRefused={({ code, message }) => {
          if (code !== "LAST_OWNER") return false;
          onLastOwner(message);
          return true;
        }}
      />
      <Problem problem={problem} />
    </div>
  );
}

function useRoleChange({ id: memberId, role: before, user }: MemberRow) {
  const { organization } = useOrganization();
  const { send, attempt, problem } = useCommand(MembersSetRoleDocument);
  const variablesFor = (role: OrganizationRole) => ({ input: { organizationId: organization.id, memberId, role } });
  const undo = async () => {
    const outcome = await attempt(variablesFor(before));
    if (outcome.result) toast(t.roleBack(user.name, texts.roles[before]));
    return outcome.problem;
  };
  const changeRole = async (role: OrganizationRole) => {
    if (await send(variablesFor(role))) toast(t.roleChanged(user.name, texts.roles[role]), undo);
  };
  return { changeRole, problem };
}

function describe(roles: readonly RoleDescription[], now: OrganizationRole, next: OrganizationRole): string {
  const [from, to] = [roles.find(({ role }) => role === now), roles.find(({ role }) => role === next)];
  if (!from || !to) return "";
  if (now === next) return `${to.description} ${t.roleNow}`;
  const { gains, losses } = gainsAndLosses(from, to);
  const change = [gains.length > 0 && t.gains(gains), losses.length > 0 && t.loses(losses)].filter(Boolean);
  return [to.description, ...change].join("\n");
}
