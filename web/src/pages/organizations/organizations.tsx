import { useMutation, useQuery } from "@apollo/client/react";
import { Link, useNavigate } from "@tanstack/react-router";
import { Building2, Users } from "lucide-react";
import { type FormEvent, useState } from "react";
import { NewOrganizationDocument, ViewerDocument, type ViewerQuery } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Loading } from "../../parts/page-states";
import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";
import styles from "./organizations.module.css";

type Membership = NonNullable<ViewerQuery["viewer"]["memberships"]>[number];
type Workspace = Membership["organization"]["workspaces"]["nodes"][number];

/** All organizations of the viewer with their workspaces. */
export function Organizations() {
  useTitle(texts.organizations);
  const { data } = useQuery(ViewerDocument);
  const [search, setSearch] = useState("");
  const [isCreating, setCreating] = useState(false);
  if (!data) return <Loading />;
  const found = (data.viewer.memberships ?? []).filter(({ organization }) => matches(organization, search));
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1>{texts.organizations}</h1>
          <p className="dim">{texts.organizationsText}</p>
        </div>
        <Button variant="main" onPress={() => setCreating(true)}>
          {texts.newOrganization}
        </Button>
      </div>
      <Field label={texts.search} value={search} onChange={setSearch} />
      {found.length === 0 && <p>{texts.nothingFound}</p>}
      {found.map((membership) => (
        <OrganizationCard key={membership.id} membership={membership} search={search} />
      ))}
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function OrganizationCard({ membership, search }: { membership: Membership; search: string }) {
  const { organization, role } = membership;
  const { workspaces } = organization;
  const shown = includes(organization.name, search)
    ? workspaces.nodes
    : workspaces.nodes.filter(({ name }) => includes(name, search));
  return (
    <section className={styles.organization} aria-label={organization.name}>
      <header className={styles.title}>
        <Building2 size={20} aria-hidden />
        <h2>{organization.name}</h2>
        <span className={styles.badge}>{texts.roles[role]}</span>
        <span className="dim">{texts.workspaces(workspaces.totalCount)}</span>
        <Link
          className={styles.members}
          to="/organizations/$organizationId/members"
          params={{ organizationId: organization.id }}
        >
          <Users size={16} aria-hidden /> {texts.members(organization.members.totalCount)}
        </Link>
      </header>
      <ul className={styles.workspaces}>
        {shown.map((workspace) => (
          <WorkspaceCard key={workspace.id} workspace={workspace} />
        ))}
      </ul>
    </section>
  );
}

function WorkspaceCard({ workspace }: { workspace: Workspace }) {
  return (
    <li className={styles.workspace}>
      <div className={styles.title}>
        <strong>{workspace.name}</strong>
        <span className={styles.badge}>{texts.providers[workspace.cloudProvider]}</span>
      </div>
      <p className="dim">{workspace.description || <em>{texts.noDescription}</em>}</p>
      <p className="dim">{texts.members(workspace.memberCount)}</p>
    </li>
  );
}

function CreateDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [create, { loading }] = useMutation(NewOrganizationDocument, { refetchQueries: [ViewerDocument] });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await create({ variables: { input: { name } }, errorPolicy: "all" });
    const result = data?.createOrganization;
    if (result?.__typename !== "CreateOrganizationSuccess")
      return setProblem(result?.message ?? error?.message ?? null);
    const params = { organizationId: result.organization.id };
    await navigate({ to: "/organizations/$organizationId/members", params });
  };
  return (
    <Dialog title={texts.newOrganization} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <Field label={texts.name} value={name} onChange={setName} problem={problem} autoFocus isRequired />
        <div className={styles.actions}>
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" isPending={loading}>
            {texts.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function matches({ name, workspaces }: Membership["organization"], search: string): boolean {
  return includes(name, search) || workspaces.nodes.some((workspace) => includes(workspace.name, search));
}

function includes(name: string, search: string): boolean {
  return name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase());
}
