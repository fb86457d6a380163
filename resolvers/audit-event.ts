import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { OrganizationEvent } from "../entities/organization-event";
import { User } from "../entities/user";
import type { Context } from "../src/context";
import type { AuditEventView } from "../src/store/views/audit-log";

@Resolver(() => OrganizationEvent)
export class AuditEventResolver {
  @FieldResolver(() => User, { nullable: true })
  actor(@Root() event: AuditEventView, @Ctx() { loaders }: Context) {
    return event.actorId && loaders.user.load(event.actorId);
  }

  @FieldResolver(() => String, { description: "Hexadecimal SHA-256 over the event and the hash of the one before." })
  hash(@Root() event: AuditEventView) {
    return event.hash.toString("hex");
  }
}
