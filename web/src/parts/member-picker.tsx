import { useQuery } from "@apollo/client/react";
import { useEffect, useState } from "react";
import {
  MemberPickerDocument,
  type MemberPickerQuery,
  type MemberPickerQueryVariables,
  type OrganizationRole,
} from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { type Choice, Picker } from "./picker";
import { useDebounced } from "./use-debounced";

export type PickedMember = NonNullable<MemberPickerQuery["organization"]>["members"]["nodes"][number];

/** The picker reads pages until it can offer this many members. */
const ENOUGH = 20;
/** The picker reads at most this many members. A search by name finds the others. */
const MOST_READ = 1_000;

interface Props {
  organizationId: string;
  label: string;
  placeholder?: string;
  roles?: OrganizationRole[];
  chosen: Choice | null;
  /** The id by which a member is chosen. */
  idOf(member: PickedMember): string;
  accepts?(member: PickedMember): boolean;
  onChoose(choice: Choice | null, member: PickedMember | null): void;
}

/** Finds one member by name or address. */
export function MemberPicker({ organizationId, roles, idOf, accepts = () => true, onChoose, ...props }: Props) {
  const [text, setText] = useState("");
  const search = useDebounced(text.trim());
  const { members, isReading, error, refetch } = useMembers(
    { organizationId, search: search || null, ...(roles && { roles }) },
    accepts,
  );
  const choices = members.map((member) => ({
    id: idOf(member),
    name: member.user.name,
    description: [member.user.email, texts.roles[member.role]].filter(Boolean).join(" · "),
  }));
  const choose = (choice: Choice | null) =>
    onChoose(choice, members.find((member) => idOf(member) === choice?.id) ?? null);
  const reading = { error, isReading, onRetry: () => refetch() };
  return <Picker {...props} {...reading} choices={choices} onSearch={setText} onChoose={choose} />;
}

/** The members that can be chosen. Those of the first page may all be refused, so it reads on. */
function useMembers(variables: MemberPickerQueryVariables, accepts: (member: PickedMember) => boolean) {
  const { data, previousData, error, refetch, fetchMore } = useQuery(MemberPickerDocument, {
    variables,
    fetchPolicy: "no-cache",
  });
  const [failure, setFailure] = useState<unknown>(null);
  const list = (data ?? previousData)?.organization?.members;
  const members = list?.nodes.filter(accepts) ?? [];
  const { hasNextPage, endCursor } = data?.organization?.members.pageInfo ?? {};
  const isShort = members.length < ENOUGH && (list?.nodes.length ?? 0) < MOST_READ;
  const after = isShort && hasNextPage ? endCursor : null;
  useEffect(() => {
    if (!after) return;
    fetchMore({ variables: { after }, updateQuery: appended }).then(() => setFailure(null), setFailure);
  }, [after, fetchMore]);
  const problem = error ?? failure;
  return { members: problem ? [] : members, isReading: !data || Boolean(after), error: problem, refetch };
}

function appended(before: MemberPickerQuery, { fetchMoreResult }: { fetchMoreResult: MemberPickerQuery }) {
  const next = fetchMoreResult.organization;
  if (!before.organization || !next) return before;
  const nodes = [...before.organization.members.nodes, ...next.members.nodes];
  return { ...before, organization: { ...before.organization, members: { ...next.members, nodes } } };
}
