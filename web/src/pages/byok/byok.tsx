import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { ByokPageDocument, type ByokPageQuery } from "../../graph/generated/graphql";
import { ByokBadge } from "../../parts/byok-badge";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization, useOrganizationChanges } from "../../shell/organization-context";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";
import { KeyPanel } from "./key-panel";
import { Setup } from "./setup";
import { StatusPanel } from "./status-panel";

const page = byokPage;
const DAY_MS = 24 * 60 * 60 * 1000;

type Organization = NonNullable<ByokPageQuery["organization"]>;

/** An organization's own AWS key: its status, its setup and its care. For Owners. */
export function Byok() {
  const { organization } = useOrganization();
  const [month] = useState(lastMonth);
  const { data, error, refetch } = useQuery(ByokPageDocument, {
    variables: { organizationId: organization.id, ...month },
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  useOrganizationChanges(({ type }) => {
    if (/^(byok|subscription)\./.test(type)) refresh();
  });
  const found = data?.organization;
  return (
    <>
      <PageHead title={page.title} text={page.text}>
        {found && <ByokBadge status={found.byokStatus} />}
      </PageHead>
      {error && !found && <Failed error={error} onRetry={() => void refetch()} />}
      {!error && !found && <Loading panels={[94, 900]} />}
      {data && found && <Sections organization={found} options={data.byokOptions} onChanged={refresh} />}
    </>
  );
}

interface Props {
  organization: Organization;
  options: ByokPageQuery["byokOptions"];
  onChanged(): void;
}

function Sections({ organization, options, onChanged }: Props) {
  const { byokStatus, byokConfig, subscription } = organization;
  const form = useSetupForm();
  const mayUse = subscription?.plan.byok ?? false;
  // A mail about such a key leads to this step.
  const needsKey = !byokConfig || byokStatus === "EXPIRED" || byokStatus === "FAILING";
  const isShown = needsKey || form.isOpen;
  return (
    <div className={styles.sections}>
      <StatusPanel organization={organization} />
      {byokConfig && (
        <KeyPanel
          organizationId={organization.id}
          config={byokConfig}
          models={options.models}
          replacement={isShown ? null : form.open}
          onChanged={onChanged}
        />
      )}
      {mayUse && isShown && (
        <Setup
          key={form.generation}
          organizationId={organization.id}
          options={options}
          current={byokConfig ?? null}
          onInput={form.open}
          onSaved={() => {
            form.close();
            onChanged();
          }}
          onCancel={needsKey ? null : form.close}
        />
      )}
    </div>
  );
}

/** The form stays open once somebody has typed in it, whatever others do with the key. Each closing empties it. */
function useSetupForm() {
  const [state, setState] = useState({ isOpen: false, generation: 0 });
  return {
    ...state,
    open: () => setState((before) => ({ ...before, isOpen: true })),
    close: () => setState(({ generation }) => ({ isOpen: false, generation: generation + 1 })),
  };
}

function lastMonth(): { from: string; to: string } {
  const now = Date.now();
  return { from: new Date(now - 29 * DAY_MS).toISOString(), to: new Date(now).toISOString() };
}
