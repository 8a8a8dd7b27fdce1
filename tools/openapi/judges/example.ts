// What an app does first, with types made of openapi.yaml by openapi-typescript.
import createClient from "openapi-fetch";
import type { paths } from "./types";

export async function firstQuiz(baseUrl: string, token: string): Promise<string> {
  const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
  const { data, error } = await api.POST("/streak/activities", {
    body: {
      activity_type: "quiz_completed",
      metadata: { difficulty: "hard", score: 87.5 },
      occurred_at: new Date().toISOString(),
      activity_id: "quiz-7f3a",
      time_zone: "Europe/Amsterdam",
    },
  });
  if (error) return error.code === "too_many_activities" ? "enough for today" : error.detail;
  for (const event of data.events) {
    if (event.type === "milestone_reached") return `${event.details.length} days!`;
    if (event.type === "freeze_earned") return `${event.details.earned} earned`;
  }
  const { data: now } = await api.GET("/streak");
  return `${data.activity.xp_awarded} XP, ${now?.offers.length ?? 0} offers`;
}

export function refused(): void {
  const api = createClient<paths>({ baseUrl: "http://127.0.0.1:8080" });
  // @ts-expect-error: a quiz has no grade
  void api.POST("/streak/activities", { body: { activity_type: "quiz_completed", metadata: { grade: 8 } } });
  // @ts-expect-error: there is no such type
  void api.POST("/streak/activities", { body: { activity_type: "quiz" } });
}
