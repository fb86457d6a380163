import { ArgsType, Field, Int } from "type-graphql";

@ArgsType()
export class InvoiceArgs {
  @Field(() => Int, { nullable: true, defaultValue: 12, description: "Page size, 1 to 100." })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor to continue from: the endCursor of the page before. Null or absent: the first page.",
  })
  after?: string | null;
}
