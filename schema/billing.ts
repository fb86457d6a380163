import { Field, Int, ObjectType } from "type-graphql";

@ObjectType({ simpleResolvers: true, description: "The card on file, as far as its owner needs to recognize it." })
export class PaymentMethod {
  @Field(() => String)
  brand: string;

  @Field(() => String)
  last4: string;

  @Field(() => Int)
  expiryMonth: number;

  @Field(() => Int)
  expiryYear: number;
}
