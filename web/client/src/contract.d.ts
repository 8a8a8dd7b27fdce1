// Made from openapi.yaml by `make client`; do not edit.

/** Nothing is to be said. */
export type NoInput = { [name: string]: never };

/** A streak day, named by its date in the user's time zone. */
export type Day = string;
/** An instant with its zone (RFC 3339). */
export type Instant = string;
/** An instant in UTC. */
export type UtcInstant = string;
export type Whole = number;
/** A name of the IANA time zone database. */
export type TimeZone = string;
export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
/** Why, for whoever reads the user's ledger; no answer tells the user, an export does. Missing or blank is 422 `reason_required`. */
export type Reason = string;
export type GrantBody = { count: number; overCap?: boolean; reason?: Reason };
export type ExcuseBody = { from: Day; until: Day; reason?: Reason };
export type RestorationBody = { day?: Day | null; length?: number | null; startedOn?: Day | null; reason?: Reason };
export type XpBody = { amount: number; reason?: Reason };
export type BlockBody = { until?: Instant | null; reason?: Reason };
/** A run of a job, and what it came to; figures are null until it came to a report. */
export type ListedRun = {
  job: "maintenance" | "reminders";
  runId: string;
  state: "running" | "partial" | "ended";
  status: "success" | "degraded" | "partial" | null;
  startedAt: UtcInstant | null;
  updatedAt: UtcInstant | null;
  usersProcessed: number | null;
  freezesApplied: number | null;
  streaksBroken: number | null;
  errors: number | null;
  durationSeconds: number | null;
};
/** A backup that is whole; nothing says where it lies. */
export type ListedBackup = { moment: UtcInstant; endedAt: UtcInstant; documents: Whole; verified: boolean };
export type WithdrawalBody = { reason?: string };
export type ReasonBody = { reason?: Reason };
export type Block = { blocked: boolean; until: UtcInstant | null };
export type BlockDone = { block: Block; streak: Streak; events: Events };
/** What an activity is, by the policy. */
export type ActivityType = "flashcard_set_completed" | "quiz_completed" | "evaluation_completed" | "study_guide_completed" | "check_in";
/** What an activity counts for in a week, by the policy. */
export type Category = "flashcards" | "quiz" | "evaluation" | "guide";
/** Whether the week has a counted activity of each category. */
export type CategoriesOfWeek = { flashcards: boolean; quiz: boolean; evaluation: boolean; guide: boolean };
/** Weekdays that need no activity. */
export type RestWeekdays = Weekday[];
/** A length that is worth an event: 7, 14, 30, 60, 100, then every 100. */
export type Milestone = number;
/** `none` before the first counted activity; `active`; `amnesty` excused for everybody; `excused` for this user; `paused`; `rest` a rest weekday; `travel` taken away by a change of zone; `pending` today, still without activity; `repaired`; `frozen` a freeze was spent; `missed`. */
export type Verdict = "none" | "active" | "amnesty" | "excused" | "paused" | "rest" | "travel" | "pending" | "repaired" | "frozen" | "missed";
/** `none` the streak is 0; `extended` active today; `protected` today needs no activity; `pending` today still needs an activity. */
export type Status = "none" | "extended" | "protected" | "pending";
/** `freeze`: `POST /streak/freezes` for `day`; `repair`: `POST /streak/repair`; `redo`: of the activity `activity_id`; `resume`: `DELETE /streak/pauses/{pause_id}`. */
export type OfferKind = "freeze" | "repair" | "redo" | "resume";
/** The reason for programs; it never changes. There may be new ones. */
export type ProblemCode = "activity_not_found" | "activity_undone" | "already_friends" | "already_paused" | "already_running" | "amnesty_not_found" | "amnesty_unreadable" | "app_check_failed" | "backup_failed" | "backup_unavailable" | "bad_request" | "block_not_found" | "blocked" | "challenge_completed" | "challenge_is_over" | "challenge_not_found" | "configuration_wrong" | "content_too_large" | "contention" | "costs_the_streak" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "forbidden" | "foreign_document" | "freezes_full" | "friend_not_found" | "idea_not_found" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "invitation_not_found" | "mail_unavailable" | "method_not_allowed" | "name_not_allowed" | "no_freeze_available" | "not_available_yet" | "not_found" | "not_tried" | "nothing_chosen" | "nothing_to_protect" | "nothing_to_repair" | "nothing_to_restore" | "nothing_to_share" | "nothing_to_take_back" | "notice_not_noted" | "notice_not_written" | "occurred_in_the_future" | "occurred_too_long_ago" | "own_invitation" | "pause_must_be_in_the_future" | "pause_not_found" | "pause_too_long" | "policy_has_begun" | "policy_not_found" | "policy_unreadable" | "precondition_failed" | "push_unavailable" | "queue_unavailable" | "quota_exceeded" | "rate_limited" | "reason_required" | "recent_sign_in_required" | "record_not_found" | "reminders_unavailable" | "repair_needs_more_activity" | "repair_on_cooldown" | "restoring" | "run_unreadable" | "session_closed" | "session_not_found" | "share_not_found" | "shared_too_often" | "stored_by_newer_version" | "tails_too_short" | "time_zone_unknown" | "too_many_activities" | "too_many_amnesties" | "too_many_blocks" | "too_many_challenges" | "too_many_devices" | "too_many_friends" | "too_many_grants" | "too_many_ideas" | "too_many_invitations" | "too_many_messages" | "too_many_pauses" | "too_many_policies" | "too_many_records" | "too_many_refinements" | "too_many_shares" | "too_many_zone_changes" | "too_soon" | "unauthenticated" | "undo_too_late" | "unknown_kind" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_exists" | "user_incomplete" | "wrong_tenant";
/** What happened; `type` says what. */
export type Event = StreakImportedEvent | StreakStartedEvent | StreakExtendedEvent | StreakBrokenEvent | StreakRestoredEvent | StreakResetEvent | FreezeEarnedEvent | FreezeAppliedEvent | FreezeRefundedEvent | BonusEarnedEvent | MilestoneReachedEvent | AchievementUnlockedEvent | ChallengeCompletedEvent | PlacedEvent | FreezesGrantedEvent | DaysExcusedEvent | DayRestoredEvent | XpGrantedEvent | UserBlockedEvent | UserUnblockedEvent;
export type StreakImportedEvent = {
  eventId: string;
  type: "streak_imported";
  date: Day;
  occurredAt: UtcInstant;
  details: ImportedLengthDetails;
};
export type StreakStartedEvent = { eventId: string; type: "streak_started"; date: Day; occurredAt: UtcInstant; details: LengthDetails };
export type StreakExtendedEvent = { eventId: string; type: "streak_extended"; date: Day; occurredAt: UtcInstant; details: LengthDetails };
export type StreakBrokenEvent = { eventId: string; type: "streak_broken"; date: Day; occurredAt: UtcInstant; details: EndedLengthDetails };
export type StreakRestoredEvent = {
  eventId: string;
  type: "streak_restored";
  date: Day;
  occurredAt: UtcInstant;
  details: RestoredLengthDetails;
};
export type StreakResetEvent = { eventId: string; type: "streak_reset"; date: Day; occurredAt: UtcInstant; details: EndedLengthDetails };
export type FreezeEarnedEvent = { eventId: string; type: "freeze_earned"; date: Day; occurredAt: UtcInstant; details: EarnedFreezesDetails };
export type FreezeAppliedEvent = { eventId: string; type: "freeze_applied"; date: Day; occurredAt: UtcInstant; details: HeldFreezesDetails };
export type FreezeRefundedEvent = { eventId: string; type: "freeze_refunded"; date: Day; occurredAt: UtcInstant; details: HeldFreezesDetails };
export type BonusEarnedEvent = { eventId: string; type: "bonus_earned"; date: Day; occurredAt: UtcInstant; details: BonusDetails };
export type MilestoneReachedEvent = { eventId: string; type: "milestone_reached"; date: Day; occurredAt: UtcInstant; details: LengthDetails };
export type AchievementUnlockedEvent = {
  eventId: string;
  type: "achievement_unlocked";
  date: Day;
  occurredAt: UtcInstant;
  details: AchievementDetails;
};
export type ChallengeCompletedEvent = { eventId: string; type: "challenge_completed"; date: Day; occurredAt: UtcInstant; details: ChallengeDetails };
export type PlacedEvent = { eventId: string; type: "placed"; date: Day; occurredAt: UtcInstant; details: PlacedDetails };
export type FreezesGrantedEvent = {
  eventId: string;
  type: "freezes_granted";
  date: Day;
  occurredAt: UtcInstant;
  details: GrantedFreezesDetails;
};
export type DaysExcusedEvent = { eventId: string; type: "days_excused"; date: Day; occurredAt: UtcInstant; details: ExcusedDaysDetails };
export type DayRestoredEvent = { eventId: string; type: "day_restored"; date: Day; occurredAt: UtcInstant; details: ByDetails };
export type XpGrantedEvent = { eventId: string; type: "xp_granted"; date: Day; occurredAt: UtcInstant; details: GrantedXpDetails };
export type UserBlockedEvent = { eventId: string; type: "user_blocked"; date: Day; occurredAt: UtcInstant; details: BlockedDetails };
export type UserUnblockedEvent = { eventId: string; type: "user_unblocked"; date: Day; occurredAt: UtcInstant; details: ByDetails };
/** What the user did. */
export type ActivityBody = FlashcardSetCompletedActivity | QuizCompletedActivity | EvaluationCompletedActivity | StudyGuideCompletedActivity | CheckInActivity;
export type FlashcardSetCompletedMetadata = { correct: number };
/** 5 XP for each 10 of `correct`. It counts for the streak if it gives XP. Its category is `flashcards`. */
export type FlashcardSetCompletedActivity = {
  activityType: "flashcard_set_completed";
  metadata: FlashcardSetCompletedMetadata;
  occurredAt?: OccurredAt;
  timeZone?: OccurredIn;
  activityId?: ChosenActivityId;
};
export type QuizCompletedMetadata = { difficulty: "easy" | "hard"; score: number };
/** 10 XP (easy) or 25 XP (hard) from a `score` of 60 on, below it none. It counts for the streak if it gives XP. Its category is `quiz`. */
export type QuizCompletedActivity = {
  activityType: "quiz_completed";
  metadata: QuizCompletedMetadata;
  occurredAt?: OccurredAt;
  timeZone?: OccurredIn;
  activityId?: ChosenActivityId;
};
export type EvaluationCompletedMetadata = { grade: number };
/** 50 XP from a `grade` of 7 on, below it 20 XP. It always counts for the streak. Its category is `evaluation`. */
export type EvaluationCompletedActivity = {
  activityType: "evaluation_completed";
  metadata: EvaluationCompletedMetadata;
  occurredAt?: OccurredAt;
  timeZone?: OccurredIn;
  activityId?: ChosenActivityId;
};
/** 15 XP. It always counts for the streak. Its category is `guide`. */
export type StudyGuideCompletedActivity = {
  activityType: "study_guide_completed";
  metadata?: NoMetadata;
  occurredAt?: OccurredAt;
  timeZone?: OccurredIn;
  activityId?: ChosenActivityId;
};
/** 0 XP. It always counts for the streak. It has no category. */
export type CheckInActivity = {
  activityType: "check_in";
  metadata?: NoMetadata;
  occurredAt?: OccurredAt;
  timeZone?: OccurredIn;
  activityId?: ChosenActivityId;
};
export type BatchBody = { activities: ActivityBody[]; stopAtRefusal?: boolean };
export type GrantsBody = { userIds: UserIds; count: number; overCap?: boolean; validateOnly?: boolean; reason?: Reason };
export type ExcusesBody = { userIds: UserIds; from: Day; until: Day; validateOnly?: boolean; reason?: Reason };
/** Each once. */
export type UserIds = string[];
export type RefusedPart = { userId?: string; status: number; problem: Problem; retryAfterSeconds?: number };
export type RecordedPart = { userId?: string; status: 201; replayed: boolean; activity: Activity; events: Events };
export type DonePart = { userId: string; status: 200; replayed: boolean; streak: Streak; events: Events };
export type BatchAnswer = { results: (RecordedPart | RefusedPart)[]; streak: Streak };
export type ManyBatchAnswer = { results: (RecordedPart | RefusedPart)[]; streaks: Streak[] };
export type ManyAnswer = { results: (DonePart | RefusedPart)[]; validateOnly: boolean };
export type Accounts = {
  users: ({
  userId: string;
  email: string | null;
  emailVerified: boolean;
  disabled: boolean;
  createdAt: UtcInstant | null;
  lastSignInAt: UtcInstant | null;
})[];
};
export type CheckInBody = { timeZone?: TimeZone | null };
/** When it happened (RFC 3339, with its zone); now when absent. */
export type OccurredAt = string | null;
/** Where it happened, a name of the IANA time zone database; the user's own zone of that moment when absent. Send what the device says. It says where the user was then, and so where they are until something later says another zone: `today`, `status` and `expires_at` follow. After sending activities that were kept while there was no network, say where the user is now (an activity, a check-in or the settings). */
export type OccurredIn = string | null;
/** Your id for it, if you don't send `Idempotency-Key`: 1 to 128 letters, digits or `. _ : ~ -`; not `.` or `..`, not between double underscores, and not beginning with `check-in.`, which `POST /streak/update` uses. */
export type ChosenActivityId = string | null;
export type NoMetadata = NoInput;
export type FreezeBody = { date: Day };
export type PauseBody = { from: Day; until: Day };
export type SettingsBody = {
  timeZone?: TimeZone | null;
  timeZoneSince?: Instant | null;
  autoFreeze?: boolean | null;
  restWeekdays?: RestWeekdays | null;
};
export type PreferencesBody = {
  channels?: ChannelsBody | null;
  quietHours?: QuietHoursBody | null;
  remindAt?: RemindAt | null;
  language?: Language | null;
};
export type ReadBody = { upTo: Instant };
export type DeviceBody = { token: string; platform: Platform };
export type SendingBody = { userId: string; noticeId: string };
export type TellingBody = { userId: string };
/** The channels of the kinds that are named. */
export type ChannelsBody = {
  reminder?: Channels | null;
  freezeUsed?: Channels | null;
  lastFreezeUsed?: Channels | null;
  streakBroken?: Channels | null;
  streakRestored?: Channels | null;
  milestone?: Channels | null;
  bonusEarned?: Channels | null;
  achievementUnlocked?: Channels | null;
  challengeCompleted?: Channels | null;
};
/** Local times between which nothing is told, over midnight where the first is the later one; the same twice is at no time. */
export type QuietHoursBody = { from: LocalTime; until: LocalTime };
/** How somebody stood in another system. */
export type ImportedUser = {
  userId: string;
  timeZone: TimeZone;
  asOf?: string;
  currentStreak: number;
  longestStreak: number;
  lastActiveDate?: Day;
  freezes?: number;
  xpTotal?: number;
  activeDays?: Day[];
};
export type ImportBody = { users: ImportedUser[]; reason?: string; validateOnly?: boolean };
export type ImportAnswer = { imported: Whole; alreadyThere: Whole; refused: Whole; unavailable: Whole; results: ImportResult[] };
/** What became of one of the users, in the order in which they were sent. */
export type ImportResult = BroughtAlong | NotBroughtAlong;
export type BroughtAlong = { userId: string; result: "imported" | "already_there"; streak: Streak; events: Events };
export type NotBroughtAlong = { userId: string | null; result: "refused" | "unavailable"; problem: Problem };
export type Streak = {
  userId: string;
  currentStreak: Whole;
  longestStreak: Whole;
  status: Status;
  today: Day;
  timeZone: TimeZone;
  timeZoneKnown: TimeZoneKnown;
  lastActiveDate: Day | null;
  runStartedOn: Day | null;
  freezesAvailable: Whole;
  xpTotal: Whole;
  activeDaysTotal: Whole;
  nextMilestone: Milestone;
  daysUntilMilestone: number;
  consistentWeeksCurrent: Whole;
  consistentWeeksLongest: Whole;
  bonusActive: boolean;
  bonusMultiplier: number;
  expiresAt: UtcInstant | null;
  timeline: Foretold[];
  timelineUntil: UtcInstant;
  offers?: Offer[];
  streakCreated: boolean;
  createdAt: UtcInstant | null;
  updatedAt: UtcInstant | null;
};
/** The streak, and what the user could do now. */
export type StreakNow = Streak & { offers: Offer[] };
/** Whether a zone was said of the user, by settings or by an activity. If not, `time_zone` is UTC for the time being. */
export type TimeZoneKnown = boolean;
/** How the streak stands from a moment on, if nothing more happens. */
export type Foretold = { from: UtcInstant; today: Day; status: Status; currentStreak: Whole; freezesAvailable: Whole };
/** Something that would be accepted until a moment, if nothing else happens. */
export type Offer = {
  kind: OfferKind;
  day: Day;
  until: UtcInstant;
  needs: Whole;
  currentStreakAfter: Whole;
  activityId?: string;
  pauseId?: string;
};
export type OffersAnswer = { offers: Offer[] };
export type Activity = {
  activityId: string;
  activityType: ActivityType;
  category: Category | null;
  day: Day;
  counted: boolean;
  baseXp: Whole;
  consistencyBonus: Whole;
  xpAwarded: Whole;
};
export type ListedActivity = {
  activityId: string;
  activityType: ActivityType;
  category: Category | null;
  day: Day;
  counted: boolean;
  baseXp: Whole;
  consistencyBonus: Whole;
  xpAwarded: Whole;
  occurredAt: UtcInstant;
  recordedAt: UtcInstant;
  undone: boolean;
};
export type ActivityPage = { activities: ListedActivity[]; nextPageToken: NextPageToken };
/** Send it as `page_token` for the next page; null on the last page. */
export type NextPageToken = string | null;
/** It was done for the user; absent where it was the user's own doing, or time's. */
export type By = "support";
export type LengthDetails = { by?: By; length: number };
export type EndedLengthDetails = { by?: By; length: number };
export type RestoredLengthDetails = { by?: By; length: Whole };
export type ImportedLengthDetails = { length: Whole };
export type HeldFreezesDetails = { by?: By; freezesAvailable: Whole };
export type EarnedFreezesDetails = { by?: By; earned: number; freezesAvailable: Whole };
export type BonusDetails = { by?: By; weekStart: Day };
export type ChallengeDetails = { by?: By; challenge: string; xp: Whole; freezes: Whole };
export type PlacedDetails = { span: "week" | "month"; by: "xp" | "streak"; period: string; group?: string; rank: number; score: number };
export type AchievementDetails = { by?: By; achievement: string };
export type GrantedFreezesDetails = { by: By; granted: number; freezesAvailable: Whole };
export type ExcusedDaysDetails = { by: By; from: Day; until: Day };
export type ByDetails = { by: By };
export type GrantedXpDetails = { by: By; amount: number; xpTotal: Whole };
export type BlockedDetails = { by: By; until?: UtcInstant };
export type Events = Event[];
export type EventPage = { events: Event[]; nextPageToken: NextPageToken };
export type CommandAnswer = { streak: Streak; events: Events };
export type RecordedAnswer = { activity: Activity; streak: Streak; events: Events };
export type ShareBody = { name?: string; language?: "en" | "de" };
export type InvitationBody = { name: string };
export type FriendBody = { code: string; name: string };
export type Invitation = { code: string; name: string; createdAt: UtcInstant; expiresAt: UtcInstant };
export type InvitationsAnswer = { invitations: Invitation[] };
export type WithdrawnInvitation = { code: string };
/** What a user is told of a friend. There is nothing else of the other one. */
export type Friend = {
  friendId: string;
  name: string;
  ownName: string;
  keptToday: boolean | null;
  friendStreak: number | null;
  longestFriendStreak: number | null;
  since: UtcInstant;
};
export type FriendsAnswer = { friends: Friend[] };
export type EndedFriend = { friendId: string };
export type FriendBlock = { friendId: string; name: string; blockedAt: UtcInstant };
export type BlocksAnswer = { blocks: FriendBlock[] };
export type Unblocked = { friendId: string };
export type Share = {
  shareId: string;
  url: string;
  pngUrl: string;
  svgUrl: string;
  createdAt: Instant;
  expiresAt: Instant;
  name: string | null;
  language: "en" | "de";
  currentStreak: number;
  longestStreak: number;
};
export type SharesAnswer = { shares: Share[] };
export type RevokedShare = { shareId: string; revokedAt: Instant };
export type Pause = { pauseId: string; from: Day; until: Day };
export type PauseAnswer = { pause: Pause; streak: Streak; events: Events };
export type PausesAnswer = { pauses: Pause[] };
export type Settings = {
  timeZone: TimeZone;
  timeZoneKnown: TimeZoneKnown;
  autoFreeze: boolean;
  restWeekdays: RestWeekdays;
  pause: Pause | null;
  plannedFreezes: Day[];
};
export type SettingsAnswer = { settings: Settings; streak: Streak; events: Events };
/** How a notice reaches the user; what is sent stands in the inbox as well. None is not told. `email` goes to the verified address of the user's account, where the deployment has a mail server; else choosing it is refused. */
export type Channels = ("inbox" | "push" | "email")[];
export type LocalTime = string;
/** The local time at which to be reminded, or `usual`, that at which the user is usually active. */
export type RemindAt = string;
/** Of the texts of notices. */
export type Language = string;
export type QuietHours = { from: LocalTime; until: LocalTime };
/** The channels of each kind of notice; more kinds come later. */
export type NoticeChannels = {
  reminder: Channels;
  freezeUsed: Channels;
  lastFreezeUsed: Channels;
  streakBroken: Channels;
  streakRestored: Channels;
  milestone: Channels;
  bonusEarned: Channels;
  achievementUnlocked: Channels;
  challengeCompleted: Channels;
};
export type Notice = {
  noticeId: string;
  kind: NoticeKind;
  date: Day;
  at: UtcInstant;
  title: string;
  body: string;
  isRead: boolean;
};
/** What a user is told of; more kinds come later. `reminder`: today still asks for an activity. `freeze_used`: a freeze kept the streak; `last_freeze_used`: the same, where it was the last one, which is told as `freeze_used` to whoever wishes for that alone. `streak_broken`: with its length, and whether it can be brought back. `streak_restored`: it runs again. `milestone`: a length that the policy names. `bonus_earned`: the week is consistent. `achievement_unlocked`: one that the policy offers is earned. `challenge_completed`: one that was joined is done, with what it gave. */
export type NoticeKind = "reminder" | "freeze_used" | "last_freeze_used" | "streak_broken" | "streak_restored" | "milestone" | "bonus_earned" | "achievement_unlocked" | "challenge_completed";
export type NoticePage = { notices: Notice[]; unread: Whole; nextPageToken: NextPageToken };
export type Unread = { unread: Whole };
export type Preferences = { channels: NoticeChannels; quietHours: QuietHours; remindAt: RemindAt; language: Language };
/** What the device runs. */
export type Platform = "android" | "ios" | "web";
export type Device = { deviceId: string; platform: Platform; registeredAt: UtcInstant };
export type Devices = { devices: Device[] };
export type SentNotice = { status: "sent" | "before" | "silenced" };
export type ToldWebhooks = { dueAt: UtcInstant | null };
export type PreferencesAnswer = { preferences: Preferences; streak: Streak; events: Events };
export type CalendarDay = {
  date: Day;
  verdict: Verdict;
  hasActivity: boolean;
  freezeUsed: boolean;
  activityCount: Whole;
  xp: Whole;
  categories: Category[];
};
export type Calendar = { days: CalendarDay[]; today: Day; currentStreak: Whole; longestStreak: Whole; freezesAvailable: Whole };
export type Consistency = {
  weekStart: Day;
  weekEnd: Day;
  categories: CategoriesOfWeek;
  completedCount: Whole;
  totalCount: Whole;
  progress: number;
  bonusActive: boolean;
  bonusMultiplier: number;
};
export type Insights = {
  today: Day;
  period: StretchOfDays | null;
  activitiesPerDay: number;
  xpPerDay: number;
  bestWeekday: Weekday | null;
  weekdays: WeekdayCount[];
  heatmap: HeatmapWeek[];
  longestGap: StretchOfDays | null;
  breaks: Whole;
  comebacks: Whole;
  comebackDays: Whole | null;
  keeping: Keeping | null;
};
export type StretchOfDays = { days: Whole; from: Day; until: Day };
export type WeekdayCount = { weekday: Weekday; asked: Whole; active: Whole; rate: number | null; activities: Whole; xp: Whole };
export type HeatmapWeek = { weekStart: Day; activities: (number | null)[] };
/** How likely the streak lasts through a Sunday. */
export type Keeping = { chance: number; sampleDays: number; until: Day };
export type PolicyBody = { effectiveFrom: Day; toml: string; reason?: string };
/** The first day on which it is in force; null for number 0, which is in force before all others. */
export type PolicyStart = string | null;
export type ListedPolicy = {
  number: Whole;
  effectiveFrom: PolicyStart;
  state: "in_force" | "to_come" | "over" | "withdrawn";
  publishedAt: string | null;
  withdrawnAt: string | null;
  by: string;
  reason: string;
};
export type WholePolicy = {
  number: Whole;
  effectiveFrom: PolicyStart;
  state: "in_force" | "to_come" | "over" | "withdrawn";
  publishedAt: string | null;
  withdrawnAt: string | null;
  by: string;
  reason: string;
  toml: string;
};
export type TakenField = {
  name: string;
  kind: "whole_number" | "number" | "choice";
  minimum?: number;
  maximum?: number;
  choices?: string[];
};
export type Policy = {
  number: Whole;
  effectiveFrom: PolicyStart;
  dayStartHour: number;
  categories: string[];
  activityTypes: ({ activityType: string; category: string | null; counts: "always" | "when_xp"; fields: TakenField[] })[];
  limits: Record<string, unknown>;
  milestones: { days: number[]; thenEvery: number };
  achievements: OfferedAchievement[];
  challenges: OfferedChallenge[];
  next: null;
};
/** One of them is 0. Freezes are given up to as many as can be held. */
export type ChallengeReward = { xp: Whole; freezes: Whole };
/** What is counted: the longest streak, all XP, all activities, all active days, the most consistent weeks in a row; `day_of_year`: one of `days` is active; `comeback`: a day is active after `days_away` or more without, in which the streak had ended. */
export type EarnedBy = "streak" | "xp" | "activities" | "active_days" | "consistent_weeks" | "day_of_year" | "comeback";
export type OfferedChallenge = {
  challenge: string;
  from: Day;
  until: Day;
  categories: string[];
  activityTypes: string[];
  target: number;
  reward: ChallengeReward;
};
export type Challenge = {
  challenge: string;
  from: Day;
  until: Day;
  categories: string[];
  activityTypes: string[];
  target: number;
  reward: ChallengeReward;
  joined: boolean;
  progress: Whole;
  completed: boolean;
};
export type Challenges = { challenges: Challenge[] };
export type SeatBody = { name: string; group?: string | null };
export type BoardNumbers = { xp: Whole; streak: Whole };
export type PeriodNumbers = { period: string; xp: Whole; streak: Whole };
export type Seat = {
  joined: boolean;
  name: string | null;
  group: string | null;
  hidden: boolean;
  week: PeriodNumbers | null;
  month: PeriodNumbers | null;
  all: BoardNumbers | null;
};
export type SeatAnswer = { leaderboard: Seat; streak: Streak; events: Events };
export type BoardRow = { rank: number; name: string; score: number; me?: true };
export type OwnRank = { rank: number; exact: boolean; score: number };
export type Leaderboard = {
  span: "week" | "month" | "all";
  by: "xp" | "streak";
  period: string | null;
  group: string | null;
  final: boolean;
  top: BoardRow[];
  me: OwnRank | null;
  around: BoardRow[];
};
export type OfferedAchievement = { achievement: string; by: EarnedBy; target: number; days?: string[]; daysAway?: number };
export type Achievement = {
  achievement: string;
  by: EarnedBy;
  target: number;
  days?: string[];
  daysAway?: number;
  progress: Whole;
  earnedAt: UtcInstant | null;
  offered: boolean;
};
export type Achievements = { achievements: Achievement[] };
export type ExplainedDay = {
  date: Day;
  startsAt: UtcInstant;
  endsAt: UtcInstant;
  verdict: Verdict;
  because: string;
  activityCount: Whole;
  counted: Whole;
  xp: Whole;
  streakAfter: Whole;
  freezesBefore: Whole;
  freezesAfter: Whole;
};
export type Explanation = { today: Day; days: ExplainedDay[] };
/** Whom to look for. */
export type EmailBody = { email: string };
export type AmnestyBody = { from: Instant; until: Instant; reason?: string };
/** What is to change; a deployment's `records.toml` may have more fields. */
export type ProfileBody = {
  dateOfBirth?: string | null;
  phoneNumber?: string | null;
  streetAddress?: string | null;
  landmark?: string | null;
  city?: string | null;
  state?: string | null;
  postalCode?: string | null;
  country?: string | null;
};
/** Who a user is and where they live; null is what is not known. */
export type Profile = {
  dateOfBirth: string | null;
  phoneNumber: string | null;
  streetAddress: string | null;
  landmark: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  formattedAddress: string | null;
  complete: boolean;
  missing: string[];
};
/** What the user did, as a deployment's `records.toml` has it, which may have more fields. */
export type LogBody = {
  action: string;
  entityType: string;
  entityId: string;
  status: "success" | "failed" | "error";
  details?: Record<string, unknown> | null;
};
/** Where it stands in the user's trail. */
export type Noted = { id: string; seq: number; at: UtcInstant; hash: string };
/** What was said, as a deployment's `records.toml` has it, which may have more fields. */
export type MessageBody = {
  role: "user" | "assistant" | "system";
  content: string;
  intent?: string | null;
  responseTimeMs?: number | null;
  projectId?: string | null;
  context?: Record<string, unknown> | null;
};
/** One message of a conversation; null is what was not sent. */
export type Message = {
  sessionId: string;
  seq: number;
  role: "user" | "assistant" | "system";
  content: string;
  intent: string | null;
  responseTimeMs: number | null;
  projectId: string | null;
  context: Record<string, unknown> | null;
  at: UtcInstant;
  expiresAt: UtcInstant;
};
export type Messages = { messages: Message[]; nextPageToken: NextPageToken };
export type Conversation = { sessionId: string; messages: number; startedAt: UtcInstant; lastAt: UtcInstant; expiresAt: UtcInstant };
export type Conversations = { conversations: Conversation[]; nextPageToken: NextPageToken };
export type DeletedConversation = { sessionId: string; deletedAt: UtcInstant };
export type UsageBody = { events: UsageEvent[] };
/** What the user did with a feature, as a deployment's `records.toml` has it, which may have more fields and has features of its own. */
export type UsageEvent = {
  feature: "chat" | "ideas" | "streak" | "calendar" | "insights" | "sharing" | "reminders" | "profile";
  durationSeconds?: number | null;
  metadata?: Record<string, unknown> | null;
};
export type UsagePage = { usage: UsedAtOnce[]; nextPageToken: NextPageToken };
/** Events that were sent at once. */
export type UsedAtOnce = { at: UtcInstant; events: UsedFeature[] };
/** What the user did with a feature; a deployment may have more fields. */
export type UsedFeature = { feature: string; durationSeconds: number | null; metadata: Record<string, unknown> | null };
export type Quotas = { quotas: UsedQuota[]; ideas: { count: number; countMax: number } };
/** What a day takes of a kind of record, and how much of it is used up. */
export type UsedQuota = {
  kind: string;
  day: Day;
  endsAt: UtcInstant;
  count: number;
  countMax: number | null;
  bytes: number;
  bytesMax: number | null;
};
export type CountedUsage = { counted: number; at: UtcInstant; expiresAt: UtcInstant };
/** What the kind has; a deployment's `records.toml` says its fields. */
export type RecordBody = { record: Record<string, unknown> };
/** A record of a kind of an app's own; in `record` null is what was not sent. */
export type AppRecord = {
  recordId: string;
  kind: string;
  record: Record<string, unknown>;
  by: "user" | "admin" | "support" | "server";
  at: UtcInstant;
  expiresAt: UtcInstant | null;
};
export type AppRecords = { records: AppRecord[]; nextPageToken: NextPageToken };
export type DeletedRecord = { recordId: string };
/** An idea, as a deployment's `records.toml` has it, which may have more fields. */
export type IdeaBody = {
  title: string;
  description?: string | null;
  category: string;
  techStack?: string[] | null;
  features?: string[] | null;
  complexity?: "beginner" | "intermediate" | "advanced" | null;
  estimatedDuration?: string | null;
  prompt?: string | null;
  model?: string | null;
  projectId?: string | null;
};
/** What the user thinks of an idea; a deployment's `records.toml` may have more fields. */
export type IdeaMarkBody = { selected?: boolean | null; rating?: "liked" | "neutral" | "disliked" | null };
/** A step of refining an idea; a deployment's `records.toml` may have more fields. */
export type RefinementBody = { prompt: string; result?: string | null; model?: string | null };
/** An idea and what the user thinks of it; null is what was not sent. */
export type Idea = {
  ideaId: string;
  title: string;
  description: string | null;
  category: string;
  techStack: string[] | null;
  features: string[] | null;
  complexity: "beginner" | "intermediate" | "advanced" | null;
  estimatedDuration: string | null;
  prompt: string | null;
  model: string | null;
  projectId: string | null;
  selected: boolean;
  rating: "liked" | "neutral" | "disliked" | null;
  refinementCount: number;
  at: UtcInstant;
  updatedAt: UtcInstant;
};
/** An idea with the steps of its refining, the first one first; null is what was not sent. */
export type WholeIdea = {
  ideaId: string;
  title: string;
  description: string | null;
  category: string;
  techStack: string[] | null;
  features: string[] | null;
  complexity: "beginner" | "intermediate" | "advanced" | null;
  estimatedDuration: string | null;
  prompt: string | null;
  model: string | null;
  projectId: string | null;
  selected: boolean;
  rating: "liked" | "neutral" | "disliked" | null;
  refinementCount: number;
  refinements: Refinement[];
  at: UtcInstant;
  updatedAt: UtcInstant;
};
export type Refinement = { number: number; prompt: string; result: string | null; model: string | null; at: UtcInstant };
export type Ideas = { ideas: Idea[]; nextPageToken: NextPageToken };
export type DeletedIdea = { ideaId: string };
/** One who acts, or whom an act is about. `operator` is somebody with `streakctl`, `service` what concerns everybody. */
export type Party = { kind: "user" | "admin" | "support" | "server" | "operator" | "service"; id: string };
/** One entry of an audit trail. */
export type AuditEntry = {
  seq: number;
  id: string;
  subject: Party;
  actor: Party;
  action: string;
  entityType: string;
  entityId: string;
  status: "success" | "failed" | "error";
  code: string | null;
  at: UtcInstant;
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
  details: Record<string, unknown>;
  durationMs: number | null;
  expiresAt: UtcInstant;
  previousHash: string;
  previousExpiresAt: UtcInstant | null;
  hash: string;
};
/** Entries of an audit trail, the latest first. */
export type AuditTrail = { entries: AuditEntry[]; missing: number[]; nextPageToken: NextPageToken };
/** Every report that there is. */
export type ReportName = "active-users" | "failed-actions" | "conversations" | "response-times" | "features" | "ideas" | "records" | "recent-ideas" | "blocked-users" | "survival" | "comebacks" | "freezes";
/** A report of some days. */
export type Report = {
  name: ReportName;
  from: Day;
  to: Day;
  columns: string[];
  rows: ((string | number | null)[])[];
  isWhole: boolean;
  uncheckedDays: Day[];
  reads: number;
};
export type Amnesty = {
  id: string;
  from: UtcInstant;
  until: UtcInstant;
  reason: string;
  by: string;
  declaredAt: UtcInstant;
  withdrawnAt: UtcInstant | null;
  mayConcern?: number;
  judgedAnew?: { state: "waiting" | "running" | "done"; users: number; errors: number };
};
export type Erasure = { erasedAt: UtcInstant; finished: boolean };
/** One line of an export. */
export type ExportLine = ExportBegins | ExportedDocument | ExportEnds;
/** The first line. */
export type ExportBegins = { formatVersion: 1; userId: string; exportedAt: UtcInstant };
/** One stored document. */
export type ExportedDocument = { collection: string; id: string; data: Record<string, unknown> };
/** The last line; without it the file broke off. */
export type ExportEnds = { lines: number };
export type BackupReport = {
  date: Day;
  status: "started" | "already_running" | "completed";
  moment: UtcInstant;
  operation: string | null;
  documents: number;
  sizeBytes: number;
};
export type BackupDrillReport = {
  status: "idle" | "running" | "ended";
  date: string | null;
  state: "making" | "filling" | "proving" | "deleting" | "ended" | null;
  verified: boolean;
  documents: number;
  users: number;
  wrong: number;
  failure: string | null;
};
export type Health = {
  status: "healthy";
  configuration: "ok";
  version: string;
  commit: string | null;
  revision: string | null;
  timestamp: UtcInstant;
};
export type DatabaseHealth = {
  status: "healthy";
  database: "FIRESTORE";
  mode: "production" | "emulator";
  latencyMs: number;
  timestamp: UtcInstant;
  userCount?: number | null;
  schemaVersion?: number;
  migratedTo?: number | null;
  lastBackup?: { moment: UtcInstant; ageSeconds: number; verified: boolean } | null;
};
/** Why a request was refused (RFC 9457). */
export type Problem = {
  type: "about:blank";
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  errors?: FieldError[];
  database?: "FIRESTORE";
  timestamp?: UtcInstant;
  until?: UtcInstant | null;
};
export type FieldError = { field: string; message: string };

