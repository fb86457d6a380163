import { useQuery } from "@apollo/client/react";
import { useDeferredValue, useState } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { type OrganizationRole, OwnershipMembersDocument } from "../../graph/generated/graphql";
import { Field } from "../../parts/field";
import { Loading } from "../../parts/loading";
import { Failed } from "../../parts/page-states";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { ownershipTexts } from "../../texts/en/ownership";
import styles from "./ownership.module.css";

export interface PickedMember {
  id: string;
  name: string;
  role: OrganizationRole;
}

interface Props {
  picked: PickedMember | null;
  onPick(member: PickedMember): void;
}

/** Finds one of the members who are not Owners, by name or address. */
export function MemberChoice({ picked, onPick }: Props) {
  const { organization } = useOrganization();
  const [search, setSearch] = useState("");
  const deferred = useDeferredValue(search.trim());
  const { data, previousData, error, refetch } = useQuery(OwnershipMembersDocument, {
    variables: { organizationId: organization.id, search: deferred || null },
    fetchPolicy: "cache-and-network",
  });
  const members = (data ?? previousData)?.organization?.members;
  return (
    <>
      <Field label={texts.searchMembers} type="search" value={search} onChange={setSearch} autoFocus />
      {error && <Failed error={error} onRetry={() => refetch()} />}
      {!members && !error && <Loading panels={[240]} />}
      {members && (
        <ListBox
          aria-label={texts.membersTitle}
          items={members.edges.map(({ node }) => node)}
          selectionMode="single"
          selectedKeys={picked ? [picked.id] : []}
          onSelectionChange={(keys) => {
            const node = members.edges.find((edge) => (keys as Set<string>).has(edge.node.id))?.node;
            if (node) onPick({ id: node.id, name: node.user.name, role: node.role });
          }}
          renderEmptyState={() => (
            <p className="dim">{deferred ? ownershipTexts.noMemberFound : ownershipTexts.noOtherMember}</p>
          )}
          className={styles.picker}
        >
          {({ user, role }) => (
            <ListBoxItem textValue={user.name} className={styles.option}>
              <span dir="auto">{user.name}</span>
              <span className="dim">
                {texts.roles[role]} {user.email}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      )}
      {members && members.totalCount > members.edges.length && (
        <p className="dim">{ownershipTexts.searchForMore(members.totalCount - members.edges.length)}</p>
      )}
    </>
  );
}
