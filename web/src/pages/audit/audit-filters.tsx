import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { AuditPersonDocument, AuditWorkspaceDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { MemberPicker } from "../../parts/member-picker";
import { Failed } from "../../parts/page-states";
import { Select } from "../../parts/select";
import { WorkspacePicker } from "../../parts/workspace-picker";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { auditPage } from "../../texts/en/audit";
import { nameOf } from "./actor";
import styles from "./audit.module.css";
import { choiceOf, typeOptions, typesOf } from "./event-types";
import type { AuditSearch } from "./search";

interface Props {
  search: AuditSearch;
  onChange(change: Partial<Record<keyof AuditSearch, AuditSearch[keyof AuditSearch] | undefined>>): void;
}

/** The filters of the log. The address holds them. */
export function AuditFilters({ search, onChange }: Props) {
  const { since = "", until = "" } = search;
  const isFiltered = Object.keys(search).length > 0;
  const isReversed = since !== "" && until !== "" && since > until;
  return (
    <div className={styles.filters}>
      <Select
        label={auditPage.type}
        isLabelShown
        value={choiceOf(search.types)}
        {...typeOptions(search.types)}
        onChange={(choice) => onChange({ types: typesOf(choice) })}
      />
      <PersonFilter actor={search.actor} onChange={(actor) => onChange({ actor })} />
      <WorkspaceFilter workspace={search.workspace} onChange={(workspace) => onChange({ workspace })} />
      <Field
        type="date"
        label={auditPage.since}
        value={since}
        onChange={(day) => onChange({ since: day || undefined })}
        problem={isReversed ? auditPage.badDate : null}
      />
      <Field
        type="date"
        label={auditPage.until}
        value={until}
        onChange={(day) => onChange({ until: day || undefined })}
      />
      {isFiltered && (
        <Button
          onPress={() =>
            onChange({ types: undefined, actor: undefined, workspace: undefined, since: undefined, until: undefined })
          }
        >
          {auditPage.clear}
        </Button>
      )}
    </div>
  );
}

/** The person's name comes from the log, because people who left are in it, too. */
function PersonFilter({ actor, onChange }: { actor: string | undefined; onChange(actor: string | undefined): void }) {
  const organizationId = useOrganization().organization.id;
  const { data, error, refetch } = useQuery(AuditPersonDocument, {
    variables: { organizationId, actorId: actor ?? "" },
    skip: actor === undefined,
    fetchPolicy: "no-cache",
  });
  const [picked, setPicked] = useState<{ id: string; name: string } | null>(null);
  const known = picked?.id === actor ? picked?.name : undefined;
  const [found] = data?.organization?.auditLog?.nodes ?? [];
  const name = known ?? found?.actor?.name ?? nameOf(found?.actorLabel ?? "user:");
  return (
    <div>
      <MemberPicker
        organizationId={organizationId}
        label={auditPage.person}
        placeholder={auditPage.anyone}
        chosen={actor === undefined ? null : { id: actor, name }}
        idOf={({ user }) => user.id}
        onChoose={(choice) => {
          setPicked(choice);
          onChange(choice?.id);
        }}
      />
      {error && <Failed error={error} onRetry={() => refetch()} />}
    </div>
  );
}

interface WorkspaceProps {
  workspace: string | undefined;
  onChange(workspace: string | undefined): void;
}

function WorkspaceFilter({ workspace, onChange }: WorkspaceProps) {
  const organizationId = useOrganization().organization.id;
  const {
    data: chosen,
    error,
    refetch,
  } = useQuery(AuditWorkspaceDocument, {
    variables: { workspaceId: workspace ?? "" },
    skip: workspace === undefined,
  });
  return (
    <div>
      <WorkspacePicker
        organizationId={organizationId}
        label={texts.workspace}
        placeholder={auditPage.anyWorkspace}
        // A deleted workspace stays in the log, but its name is no longer available.
        chosen={workspace === undefined ? null : { id: workspace, name: chosen?.workspace?.name ?? workspace }}
        onChoose={(choice) => onChange(choice?.id)}
      />
      {error && <Failed error={error} onRetry={() => refetch()} />}
    </div>
  );
}
