import { useQuery } from "@apollo/client/react";
import { GeneralDocument, type GeneralQuery } from "../../graph/generated/graphql";
import { CopyButton } from "../../parts/copy-button";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { Day } from "../../parts/time";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization } from "../../shell/organization-context";
import { useMemberChanges } from "../../shell/use-member-changes";
import { generalPage } from "../../texts/en/general";
import { Deleting } from "./deleting";
import { DetailsForm } from "./details-form";
import styles from "./general.module.css";
import { Leaving } from "./leaving";
import { Ownership } from "./ownership";

export type GeneralOrganization = NonNullable<GeneralQuery["organization"]>;

/** The organization's name and description, its ownership, and how to leave or delete it. */
export function General() {
  const { organization } = useOrganization();
  const { data, previousData, error, refetch } = useQuery(GeneralDocument, {
    variables: { organizationId: organization.id },
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  const general = (data ?? previousData)?.organization;
  return (
    <>
      <PageHead title={generalPage.title} text={organization.name} />
      <DetailsForm />
      {error && !general && <Failed error={error} onRetry={() => void refetch()} />}
      {!general && !error && <Loading panels={[56, 210, 142, 142]} />}
      {general && <Sections organization={general} onMembersChanged={refresh} />}
    </>
  );
}

interface SectionsProps {
  organization: GeneralOrganization;
  onMembersChanged(): void;
}

function Sections({ organization, onMembersChanged }: SectionsProps) {
  useMemberChanges(organization, onMembersChanged);
  return (
    <>
      <dl className={styles.details}>
        <div>
          <dt>{generalPage.id}</dt>
          <dd>
            <code>{organization.id}</code>
            <CopyButton label={generalPage.copyId} text={organization.id} />
          </dd>
        </div>
        <div>
          <dt>{generalPage.created}</dt>
          <dd>
            <Day at={organization.createdAt} />
          </dd>
        </div>
      </dl>
      <Ownership organization={organization} />
      <Leaving organization={organization} />
      <Deleting organization={organization} />
    </>
  );
}
