import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Label, Radio, RadioGroup, Text } from "react-aria-components";
import { type CloudProvider, WorkspacesCreateDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { ProviderMark } from "../../parts/provider-mark";
import { toast } from "../../parts/toasts";
import { type Problem as ProblemData, useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import styles from "./workspaces.module.css";

const page = texts.workspacesPage;
const PROVIDERS = ["AWS", "GCP", "AZURE"] as const;

interface Props {
  organizationId: string;
  onClose(): void;
}

export function CreateDialog({ organizationId, onClose }: Props) {
  const navigate = useNavigate();
  const [cloudProvider, setProvider] = useState<CloudProvider>("AWS");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const { send, problem, isSending } = useCommand(WorkspacesCreateDocument);
  const form = useFocusOnRefusal(problem);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { organizationId, cloudProvider, name, description: description || null };
    const result = await send({ input });
    if (!result) return;
    toast(page.createdToast(result.workspace.name));
    const params = { organizationId, workspaceId: result.workspace.id };
    await navigate({ to: "/organizations/$organizationId/workspaces/$workspaceId", params });
  };
  const field = fieldOf(problem);
  return (
    <Dialog title={page.create} isOpen onClose={onClose}>
      <form ref={form} onSubmit={(event) => void submit(event)} className={styles.form}>
        <ProviderCards value={cloudProvider} onChange={setProvider} />
        <Field
          label={texts.name}
          name="name"
          hint={page.nameHint}
          value={name}
          onChange={setName}
          problem={field === "name" ? problem?.message : null}
          autoFocus
          isRequired
        />
        <Field
          label={page.description}
          name="description"
          hint={page.descriptionHint}
          value={description}
          onChange={setDescription}
          problem={field === "description" ? problem?.message : null}
          isMultiline
        />
        {field === null && <Problem problem={problem} action={<WayOut problem={problem} />} />}
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

/** What helps at the limit: a larger plan, if the person may change it. */
function WayOut({ problem }: { problem: ProblemData | null }) {
  const { organization, may } = useOrganization();
  if (problem?.code !== "WORKSPACE_LIMIT_REACHED") return null;
  if (!may("MANAGE_BILLING")) return <p>{page.askOwner}</p>;
  return (
    <Link to="/organizations/$organizationId/subscription" params={{ organizationId: organization.id }}>
      {page.plans}
    </Link>
  );
}

function fieldOf(problem: ProblemData | null): "name" | "description" | null {
  if (problem?.code === "NAME_TAKEN") return "name";
  return (["name", "description"] as const).find((each) => problem?.path?.includes(each)) ?? null;
}

/** Moves the focus to the field that was refused. */
function useFocusOnRefusal(problem: ProblemData | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const field = fieldOf(problem);
    const control = field && form.current?.elements.namedItem(field);
    if (control instanceof HTMLElement) control.focus();
  }, [problem]);
  return form;
}
