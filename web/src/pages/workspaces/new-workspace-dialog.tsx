import { type NavigateOptions, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Label, Radio, RadioGroup, Text } from "react-aria-components";
import {
  type CloudProvider,
  type ViewerOrganizationFragment,
  WorkspacesCreateDocument,
} from "../../graph/generated/graphql";
import { CreateDialog, type Created } from "../../parts/create-dialog";
import { ProviderMark } from "../../parts/provider-mark";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { workspacesPage } from "../../texts/en/workspaces";
import styles from "./workspaces.module.css";

const page = workspacesPage;
const PROVIDERS = ["AWS", "GCP", "AZURE"] as const;

interface Props {
  organization: Pick<ViewerOrganizationFragment, "id" | "viewerPermissions">;
  title: string;
  onClose(): void;
}

/** Creates a workspace and opens its page. */
export function NewWorkspaceDialog({ organization, title, onClose }: Props) {
  const navigate = useNavigate();
  const [cloudProvider, setProvider] = useState<CloudProvider>("AWS");
  const { send, problem, isSending } = useCommand(WorkspacesCreateDocument);
  const open = useWhileShown((place: NavigateOptions) => {
    onClose();
    return navigate(place);
  });
  const organizationId = organization.id;
  const create = async (created: Created) => {
    const result = await send({ input: { organizationId, cloudProvider, ...created } });
    if (!result) return;
    toast(page.createdToast(result.workspace.name));
    const params = { organizationId, workspaceId: result.workspace.id };
    open({ to: "/organizations/$organizationId/workspaces/$workspaceId", params });
  };
  return (
    <CreateDialog
      title={title}
      nameHint={page.nameHint}
      descriptionHint={page.descriptionHint}
      problem={problem}
      isSending={isSending}
      organization={organization}
      onCreate={(created) => void create(created)}
      onClose={onClose}
    >
      <ProviderCards value={cloudProvider} onChange={setProvider} />
    </CreateDialog>
  );
}

function ProviderCards({ value, onChange }: { value: CloudProvider; onChange(provider: CloudProvider): void }) {
  return (
    <RadioGroup
      className={styles.providers}
      value={value}
      onChange={(chosen) => onChange(PROVIDERS.find((each) => each === chosen) ?? value)}
    >
      <Label className={styles.legend}>{page.provides}</Label>
      <div className={styles.cards}>
        {PROVIDERS.map((provider) => (
          <Radio key={provider} value={provider} className={styles.card}>
            <ProviderMark provider={provider} />
            <small className="dim">{page.providerTexts[provider]}</small>
          </Radio>
        ))}
      </div>
      <Text slot="description" className="dim">
        {page.providerHint}
      </Text>
    </RadioGroup>
  );
}
