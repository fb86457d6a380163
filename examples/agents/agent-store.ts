import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { OrganizationEvent } from "./event-follower";

export interface Agent {
  id: string;
  name: string;
  workspace: { id: string };
}

interface State {
  cursor: string | null;
  deletedWorkspaces: string[];
}

const NAMES = ["Cost watcher", "Incident responder"];

/**
 * The agents. Every workspace has the same two until it is deleted. The cursor is stored together with what its events
 * have changed: after a crash the same events come again, and deleting twice does no harm.
 */
export class AgentStore {
  private readonly deleted: Set<string>;
  /** The cursor after which to resume; null before the first event. */
  cursor: string | null;

  /** `file`: null to keep the state in memory only. */
  constructor(private readonly file: string | null) {
    const stored: State | null = file && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
    this.deleted = new Set(stored?.deletedWorkspaces);
    this.cursor = stored?.cursor ?? null;
  }

  agentsOf(workspaceId: string): Agent[] {
    if (this.deleted.has(workspaceId)) return [];
    return NAMES.map((name, index) => ({ id: `${workspaceId}.${index}`, name, workspace: { id: workspaceId } }));
  }

  find(id: string): Agent | null {
    return this.agentsOf(id.split(".")[0] ?? "").find((agent) => agent.id === id) ?? null;
  }

  /**
   * Deletes a workspace's agents when the workspace is deleted. It keeps them when the organization is deleted, because
   * that can be undone for 30 days.
   */
  onEvent({ type, workspaceId, cursor }: OrganizationEvent): void {
    this.cursor = cursor;
    if (type !== "workspace.deleted" || workspaceId === null) return;
    this.deleted.add(workspaceId);
    this.save();
  }

  /** Call it from time to time and at the end, so that a restart has little to read again. */
  save(): void {
    if (this.file === null) return;
    const state: State = { cursor: this.cursor, deletedWorkspaces: [...this.deleted] };
    writeFileSync(`${this.file}.new`, JSON.stringify(state));
    renameSync(`${this.file}.new`, this.file);
  }
}
