import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { OrganizationEvent } from "../entities/organization-event";
import { User } from "../entities/user";
import { AuditFieldChange } from "../schema/audit-field-change";
import { FieldPolicy } from "../schema/field-policy";
import type { Context } from "../src/context";
import { fieldChanges } from "../src/domain/field-changes";
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

  @FieldPolicy({ listSize: 5 })
  @FieldResolver(() => [AuditFieldChange], {
    description:
      "The fields that the event changed, sorted by name, with their values before and after. Empty if the event holds none.",
  })
  changes(@Root() { type, data }: AuditEventView) {
    return fieldChanges(type, data);
  }
}
