// Uses that `tsc --strict` must refuse: each line after such a comment is an error, and a comment over none is one, too.
import { createClient, isUnbrokenError, type CodesOf, type ErrorCode, type Shown } from "unbroken-client";
import { createClientForUsers } from "unbroken-client/for-user";
import { createStreakService } from "unbroken-client/service";

const client = createClient({ baseUrl: "", getToken: () => "token" });
const operator = createClientForUsers({ baseUrl: "", getToken: () => "token" });

// @ts-expect-error the token is missing
createClient({ baseUrl: "" });
// @ts-expect-error a storage answers promises
createClient({ baseUrl: "", getToken: () => "token", storage: new Map() });
// @ts-expect-error a quiz has a score
await client.recordActivity({ activityType: "quiz_completed", metadata: { difficulty: "easy" } });
// @ts-expect-error an evaluation has a grade, and not the metadata of flashcards
await client.recordActivity({ activityType: "evaluation_completed", metadata: { correct: 3 } });
// @ts-expect-error no such type of activity
await client.queue.record({ activityType: "slept" });
// @ts-expect-error names are JavaScript's
await client.queue.record({ activity_type: "check_in" });
// @ts-expect-error whose activity is said by its id
await client.undoActivity();
// @ts-expect-error days are a number
await client.getCalendar({ days: "30" });
// @ts-expect-error no such parameter
await client.getCalendar({ weeks: 4 });
// @ts-expect-error a reset says nothing
await client.resetStreak({ hard: true });
// @ts-expect-error a page has no route for another user
await client.getStreakForUser({ uid: "eve" });
// @ts-expect-error an operator says for whom
await operator.getCalendarForUser({ days: 3 });
// @ts-expect-error an operator has no streak here
await operator.getStreak();
// @ts-expect-error a question does not wait in the queue
await client.queue.add("getStreak");
// @ts-expect-error what is undone is said
await client.queue.add("undoActivity");
// @ts-expect-error where the tag still holds there is no answer
(await client.request("getStreak")).answer.currentStreak;
// @ts-expect-error where nobody can know there is no length
const length = (shown: Shown): number => shown.currentStreak;
// @ts-expect-error an event of a command that is only stored has no answer
client.queue.subscribe((event) => event.answer);
// @ts-expect-error no such code
const code: ErrorCode = "repair_on_cooldwon";
// @ts-expect-error a reset is never refused for its day
const codes: CodesOf<"resetStreak"> = "occurred_too_long_ago";
// @ts-expect-error a listener answers how it ends
client.watchStreak(() => {}, { listen: (next) => next({}) });
// @ts-expect-error the older names are the older service's
createStreakService(client).getStreak();
try {
  await client.repairStreak();
} catch (error) {
  // @ts-expect-error anything may be thrown
  console.log(error.code);
  // @ts-expect-error fields are wrong only in what is malformed
  if (isUnbrokenError(error) && error.code === "rate_limited") error.errors.map(String);
  // @ts-expect-error a misspelt code is never met
  if (isUnbrokenError(error) && error.code === "rate_limit") throw error;
}
export { code, codes, length };
