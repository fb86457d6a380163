import { Field, Int, ObjectType } from "type-graphql";

@ObjectType({ simpleResolvers: true, description: "A card, with what its owner needs to recognize it." })
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
