import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { OrganizationEvent } from "../entities/organization-event";
import { User } from "../entities/user";
import type { Context } from "../src/context";
import type { AuditEventView } from "../src/store/views/audit-log";

@Resolver(() => OrganizationEvent)
export class AuditEventResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description:
      "The person who made the change. Null for a service or a job, and if the viewer cannot see the person.",
  })
  actor(@Root() event: AuditEventView, @Ctx() { loaders }: Context) {
    return event.actorId && loaders.user.load(event.actorId);
  }

  @FieldResolver(() => String, {
    description: "SHA-256 of the event and the previous event's hash, hexadecimal. Reveals later edits of the log.",
  })
  hash(@Root() event: AuditEventView) {
    return event.hash.toString("hex");
  }
}
