import { Field, ObjectType } from "type-graphql";
import { AccessReview } from "../../entities/access-review";
import { AccessReviewItem } from "../access-review";
import { FieldPolicy } from "../field-policy";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "The review was started." })
export class StartAccessReviewSuccess {
  @Field(() => AccessReview, { description: "The new review." })
  review: AccessReview;
}
export const StartAccessReviewResult = resultOf("StartAccessReview", StartAccessReviewSuccess);

@ObjectType({ simpleResolvers: true, description: "The decisions were stored." })
export class DecideAccessReviewSuccess {
  @Field(() => AccessReview, { description: "The review after the decisions." })
  review: AccessReview;

  @FieldPolicy({ listSize: 100 })
  @Field(() => [AccessReviewItem], { description: "The items that were decided, in the order of the input." })
  items: AccessReviewItem[];
}
export const DecideAccessReviewResult = resultOf("DecideAccessReview", DecideAccessReviewSuccess);

@ObjectType({ simpleResolvers: true, description: "The decisions were applied." })
export class CompleteAccessReviewSuccess {
  @Field(() => AccessReview, { description: "The completed review." })
  review: AccessReview;
}
export const CompleteAccessReviewResult = resultOf("CompleteAccessReview", CompleteAccessReviewSuccess);

@ObjectType({ simpleResolvers: true, description: "The review was canceled. Nothing was applied." })
export class CancelAccessReviewSuccess {
  @Field(() => AccessReview, { description: "The canceled review." })
  review: AccessReview;
}
export const CancelAccessReviewResult = resultOf("CancelAccessReview", CancelAccessReviewSuccess);
