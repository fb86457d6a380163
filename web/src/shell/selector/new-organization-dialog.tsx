import { useApolloClient } from "@apollo/client/react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { NewOrganizationDocument, ViewerDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { useCommand } from "../../parts/use-command";
import { texts } from "../../texts/en";
import { addMembership } from "../apply-viewer-events";
import styles from "./new-organization-dialog.module.css";

export function NewOrganizationDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const { cache } = useApolloClient();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const { send, problem, isSending } = useCommand(NewOrganizationDocument);
  const field = problem?.path?.at(-1);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await send({ input: { name, ...(description && { description }) } });
    if (!result) return;
    const { id: organizationId, viewerMember } = result.organization;
    const viewer = cache.readQuery({ query: ViewerDocument })?.viewer;
    if (viewer && viewerMember) addMembership(cache, viewer.id, viewerMember.id);
    onClose();
    await navigate({ to: "/organizations/$organizationId/members", params: { organizationId } });
  };
  return (
    <Dialog title={texts.newOrganization} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <Field
          label={texts.name}
          hint={texts.organizationsPage.nameHint}
          value={name}
          onChange={setName}
          problem={field === "name" ? problem?.message : null}
          autoFocus
          isRequired
        />
        <Field
          label={texts.organizationsPage.description}
          value={description}
          onChange={setDescription}
          problem={field === "description" ? problem?.message : null}
          isMultiline
        />
        <Problem problem={field === "name" || field === "description" ? null : problem} />
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" isPending={isSending}>
            {texts.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
