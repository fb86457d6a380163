import { Check, Minus } from "lucide-react";
import { rolesPage } from "../../texts/en/roles";
import type { RoleDescription } from "../members/types";
import styles from "./roles.module.css";

const t = rolesPage;

/** The permissions of each role, from the service. */
export function Matrix({ roles }: { roles: readonly RoleDescription[] }) {
  const own = union(roles.map(({ permissions }) => permissions));
  const inWorkspaces = union(roles.map(({ workspacePermissions }) => workspacePermissions));
  return (
    <section className={styles.frame} aria-label={t.matrix}>
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">{t.permission}</th>
            {roles.map(({ role, name }) => (
              <th key={role} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <Group title={t.inOrganization} span={roles.length + 1}>
          {own.map((each) => (
            <Row key={each} label={t.permissions[each]} marks={roles.map((role) => role.permissions.includes(each))} />
          ))}
        </Group>
        <Group title={t.inWorkspaces} span={roles.length + 1}>
          {inWorkspaces.map((each) => (
            <Row
              key={each}
              label={t.workspacePermissions[each]}
              marks={roles.map((role) => role.workspacePermissions.includes(each))}
            />
          ))}
        </Group>
      </table>
    </section>
  );
}

function Group({ title, span, children }: { title: string; span: number; children: React.ReactNode }) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={span} className={styles.group}>
          {title}
        </th>
      </tr>
      {children}
    </tbody>
  );
}

function Row({ label, marks }: { label: string; marks: readonly boolean[] }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {marks.map((isAllowed, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns are the roles, in a fixed order
        <td key={column} className={isAllowed ? styles.yes : styles.no}>
          {isAllowed ? <Check size={18} aria-hidden /> : <Minus size={18} aria-hidden />}
          <span className="unseen">{isAllowed ? t.yes : t.no}</span>
        </td>
      ))}
    </tr>
  );
}

function union<Item>(lists: ReadonlyArray<readonly Item[]>): Item[] {
  return [...new Set(lists.flat())];
}
