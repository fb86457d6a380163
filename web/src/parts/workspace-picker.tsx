import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { WorkspacePickerDocument } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { type Choice, Picker } from "./picker";
import { useDebounced } from "./use-debounced";

interface Props {
  organizationId: string;
  label: string;
  placeholder?: string;
  chosen: Choice | null;
  onChoose(choice: Choice | null): void;
}

/** Finds one workspace by its name. */
export function WorkspacePicker({ organizationId, ...props }: Props) {
  const [text, setText] = useState("");
  const search = useDebounced(text.trim()) || null;
  const { data, previousData, error, refetch } = useQuery(WorkspacePickerDocument, {
    variables: { organizationId, search },
    fetchPolicy: "no-cache",
  });
  const found = (error ? null : (data ?? previousData))?.organization?.workspaces.nodes ?? [];
  const choices = found.map(({ id, name, cloudProvider }) => ({
    id,
    name,
    description: texts.providers[cloudProvider],
  }));
  const reading = { error, onRetry: () => refetch() };
  return <Picker {...props} {...reading} choices={choices} onSearch={setText} />;
}
