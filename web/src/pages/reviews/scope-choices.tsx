import { useState } from "react";
import { Checkbox, CheckboxGroup, Label, Text } from "react-aria-components";
import type { OrganizationRole } from "../../graph/generated/graphql";
import { MoreButton } from "../../parts/more-button";
import { Failed } from "../../parts/page-states";
import { SearchBox } from "../../parts/search-box";
import { texts } from "../../texts/en";
import { accessPage } from "../../texts/en/access";
import { reviewsPage } from "../../texts/en/reviews";
import { useWorkspaces } from "../access/use-workspaces";
import styles from "./reviews.module.css";

const page = reviewsPage;
const ROLES: readonly OrganizationRole[] = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"];

interface RoleProps {
  roles: OrganizationRole[];
  onChange(roles: OrganizationRole[]): void;
}

export function RoleChoice({ roles, onChange }: RoleProps) {
  return (
    <CheckboxGroup
      className={styles.group}
      value={roles}
      onChange={(chosen) => onChange(ROLES.filter((role) => chosen.includes(role)))}
    >
      <Label>{page.roles}</Label>
      <div className={styles.choices}>
        {ROLES.map((role) => (
          <Check key={role} value={role} label={texts.roles[role]} />
        ))}
      </div>
      <Text slot="description" className="dim">
        {page.rolesHint}
      </Text>
    </CheckboxGroup>
  );
}

interface WorkspaceProps {
  organizationId: string;
  ids: string[];
  onChange(ids: string[]): void;
}

/** Chosen workspaces stay in the list during a search. */
export function WorkspaceChoice({ organizationId, ids, onChange }: WorkspaceProps) {
  const { workspaces, search, setSearch, isSearched, isSearchable, ...reading } = useWorkspaces(organizationId);
  const { error, retry, more } = reading;
  const [chosen, setChosen] = useState<ReadonlyArray<{ id: string; name: string }>>([]);
  const found = workspaces ?? [];
  const others = chosen.filter(({ id }) => found.every((each) => each.id !== id));
  const change = (next: string[]) => {
    const known = [...chosen, ...found];
    setChosen(next.flatMap((id) => known.find((each) => each.id === id) ?? []));
    onChange(next);
  };
  return (
    <CheckboxGroup className={styles.group} value={ids} onChange={change}>
      <Label>{page.workspaces}</Label>
      {isSearchable && <SearchBox label={accessPage.search} value={search} onChange={setSearch} />}
      <div className={styles.choices}>
        {[...others, ...found].map(({ id, name }) => (
          <Check key={id} value={id} label={name} />
        ))}
      </div>
      {error && <Failed error={error} onRetry={retry} />}
      {isSearched && !error && found.length === 0 && <p role="status">{accessPage.noMatch}</p>}
      {more && (
        <div>
          <MoreButton label={accessPage.more} {...more} />
        </div>
      )}
      <Text slot="description" className="dim">
        {page.workspacesHint}
      </Text>
    </CheckboxGroup>
  );
}

function Check({ value, label }: { value: string; label: string }) {
  return (
    <Checkbox value={value} className={styles.check}>
      <span className={styles.box} aria-hidden />
      <span dir="auto">{label}</span>
    </Checkbox>
  );
}