/** The status that each code of a refusal comes with. */
export interface Statuses {
  activity_not_found: 404;
  activity_undone: 409;
  already_friends: 409;
  already_paused: 409;
  amnesty_not_found: 404;
  amnesty_unreadable: 503;
  app_check_failed: 401;
  bad_request: 400;
  block_not_found: 404;
  blocked: 403;
  challenge_completed: 409;
  challenge_is_over: 409;
  challenge_not_found: 404;
  configuration_wrong: 503;
  content_too_large: 413;
  contention: 503;
  costs_the_streak: 409;
  database_unavailable: 503;
  date_out_of_range: 422;
  erasing_unfinished: 503;
  forbidden: 403;
  foreign_document: 409;
  freezes_full: 409;
  friend_not_found: 404;
  idea_not_found: 404;
  idempotency_key_reused: 422;
  identity_unavailable: 503;
  internal_error: 500;
  invalid_request: 422;
  invitation_not_found: 404;
  method_not_allowed: 405;
  name_not_allowed: 422;
  no_freeze_available: 409;
  not_available_yet: 503;
  not_found: 404;
  nothing_chosen: 409;
  nothing_to_protect: 409;
  nothing_to_repair: 409;
  nothing_to_restore: 409;
  nothing_to_share: 409;
  nothing_to_take_back: 409;
  occurred_in_the_future: 422;
  occurred_too_long_ago: 422;
  own_invitation: 409;
  pause_must_be_in_the_future: 422;
  pause_not_found: 404;
  pause_too_long: 422;
  policy_has_begun: 409;
  policy_not_found: 404;
  policy_unreadable: 503;
  precondition_failed: 412;
  quota_exceeded: 429;
  rate_limited: 429;
  reason_required: 422;
  recent_sign_in_required: 401;
  record_not_found: 404;
  repair_needs_more_activity: 409;
  repair_on_cooldown: 409;
  restoring: 503;
  run_unreadable: 503;
  session_closed: 409;
  session_not_found: 404;
  share_not_found: 404;
  shared_too_often: 429;
  stored_by_newer_version: 503;
  tails_too_short: 422;
  time_zone_unknown: 409;
  too_many_activities: 409;
  too_many_amnesties: 409;
  too_many_blocks: 409;
  too_many_challenges: 409;
  too_many_devices: 409;
  too_many_friends: 409;
  too_many_grants: 409;
  too_many_ideas: 409;
  too_many_invitations: 409;
  too_many_messages: 409;
  too_many_pauses: 409;
  too_many_policies: 409;
  too_many_records: 409;
  too_many_refinements: 409;
  too_many_shares: 409;
  too_many_zone_changes: 429;
  too_soon: 422;
  unauthenticated: 401;
  undo_too_late: 409;
  unknown_kind: 404;
  unknown_parameter: 422;
  unsupported_media_type: 415;
  user_erased: 410;
  user_incomplete: 503;
  wrong_tenant: 401;
}

