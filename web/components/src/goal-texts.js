// What the elements about achievements and challenges say, in English; in German with the other elements. Must not know when it is said.

/**
 * An achievement and a challenge are called by the name that the policy has, made readable; an app has better ones: `achievement_two_weeks`,
 * `challenge_spring`.
 *
 * @type {import("./texts.js").Texts}
 */
export const GOAL_TEXTS = {
  achievements: "Achievements",
  achievementsNone: "There are no achievements to earn yet",
  achievementsEarned: "{done} of {total} earned",
  by_streak: { one: "A streak of {count} day", other: "A streak of {count} days" },
  by_xp: "{count} XP in all",
  by_activities: { one: "{count} activity in all", other: "{count} activities in all" },
  by_active_days: { one: "{count} active day, in a row or not", other: "{count} active days, in a row or not" },
  by_consistent_weeks: { one: "{count} week with all categories", other: "{count} weeks in a row with all categories" },
  by_day_of_year: { one: "Active on {days}", other: "Active on one of these days: {days}" },
  by_comeback: { one: "Back after {count} day away or more, and the end of a streak", other: "Back after {count} days away or more, and the end of a streak" },
  goalOf: "{done} of {total}",
  earnedOn: "Earned on {day}",
  offeredNoMore: "offered no more",
  challenges: "Challenges",
  challengesNone: "There are no challenges right now",
  challengeKinds: "{activities}: {kinds}",
  daysLeft: { one: "last day", other: "{count} days left" },
  challengeBegins: { one: "begins in {count} day", other: "begins in {count} days" },
  challengeOver: "over",
  challengeDone: "Completed",
  reward: "Reward: {reward}",
  join: "Join",
  leave: "Leave",
  stay: "Stay",
  leaveAsks: "Leave it? What you did for it will not count any more.",
  refused_too_many_challenges: "You have joined as many as one can at a time.",
  refused_challenge_is_over: "This challenge is over.",
  refused_challenge_completed: "You have completed this challenge before.",
};
