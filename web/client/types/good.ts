// Uses that must be accepted by `tsc --strict`. Nothing here is run.
import { asyncStorage, createClient, isUnbrokenError, memoryStorage, type CodesOf, type Shown, type Streak } from "unbroken-client";
import { createClientForUsers } from "unbroken-client/for-user";
import { fileStorage } from "unbroken-client/node";
import { createStreakService, type StreakData } from "unbroken-client/service";

declare const auth: { currentUser: { uid: string; getIdToken(forceRefresh?: boolean): Promise<string> } | null };
declare const onSnapshot: (next: (snapshot: { data(): Record<string, unknown> | undefined }) => void, lost: (error: Error) => void) => () => void;
declare const AsyncStorage: Parameters<typeof asyncStorage>[0];

const client = createClient({
  baseUrl: "https://example.com",
  getToken: ({ forceRefresh }) => auth.currentUser?.getIdToken(forceRefresh),
  getAppCheckToken: async () => "token",
  userId: "ada",
  storage: asyncStorage(AsyncStorage),
});
createClient({ baseUrl: "", getToken: () => null, storage: memoryStorage(new Map()) });
createClient({ baseUrl: "", getToken: () => "token", storage: fileStorage("/tmp/streak") });

await client.recordActivity({ activityType: "quiz_completed", metadata: { difficulty: "easy", score: 60 } }, { idempotencyKey: "k" });
await client.recordActivity({ activityType: "check_in", metadata: {} });
await client.undoActivity({ activityId: "a" });
await client.resetStreak();
await client.checkIn({ timeZone: "Asia/Tokyo" });
const streak: Streak = await client.getStreak();
const days: number = (await client.getCalendar({ days: 30 })).days.length;
const next: string | null = (await client.listActivities({ pageSize: 5 })).nextPageToken;
const { answer, etag } = await client.request("getStreak", {}, { ifNoneMatch: "tag" });
await client.changeSettings({ autoFreeze: false }, { ifMatch: etag });
const length: number | undefined = answer?.offers.length;

const { key } = await client.queue.record({ activityType: "flashcard_set_completed", metadata: { correct: 12 }, occurredAt: null });
await client.queue.add("undoActivity", { activityId: key });
await client.queue.add("resetStreak");
const end: () => void = client.queue.subscribe((event) => {
  if (event.type === "done") console.log(event.answer.streak.currentStreak, event.isReplayed);
  if (event.type === "refused") console.log(event.problem.code, event.command.key);
});

const told = (shown: Shown): string => {
  if (!shown.isKnown) return "?";
  const exact: number = shown.currentStreak;
  return `${exact} ${shown.status} ${shown.until ?? ""} ${shown.document?.longestStreak}`;
};
client.watchStreak((shown) => console.log(told(shown)));
client.watchStreak((shown) => console.log(shown.isLive), {
  listen: (next, lost) => onSnapshot((snapshot) => next(snapshot.data()), lost),
});

try {
  await client.repairStreak();
} catch (error) {
  if (!isUnbrokenError(error)) throw error;
  switch (error.code) {
    case "invalid_request":
      console.log(error.errors.map(({ field }) => field), error.status satisfies 422);
      break;
    case "network_error":
      console.log(error.status satisfies 0, error.idempotencyKey);
      break;
    case "repair_on_cooldown":
      console.log(error.status satisfies 409);
  }
}
const codes: CodesOf<"repairStreak">[] = ["repair_on_cooldown", "nothing_to_repair", "unreadable_answer"];

const operator = createClientForUsers({ baseUrl: "", getToken: () => "token" });
const explained: string = (await operator.explainDaysForUser({ uid: "ada", days: 7 })).days[0]!.because;

const service = createStreakService(client);
const data: StreakData = await service.updateUserStreak();
const created: boolean | undefined = data.streakCreated;
for (const event of (await client.listEvents()).events) {
  if (event.type === "freeze_earned") console.log(event.details.earned satisfies number);
}
export { codes, created, days, end, etag, explained, length, next, streak };
