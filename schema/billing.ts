import { Field, ID, Int, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { InvoiceStatus } from "../src/domain/billing";
import { PageInfo } from "./connection";

@ObjectType({ simpleResolvers: true, description: "A payment card, with enough details to recognize it." })
export class PaymentMethod {
  @Field(() => String, { description: "Brand of the card, e.g. Visa." })
  brand: string;

  @Field(() => String, { description: "Last four digits." })
  last4: string;

  @Field(() => Int, { description: "Month of expiry, 1 to 12." })
  expiryMonth: number;

  @Field(() => Int, { description: "Year of expiry, four digits." })
  expiryYear: number;
}

@ObjectType({ simpleResolvers: true, description: "An invoice of the payment provider." })
export class SubscriptionInvoice {
  @Field(() => ID, { description: "The payment provider's id." })
  id: string;

  @Field(() => String, { nullable: true, description: "Number of the invoice, as printed on it. Null if it has none." })
  number: string | null;

  @Field(() => InvoiceStatus, { description: "State of the invoice." })
  status: InvoiceStatus;

  @Field(() => Int, { description: "Total in US cents, taxes included. Negative for a credit." })
  totalCents: number;

  @Field(() => DateTime, { description: "When it was issued." })
  issuedAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was paid. Null while it is not." })
  paidAt: Date | null;

  @Field(() => String, {
    nullable: true,
    description: "The payment provider's page of the invoice, over https. Null if there is none.",
  })
  url: string | null;
}

@ObjectType({ simpleResolvers: true, description: "One page of invoices." })
export class SubscriptionInvoiceConnection {
  @Field(() => [SubscriptionInvoice], { description: "The invoices of the page." })
  nodes: SubscriptionInvoice[];

  @Field(() => PageInfo, { description: "Whether there are more pages, and where they start." })
  pageInfo: PageInfo;
}
