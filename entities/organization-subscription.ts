import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import type { PaymentMethod } from "../src/domain/billing";
import { BillingInterval, SubscriptionStatus } from "../src/domain/plan";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "An organization's plan. It covers all its workspaces." })
@Directive('@key(fields: "id")')
@Entity("organization_subscription")
@Index(["organizationId"], { unique: true })
@Index(["currentPeriodEnd"])
@Index(["id"])
@Index("organization_subscription_customer_index", ["providerCustomerId"])
@Check("organization_subscription_status_check", "status IN ('ACTIVE', 'TRIALING', 'PAST_DUE', 'CANCELED')")
@Check("organization_subscription_billing_interval_check", "billing_interval IN ('MONTHLY', 'ANNUAL')")
export class OrganizationSubscription {
  @Field(() => ID, { description: "Id of the subscription." })
  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @Column("varchar", { length: 64 })
  planCode: string;

  @Field(() => SubscriptionStatus, { description: "State of the subscription and its payments." })
  @Column("varchar", { length: 16 })
  status: SubscriptionStatus;

  @Field(() => BillingInterval, { description: "How often the plan is billed." })
  @Column("varchar", { length: 16 })
  billingInterval: BillingInterval;

  /** The start of the first subscription. Its day of the month is the day of every renewal. */
  @Column("timestamp with time zone", { precision: 3 })
  startedAt: Date;

  @Field(() => DateTime, { description: "When the current period started." })
  @Column("timestamp with time zone", { precision: 3 })
  currentPeriodStart: Date;

  @Field(() => DateTime, { description: "When the current period ends and its credits are renewed." })
  @Column("timestamp with time zone", { precision: 3 })
  currentPeriodEnd: Date;

  @Column("varchar", { length: 64, nullable: true })
  scheduledPlanCode: string | null;

  @Column("varchar", { length: 16, nullable: true })
  scheduledInterval: BillingInterval | null;

  /** The organization's customer id at the payment provider. Its events are matched by this id alone. */
  @Column("varchar", { length: 255, nullable: true })
  providerCustomerId: string | null;

  @Column("varchar", { length: 255, nullable: true })
  providerSubscriptionId: string | null;

  /** When the stored state was requested from the provider: an older response does not overwrite it. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  providerReadAt: Date | null;

  /** Whether a change has not reached the payment provider yet. */
  @Column("boolean", { name: "provider_is_behind", default: false })
  syncPending: boolean;

  /** Counts the changes for the payment provider, so that a sync notices a newer change. */
  @Column("integer", { name: "provider_orders", default: 0 })
  syncRevision: number;

  @Column("jsonb", { nullable: true })
  paymentMethod: PaymentMethod | null;
}
