import { count } from "./count";

export const workspacesPage = {
  text: "A workspace has its own agents, connections and knowledge bases, on one cloud provider.",
  create: "New workspace",
  limit: "Workspaces",
  search: "Search workspaces",
  list: "Workspaces",
  name: "Workspace",
  provider: "Provider",
  role: "Your role",
  members: "People",
  created: "Created",
  isDefault: "Default",
  provides: "Cloud provider",
  providerHint: "It cannot be changed later.",
  providerTexts: {
    AWS: "Amazon Web Services",
    GCP: "Google Cloud Platform",
    AZURE: "Microsoft Azure",
  },
  nameHint: "Unique in the organization, such as “Production” or the name of a team.",
  descriptionHint: "What it is for. Optional.",
  createdToast: (name: string) => `Workspace “${name}” was created`,
  none: "No workspace is assigned to you",
  noneText:
    "Developers and Viewers see the workspaces that are assigned to them. Ask an Owner or Admin of this organization for access.",
  noneFound: "No workspace matches your search.",
  found: (number: number) => count(number, "workspace", "workspaces"),
};
