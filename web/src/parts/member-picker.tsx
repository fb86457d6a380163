import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { MemberPickerDocument, type MemberPickerQuery, type OrganizationRole } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { type Choice, Picker } from "./picker";
import { useDebounced } from "./use-debounced";

export type PickedMember = NonNullable<MemberPickerQuery["organization"]>["members"]["nodes"][number];

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
  const { data, previousData, error, refetch } = useQuery(MemberPickerDocument, {
    variables: { organizationId, search: search || null, ...(roles && { roles }) },
    fetchPolicy: "no-cache",
  });
  const members = ((error ? null : (data ?? previousData))?.organization?.members.nodes ?? []).filter(accepts);
  const choices = members.map((member) => ({
    id: idOf(member),
    name: member.user.name,
    description: [member.user.email, texts.roles[member.role]].filter(Boolean).join(" · "),
  }));
  const choose = (choice: Choice | null) =>
    onChoose(choice, members.find((member) => idOf(member) === choice?.id) ?? null);
  const reading = { error, onRetry: () => refetch() };
  return <Picker {...props} {...reading} choices={choices} onSearch={setText} onChoose={choose} />;
}