/** Every route by its name. */
export interface Operations {
  /** The streak as of now. */
  getStreak: {
    input: NoInput;
    answer: StreakNow;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Erase everything that is stored of the user. */
  eraseStreak: {
    input: NoInput;
    answer: Erasure;
    codes: "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "recent_sign_in_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Everything that is stored of the user, as one file. */
  exportStreak: {
    input: NoInput;
    answer: string;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** What the user could do now. */
  getOffers: {
    input: NoInput;
    answer: OffersAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Recorded activities, the last recorded first. */
  listActivities: {
    input: { pageSize?: number; pageToken?: string };
    answer: ActivityPage;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Record an activity. */
  recordActivity: {
    input: ActivityBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Record many activities at once. */
  recordActivities: {
    input: BatchBody;
    answer: BatchAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Undo an activity. */
  undoActivity: {
    input: { activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Redo an undone activity. */
  redoActivity: {
    input: { activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Check in for today. */
  checkIn: {
    input: CheckInBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Set the streak to 0. */
  resetStreak: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Take the last reset back. */
  takeResetBack: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_take_back" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Plan a freeze for a day. */
  planFreeze: {
    input: FreezeBody;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "no_freeze_available" | "not_available_yet" | "nothing_to_protect" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Take a planned freeze back. */
  unplanFreeze: {
    input: { date: Day };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Repair the missed day. */
  repairStreak: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_repair" | "policy_unreadable" | "rate_limited" | "repair_needs_more_activity" | "repair_on_cooldown" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The pauses that are not over, the earliest first. */
  listPauses: {
    input: NoInput;
    answer: PausesAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Pause the streak for some days. */
  addPause: {
    input: PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** End a pause. */
  endPause: {
    input: { pauseId: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_not_found" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Pause the streak. */
  pauseStreak: {
    input: PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** End the pause. */
  resumeStreak: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The settings as they hold now. */
  getSettings: {
    input: NoInput;
    answer: Settings;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Change settings. */
  changeSettings: {
    input: SettingsBody;
    answer: SettingsAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "policy_unreadable" | "precondition_failed" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_zone_changes" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** What the user was told without asking, the last first. */
  listNotices: {
    input: { pageSize?: number; pageToken?: string };
    answer: NoticePage;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Mark all notices up to one as read. */
  readNotices: {
    input: ReadBody;
    answer: Unread;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** What the user is told of without asking. */
  getPreferences: {
    input: NoInput;
    answer: Preferences;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Choose what to be told of, by which channels, and when not. */
  chooseNotices: {
    input: PreferencesBody;
    answer: PreferencesAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Register a device that messages are pushed to. */
  registerDevice: {
    input: { deviceId: string } & DeviceBody;
    answer: Devices;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "nothing_chosen" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "too_many_devices" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Take a device away, as when the user signs out on it. */
  takeDeviceAway: {
    input: { deviceId: string };
    answer: Devices;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Why each of the last days has its verdict. */
  explainDays: {
    input: { days?: number };
    answer: Explanation;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** What happened to the streak, the latest first. */
  listEvents: {
    input: { pageSize?: number; pageToken?: string };
    answer: EventPage;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** The last days, one row each. */
  getCalendar: {
    input: { days?: number };
    answer: Calendar;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** This week's categories. */
  getConsistency: {
    input: NoInput;
    answer: Consistency;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Bring users along from another system. */
  importUsers: {
    input: ImportBody;
    answer: ImportAnswer;
    codes: "bad_request" | "content_too_large" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "reason_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** The rules that are in force. */
  getPolicy: {
    input: NoInput;
    answer: Policy;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** What the calendar tells of habits. */
  getInsights: {
    input: NoInput;
    answer: Insights;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** What is earned for ever, and what comes next. */
  getAchievements: {
    input: NoInput;
    answer: Achievements;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Challenges that are joined, and that can be. */
  listChallenges: {
    input: NoInput;
    answer: Challenges;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Join a challenge. */
  joinChallenge: {
    input: { challenge: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "challenge_completed" | "challenge_is_over" | "challenge_not_found" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_challenges" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Leave a challenge. */
  leaveChallenge: {
    input: { challenge: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "challenge_completed" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The user's friends, and what both of each two have kept. */
  listFriends: {
    input: NoInput;
    answer: FriendsAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Accept an invitation. */
  acceptInvitation: {
    input: FriendBody;
    answer: Friend;
    codes: "already_friends" | "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "friend_not_found" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "invitation_not_found" | "name_not_allowed" | "own_invitation" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "too_many_friends" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The user's invitations that can be accepted, the last one first. */
  listInvitations: {
    input: NoInput;
    answer: InvitationsAnswer;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Invite a friend. */
  inviteFriend: {
    input: InvitationBody;
    answer: Invitation;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "invitation_not_found" | "name_not_allowed" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "too_many_invitations" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Withdraw an invitation. */
  withdrawInvitation: {
    input: { code: string };
    answer: WithdrawnInvitation;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "invitation_not_found" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Whom the user has blocked, the last one first. */
  listBlocks: {
    input: NoInput;
    answer: BlocksAnswer;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** End a friend streak, and accept nothing more between the two. */
  blockFriend: {
    input: { friendId: string };
    answer: FriendBlock;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "friend_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "too_many_blocks" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Take a block back. */
  unblockFriend: {
    input: { friendId: string };
    answer: Unblocked;
    codes: "app_check_failed" | "bad_request" | "block_not_found" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** End a friend streak. */
  endFriend: {
    input: { friendId: string };
    answer: EndedFriend;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "friend_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** How the user takes part in leaderboards. */
  getSeat: {
    input: NoInput;
    answer: Seat;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Take part in leaderboards, or under another name. */
  joinLeaderboard: {
    input: SeatBody;
    answer: SeatAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "name_not_allowed" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Take part no more. */
  leaveLeaderboard: {
    input: NoInput;
    answer: SeatAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Who stands where. */
  getLeaderboard: {
    input: { span: "week" | "month" | "all"; by: "xp" | "streak"; period?: "current" | "last"; group?: string };
    answer: Leaderboard;
    codes: "amnesty_unreadable" | "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** The user's own pictures that everybody can see, the last one first. */
  listShares: {
    input: NoInput;
    answer: SharesAnswer;
    codes: "amnesty_unreadable" | "app_check_failed" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Share a picture of the streak. */
  makeShare: {
    input: ShareBody;
    answer: Share;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "nothing_to_share" | "policy_unreadable" | "restoring" | "shared_too_often" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_shares" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Revoke a picture. */
  revokeShare: {
    input: { shareId: string };
    answer: RevokedShare;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "share_not_found" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Who the user is and where they live. */
  getProfile: {
    input: NoInput;
    answer: Profile;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Change the profile. */
  changeProfile: {
    input: ProfileBody;
    answer: Profile;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Note what the user did. */
  note: {
    input: LogBody;
    answer: Noted;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The user's conversations, the one of the last message first. */
  listConversations: {
    input: { pageSize?: number; pageToken?: string };
    answer: Conversations;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Delete a conversation. */
  deleteConversation: {
    input: { sessionId: string };
    answer: DeletedConversation;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "session_not_found" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The messages of a conversation, the last first. */
  listMessages: {
    input: { sessionId: string; pageSize?: number; pageToken?: string };
    answer: Messages;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "session_not_found" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Add a message. */
  addMessage: {
    input: { sessionId: string } & MessageBody;
    answer: Message;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "restoring" | "session_closed" | "stored_by_newer_version" | "too_many_messages" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Count what the user did with features. */
  countUsage: {
    input: UsageBody;
    answer: CountedUsage;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The user's records of a kind of the app's own, the last one first. */
  listRecords: {
    input: { kind: string; pageSize?: number; pageToken?: string };
    answer: AppRecords;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_kind" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Keep a record of a kind of the app's own. */
  addRecord: {
    input: { kind: string } & RecordBody;
    answer: AppRecord;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "record_not_found" | "restoring" | "stored_by_newer_version" | "too_many_records" | "unauthenticated" | "unknown_kind" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Delete a record. */
  deleteRecord: {
    input: { kind: string; recordId: string };
    answer: DeletedRecord;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "record_not_found" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_kind" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The user's ideas, the last made first. */
  listIdeas: {
    input: {
  category?: string;
  complexity?: "beginner" | "intermediate" | "advanced";
  selected?: boolean;
  rating?: "liked" | "neutral" | "disliked";
  pageSize?: number;
  pageToken?: string;
};
    answer: Ideas;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Keep an idea. */
  makeIdea: {
    input: IdeaBody;
    answer: Idea;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idea_not_found" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "too_many_ideas" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** An idea, with how it was refined. */
  getIdea: {
    input: { ideaId: string };
    answer: WholeIdea;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idea_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Delete an idea. */
  deleteIdea: {
    input: { ideaId: string };
    answer: DeletedIdea;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idea_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Say what the user thinks of an idea. */
  markIdea: {
    input: { ideaId: string } & IdeaMarkBody;
    answer: Idea;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idea_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Refine an idea. */
  refineIdea: {
    input: { ideaId: string } & RefinementBody;
    answer: Refinement;
    codes: "amnesty_unreadable" | "app_check_failed" | "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "foreign_document" | "idea_not_found" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "quota_exceeded" | "restoring" | "stored_by_newer_version" | "too_many_refinements" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Every policy in time. */
  listPolicies: {
    input: NoInput;
    answer: { policies: ListedPolicy[] };
    codes: "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Publish a policy. */
  publishPolicy: {
    input: PolicyBody;
    answer: ListedPolicy;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "tails_too_short" | "too_many_policies" | "too_soon" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** A policy with what it says. */
  showPolicy: {
    input: { number: number };
    answer: WholePolicy;
    codes: "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_not_found" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Withdraw a policy that has not begun. */
  withdrawPolicy: {
    input: { number: number } & WithdrawalBody;
    answer: ListedPolicy;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_has_begun" | "policy_not_found" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the streak as of now. */
  getStreakForUser: {
    input: { uid: string };
    answer: StreakNow;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: erase everything that is stored. */
  eraseStreakForUser: {
    input: { uid: string };
    answer: Erasure;
    codes: "bad_request" | "blocked" | "content_too_large" | "contention" | "database_unavailable" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "recent_sign_in_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: everything that is stored, as one file. */
  exportStreakForUser: {
    input: { uid: string };
    answer: string;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: what the user could do now. */
  getOffersForUser: {
    input: { uid: string };
    answer: OffersAnswer;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: recorded activities, the last recorded first. */
  listActivitiesForUser: {
    input: { uid: string; pageSize?: number; pageToken?: string };
    answer: ActivityPage;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: record an activity. */
  recordActivityForUser: {
    input: { uid: string } & ActivityBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: record many activities at once. */
  recordActivitiesForUser: {
    input: { uid: string } & BatchBody;
    answer: BatchAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: undo an activity. */
  undoActivityForUser: {
    input: { uid: string; activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: redo an undone activity. */
  redoActivityForUser: {
    input: { uid: string; activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: check in for today. */
  checkInForUser: {
    input: { uid: string } & CheckInBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: set the streak to 0. */
  resetStreakForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: take the last reset back. */
  takeResetBackForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_take_back" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: plan a freeze for a day. */
  planFreezeForUser: {
    input: { uid: string } & FreezeBody;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "no_freeze_available" | "not_available_yet" | "nothing_to_protect" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: take a planned freeze back. */
  unplanFreezeForUser: {
    input: { uid: string; date: Day };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: repair the missed day. */
  repairStreakForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_repair" | "policy_unreadable" | "repair_needs_more_activity" | "repair_on_cooldown" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the pauses that are not over, the earliest first. */
  listPausesForUser: {
    input: { uid: string };
    answer: PausesAnswer;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: pause the streak for some days. */
  addPauseForUser: {
    input: { uid: string } & PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: end a pause. */
  endPauseForUser: {
    input: { uid: string; pauseId: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_not_found" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: pause the streak. */
  pauseStreakForUser: {
    input: { uid: string } & PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: end the pause. */
  resumeStreakForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the settings as they hold now. */
  getSettingsForUser: {
    input: { uid: string };
    answer: Settings;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: change settings. */
  changeSettingsForUser: {
    input: { uid: string } & SettingsBody;
    answer: SettingsAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "policy_unreadable" | "precondition_failed" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_zone_changes" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: what the user is told of without asking. */
  getPreferencesForUser: {
    input: { uid: string };
    answer: Preferences;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: choose what to be told of, by which channels, and when not. */
  chooseNoticesForUser: {
    input: { uid: string } & PreferencesBody;
    answer: PreferencesAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: why each of the last days has its verdict. */
  explainDaysForUser: {
    input: { uid: string; days?: number };
    answer: Explanation;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: what happened to the streak, the latest first. */
  listEventsForUser: {
    input: { uid: string; pageSize?: number; pageToken?: string };
    answer: EventPage;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: the last days, one row each. */
  getCalendarForUser: {
    input: { uid: string; days?: number };
    answer: Calendar;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: this week's categories. */
  getConsistencyForUser: {
    input: { uid: string };
    answer: Consistency;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Grant freezes. */
  grantFreezesForUser: {
    input: { uid: string } & GrantBody;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "freezes_full" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_grants" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Excuse days. */
  excuseDaysForUser: {
    input: { uid: string } & ExcuseBody;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "costs_the_streak" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Restore a missed day, or days of the streak that is running. */
  restoreForUser: {
    input: { uid: string } & RestorationBody;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "costs_the_streak" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_restore" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_grants" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Grant XP, or take some away. */
  grantXpForUser: {
    input: { uid: string } & XpBody;
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_grants" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** How much of each quota the user has used up, and until when. */
  getQuotasForUser: {
    input: { uid: string };
    answer: Quotas;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Whether the user may give commands. */
  getBlockForUser: {
    input: { uid: string };
    answer: Block;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Block the user. */
  blockForUser: {
    input: { uid: string } & BlockBody;
    answer: BlockDone;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Lift a block. */
  unblockForUser: {
    input: { uid: string } & ReasonBody;
    answer: BlockDone;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Find a user in Firebase Auth. */
  findUsers: {
    input: { email?: string; uid?: string };
    answer: Accounts;
    codes: "contention" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Find a user in Firebase Auth by e-mail address. */
  findUserByEmail: {
    input: EmailBody;
    answer: Accounts;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Grant freezes to many users. */
  grantToMany: {
    input: GrantsBody;
    answer: ManyAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Excuse days of many users. */
  excuseMany: {
    input: ExcusesBody;
    answer: ManyAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Record activities of many users. */
  recordForMany: {
    input: BatchBody;
    answer: ManyBatchAnswer;
    codes: "bad_request" | "content_too_large" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: who the user is and where they live. */
  getProfileForUser: {
    input: { uid: string };
    answer: Profile;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: change the profile. */
  changeProfileForUser: {
    input: { uid: string } & ProfileBody;
    answer: Profile;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: note what the user did. */
  noteForUser: {
    input: { uid: string } & LogBody;
    answer: Noted;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the user's conversations, the one of the last message first. */
  listConversationsForUser: {
    input: { uid: string; pageSize?: number; pageToken?: string };
    answer: Conversations;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: delete a conversation. */
  deleteConversationForUser: {
    input: { uid: string; sessionId: string };
    answer: DeletedConversation;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "session_not_found" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the messages of a conversation, the last first. */
  listMessagesForUser: {
    input: { uid: string; sessionId: string; pageSize?: number; pageToken?: string };
    answer: Messages;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "session_not_found" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: add a message. */
  addMessageForUser: {
    input: { uid: string; sessionId: string } & MessageBody;
    answer: Message;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "session_closed" | "stored_by_newer_version" | "too_many_messages" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** What the user did with features, the last first. */
  listUsageForUser: {
    input: { uid: string; pageSize?: number; pageToken?: string };
    answer: UsagePage;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: count what the user did with features. */
  countUsageForUser: {
    input: { uid: string } & UsageBody;
    answer: CountedUsage;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: their records of a kind of the app's own. */
  listRecordsForUser: {
    input: { uid: string; kind: string; pageSize?: number; pageToken?: string };
    answer: AppRecords;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_kind" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: keep a record of a kind of the app's own. */
  addRecordForUser: {
    input: { uid: string; kind: string } & RecordBody;
    answer: AppRecord;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "record_not_found" | "restoring" | "stored_by_newer_version" | "too_many_records" | "unauthenticated" | "unknown_kind" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: delete a record. */
  deleteRecordForUser: {
    input: { uid: string; kind: string; recordId: string };
    answer: DeletedRecord;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "record_not_found" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_kind" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the user's ideas, the last made first. */
  listIdeasForUser: {
    input: {
  uid: string;
  category?: string;
  complexity?: "beginner" | "intermediate" | "advanced";
  selected?: boolean;
  rating?: "liked" | "neutral" | "disliked";
  pageSize?: number;
  pageToken?: string;
};
    answer: Ideas;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: keep an idea. */
  makeIdeaForUser: {
    input: { uid: string } & IdeaBody;
    answer: Idea;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idea_not_found" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "too_many_ideas" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: an idea, with how it was refined. */
  getIdeaForUser: {
    input: { uid: string; ideaId: string };
    answer: WholeIdea;
    codes: "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idea_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: delete an idea. */
  deleteIdeaForUser: {
    input: { uid: string; ideaId: string };
    answer: DeletedIdea;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idea_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: say what the user thinks of an idea. */
  markIdeaForUser: {
    input: { uid: string; ideaId: string } & IdeaMarkBody;
    answer: Idea;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idea_not_found" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: refine an idea. */
  refineIdeaForUser: {
    input: { uid: string; ideaId: string } & RefinementBody;
    answer: Refinement;
    codes: "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idea_not_found" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "too_many_refinements" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** What was done for and by the user, the latest first. */
  listAuditForUser: {
    input: { uid: string; pageSize?: number; pageToken?: string };
    answer: AuditTrail;
    codes: "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** What was done about policies and amnesties, the latest first. */
  listAuditOfEverybody: {
    input: { pageSize?: number; pageToken?: string };
    answer: AuditTrail;
    codes: "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** A report of some days. */
  getReport: {
    input: { name: ReportName; from?: Day; to?: Day; format?: "json" | "csv" };
    answer: Report;
    codes: "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** The last runs of the jobs. */
  listRuns: {
    input: NoInput;
    answer: { runs: ListedRun[] };
    codes: "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "run_unreadable" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** The last backups that are whole. */
  listBackups: {
    input: NoInput;
    answer: { backups: ListedBackup[] };
    codes: "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Every amnesty that was ever declared. */
  listAmnesties: {
    input: NoInput;
    answer: { amnesties: Amnesty[] };
    codes: "amnesty_unreadable" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Excuse everybody from a stretch of time. */
  declareAmnesty: {
    input: AmnestyBody;
    answer: Amnesty & Required<Pick<Amnesty, "mayConcern">>;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "reason_required" | "restoring" | "stored_by_newer_version" | "too_many_amnesties" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** One amnesty, and how far those it concerns are judged anew. */
  getAmnesty: {
    input: { amnestyId: string };
    answer: Amnesty & Required<Pick<Amnesty, "judgedAnew">>;
    codes: "amnesty_not_found" | "amnesty_unreadable" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "run_unreadable" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** Withdraw an amnesty. */
  withdrawAmnesty: {
    input: { amnestyId: string } & WithdrawalBody;
    answer: Amnesty;
    codes: "amnesty_not_found" | "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "too_many_amnesties" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the rules that are in force. */
  getPolicyForUser: {
    input: { uid: string };
    answer: Policy;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: what the calendar tells of habits. */
  getInsightsForUser: {
    input: { uid: string };
    answer: Insights;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: what is earned for ever, and what comes next. */
  getAchievementsForUser: {
    input: { uid: string };
    answer: Achievements;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: challenges that are joined, and that can be. */
  listChallengesForUser: {
    input: { uid: string };
    answer: Challenges;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: join a challenge. */
  joinChallengeForUser: {
    input: { uid: string; challenge: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "challenge_completed" | "challenge_is_over" | "challenge_not_found" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_challenges" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: leave a challenge. */
  leaveChallengeForUser: {
    input: { uid: string; challenge: string };
    answer: CommandAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "challenge_completed" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: how they take part in leaderboards. */
  getSeatForUser: {
    input: { uid: string };
    answer: Seat;
    codes: "amnesty_unreadable" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "identity_unavailable" | "internal_error" | "invalid_request" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: take part in leaderboards, or under another name. */
  joinLeaderboardForUser: {
    input: { uid: string } & SeatBody;
    answer: SeatAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "name_not_allowed" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: take part no more. */
  leaveLeaderboardForUser: {
    input: { uid: string };
    answer: SeatAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Hide the user from leaderboards. */
  hideFromLeaderboardForUser: {
    input: { uid: string } & ReasonBody;
    answer: SeatAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Show the user on leaderboards again. */
  showOnLeaderboardForUser: {
    input: { uid: string } & ReasonBody;
    answer: SeatAnswer;
    codes: "amnesty_unreadable" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "foreign_document" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "policy_unreadable" | "reason_required" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** Whether this deployment is alive and configured. */
  getHealth: {
    input: NoInput;
    answer: Health;
    codes: "configuration_wrong" | "internal_error" | "invalid_request" | "unknown_parameter";
    isForUser: false;
    isCommand: false;
  };
  /** Whether the database answers. */
  getDatabaseHealth: {
    input: NoInput;
    answer: DatabaseHealth;
    codes: "configuration_wrong" | "database_unavailable" | "identity_unavailable" | "internal_error" | "invalid_request" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
}
