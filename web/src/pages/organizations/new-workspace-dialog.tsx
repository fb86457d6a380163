import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import {
  type CloudProvider,
  OrganizationsCreateWorkspaceDocument,
  type ViewerOrganizationFragment,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { ProviderMark } from "../../parts/provider-mark";
import { useCommand } from "../../parts/use-command";
import { texts } from "../../texts/en";
import styles from "./new-workspace-dialog.module.css";

const PROVIDERS: readonly CloudProvider[] = ["AWS", "GCP", "AZURE"];

interface Props {
  organization: Pick<ViewerOrganizationFragment, "id" | "name">;
  onClose(): void;
}

export function NewWorkspaceDialog({ organization: { id: organizationId, name: organization }, onClose }: Props) {
  const navigate = useNavigate();
  const [cloudProvider, setProvider] = useState<CloudProvider>("AWS");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const { send, problem, isSending } = useCommand(OrganizationsCreateWorkspaceDocument);
  const field = problem?.code === "NAME_TAKEN" ? "name" : problem?.path?.at(-1);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await send({ input: { organizationId, cloudProvider, name, ...(description && { description }) } });
    if (!result) return;
    onClose();
    const params = { organizationId, workspaceId: result.workspace.id };
    await navigate({ to: "/organizations/$organizationId/workspaces/$workspaceId", params });
  };
  return (
    <Dialog title={texts.organizationsPage.newWorkspaceIn(organization)} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <RadioGroup
          aria-label={texts.organizationsPage.provider}
          value={cloudProvider}
          onChange={(value) => setProvider(PROVIDERS.find((each) => each === value) ?? "AWS")}
          className={styles.providers}
        >
          {PROVIDERS.map((each) => (
            <Radio key={each} value={each} className={styles.provider}>
              <ProviderMark provider={each} />
            </Radio>
          ))}
        </RadioGroup>
        <p className="dim">{texts.organizationsPage.providerHint}</p>
        <Field
          label={texts.name}
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
