import { commands } from "../../../src/commands";
import type { Viewer } from "../../../src/domain/viewer";
import { writeCursor } from "../../../src/store/page";
import type { Actor, TestOrganization, World } from "../../support/world";
import { WorldStream } from "./world-stream";

const FIELDS = "cursor type workspaceId summary organization { name }";

/** An organization with two workspaces, a Developer in the first of them, and streams of its changes. */
export class FollowedOrganization {
  private readonly streams: WorldStream[] = [];

  private constructor(
    readonly acme: TestOrganization,
    readonly alpha: string,
    readonly beta: string,
    readonly developer: Actor,
  ) {}

  static async create(world: World): Promise<FollowedOrganization> {
    const acme = await world.organization();
    const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
    return new FollowedOrganization(acme, alpha, beta, await acme.member("DEVELOPER", [alpha]));
  }

  follow(viewer: Viewer, after?: string): Promise<WorldStream> {
    return this.open(viewer, "organizationChanged", FIELDS, after);
  }

  /** Follows the new entries of the audit log. */
  followLog(viewer: Viewer, after?: string): Promise<WorldStream> {
    return this.open(viewer, "auditLogChanged", "cursor sequence", after);
  }

  async close(): Promise<void> {
    for (const stream of this.streams.splice(0)) await stream.close();
  }

  cursorAt(sequence: number): string {
    return writeCursor("events", this.acme.id, [sequence]);
  }

  rename(workspaceId: string, name: string) {
    return this.acme.owner.run(commands.updateWorkspace, { organizationId: this.acme.id, workspaceId, name });
  }

  describe(description: string) {
    return this.acme.owner.run(commands.updateOrganization, { organizationId: this.acme.id, description });
  }

  grant(workspaceId: string, { memberId }: Actor) {
    return this.acme.owner.run(commands.grantWorkspaceAccess, { organizationId: this.acme.id, workspaceId, memberId });
  }

  revoke(workspaceId: string, { memberId }: Actor) {
    return this.acme.owner.run(commands.revokeWorkspaceAccess, { organizationId: this.acme.id, workspaceId, memberId });
  }

  removeMember({ memberId }: Actor) {
    return this.acme.owner.run(commands.removeMember, { organizationId: this.acme.id, memberId });
  }

  delete() {
    return this.acme.owner.run(commands.deleteOrganization, { organizationId: this.acme.id, confirmName: "Acme" });
  }

  restore() {
    return this.acme.owner.run(commands.restoreOrganization, { organizationId: this.acme.id });
  }

  private async open(viewer: Viewer, field: string, selection: string, after?: string): Promise<WorldStream> {
    const { acme } = this;
    const args = { organizationId: acme.id, ...(after !== undefined && { after }) };
    const stream = await WorldStream.open(acme.world, viewer, field, args, selection);
    this.streams.push(stream);
    return stream;
  }
}

/** Type and workspace of each event. */
export function typesOf(events: Array<{ type: string; workspaceId: string | null }>) {
  return events.map(({ type, workspaceId }) => [type, workspaceId]);
}
