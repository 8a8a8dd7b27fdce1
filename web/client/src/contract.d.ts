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
/** 1 to 128 letters, digits or `. _ : ~ -`; not `.` or `..`, not between double underscores, and not beginning with `check-in.`, which `POST /streak/update` uses. */
export type NewActivityId = string;
/** A name of the IANA time zone database. */
export type TimeZone = string;
export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
export type ActivityType = "flashcard_set_completed" | "quiz_completed" | "evaluation_completed" | "study_guide_completed" | "check_in";
export type Category = "flashcards" | "quiz" | "evaluation" | "guide";
/** `none` before the first counted activity; `active`; `amnesty` excused for everybody; `paused`; `rest` a rest weekday; `travel` taken away by a change of zone; `pending` today, still without activity; `repaired`; `frozen` a freeze was spent; `missed`. */
export type Verdict = "none" | "active" | "amnesty" | "paused" | "rest" | "travel" | "pending" | "repaired" | "frozen" | "missed";
/** What the user did. The metadata is that of the activity's type. */
export type ActivityBody = 
  | {
  activityType: "flashcard_set_completed";
  metadata: FlashcardsMetadata;
  occurredAt?: Instant | null;
  timeZone?: TimeZone | null;
  activityId?: NewActivityId | null;
}
  | {
  activityType: "quiz_completed";
  metadata: QuizMetadata;
  occurredAt?: Instant | null;
  timeZone?: TimeZone | null;
  activityId?: NewActivityId | null;
}
  | {
  activityType: "evaluation_completed";
  metadata: EvaluationMetadata;
  occurredAt?: Instant | null;
  timeZone?: TimeZone | null;
  activityId?: NewActivityId | null;
}
  | {
  activityType: "study_guide_completed";
  metadata?: NoMetadata;
  occurredAt?: Instant | null;
  timeZone?: TimeZone | null;
  activityId?: NewActivityId | null;
}
  | {
  activityType: "check_in";
  metadata?: NoMetadata;
  occurredAt?: Instant | null;
  timeZone?: TimeZone | null;
  activityId?: NewActivityId | null;
};
export type CheckInBody = { timeZone?: TimeZone | null };
export type FlashcardsMetadata = { correct: number };
export type QuizMetadata = { difficulty: "easy" | "hard"; score: number };
export type EvaluationMetadata = { grade: number };
export type NoMetadata = NoInput;
export type FreezeBody = { date: Day };
export type PauseBody = { from: Day; until: Day };
export type SettingsBody = {
  timeZone?: TimeZone | null;
  timeZoneSince?: Instant | null;
  autoFreeze?: boolean | null;
  restWeekdays?: Weekday[] | null;
};
/** How somebody stood in another system. */
export type ImportedUser = {
  userId: string;
  timeZone: TimeZone;
  asOf?: Instant;
  currentStreak: number;
  longestStreak: number;
  lastActiveDate?: Day;
  freezes?: number;
  xpTotal?: number;
  activeDays?: Day[];
};
export type ImportBody = { users: ImportedUser[]; reason?: string; validateOnly?: boolean };
export type ImportAnswer = { imported: Whole; alreadyThere: Whole; refused: Whole; unavailable: Whole; results: ImportResult[] };
export type ImportResult = 
  | {
  userId: string | null;
  result: "imported" | "already_there";
  streak: Streak;
  events: Events;
  problem?: never;
}
  | { userId: string | null; result: "refused" | "unavailable"; streak?: never; events?: never; problem: Problem };
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
  nextMilestone: number;
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
/** `none` the streak is 0; `extended` active today; `protected` today needs no activity; `pending` today still needs an activity. */
export type Status = "none" | "extended" | "protected" | "pending";
/** Whether a zone was said of the user, by settings or by an activity. If not, `time_zone` is UTC for the time being. */
export type TimeZoneKnown = boolean;
/** How the streak stands from a moment on, if nothing more happens. */
export type Foretold = { from: UtcInstant; today: Day; status: Status; currentStreak: Whole; freezesAvailable: Whole };
/** Something that would be accepted until a moment, if nothing else happens. */
export type Offer = {
  kind: "freeze" | "repair" | "redo" | "resume";
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
export type Event = 
  | {
  eventId: string;
  type: "streak_started" | "streak_extended" | "streak_broken" | "streak_reset" | "milestone_reached";
  date: Day;
  occurredAt: UtcInstant;
  details: { length: number };
}
  | { eventId: string; type: "streak_imported"; date: Day; occurredAt: UtcInstant; details: { length: Whole } }
  | { eventId: string; type: "streak_restored"; date: Day; occurredAt: UtcInstant; details: { length: Whole } }
  | {
  eventId: string;
  type: "freeze_applied" | "freeze_refunded";
  date: Day;
  occurredAt: UtcInstant;
  details: { freezesAvailable: Whole };
}
  | {
  eventId: string;
  type: "freeze_earned";
  date: Day;
  occurredAt: UtcInstant;
  details: { earned: number; freezesAvailable: Whole };
}
  | { eventId: string; type: "bonus_earned"; date: Day; occurredAt: UtcInstant; details: { weekStart: Day } };
export type Events = Event[];
export type EventPage = { events: Event[]; nextPageToken: NextPageToken };
export type CommandAnswer = { streak: Streak; events: Events };
export type RecordedAnswer = { activity: Activity; streak: Streak; events: Events };
export type Pause = { pauseId: string; from: Day; until: Day };
export type PauseAnswer = { pause: Pause; streak: Streak; events: Events };
export type PausesAnswer = { pauses: Pause[] };
export type Settings = {
  timeZone: TimeZone;
  timeZoneKnown: TimeZoneKnown;
  autoFreeze: boolean;
  restWeekdays: Weekday[];
  pause: Pause | null;
  plannedFreezes: Day[];
};
export type SettingsAnswer = { settings: Settings; streak: Streak; events: Events };
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
  categories: { flashcards: boolean; quiz: boolean; evaluation: boolean; guide: boolean };
  completedCount: Whole;
  totalCount: Whole;
  progress: number;
  bonusActive: boolean;
  bonusMultiplier: number;
};
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
export type Erasure = { erasedAt: UtcInstant; finished: boolean };
/** One line of an export. */
export type ExportLine = { formatVersion: 1; userId: string; exportedAt: UtcInstant } | { collection: string; id: string; data: Record<string, unknown> } | { lines: number };
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
  lastBackup?: { moment: UtcInstant; ageSeconds: number; verified: boolean } | null;
};
/** Why a request was refused (RFC 9457). */
export type Problem = {
  type: "about:blank";
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: FieldError[];
  database?: "FIRESTORE";
  timestamp?: UtcInstant;
};
export type FieldError = { field: string; message: string };

/** The status that each code of a refusal comes with. */
export interface Statuses {
  activity_not_found: 404;
  activity_undone: 409;
  already_paused: 409;
  app_check_failed: 401;
  bad_request: 400;
  configuration_wrong: 503;
  content_too_large: 413;
  contention: 503;
  database_unavailable: 503;
  date_out_of_range: 422;
  erasing_unfinished: 503;
  forbidden: 403;
  idempotency_key_reused: 422;
  identity_unavailable: 503;
  internal_error: 500;
  invalid_request: 422;
  method_not_allowed: 405;
  no_freeze_available: 409;
  not_available_yet: 503;
  not_found: 404;
  nothing_to_protect: 409;
  nothing_to_repair: 409;
  nothing_to_take_back: 409;
  occurred_in_the_future: 422;
  occurred_too_long_ago: 422;
  pause_must_be_in_the_future: 422;
  pause_not_found: 404;
  pause_too_long: 422;
  rate_limited: 429;
  reason_required: 422;
  recent_sign_in_required: 401;
  repair_needs_more_activity: 409;
  repair_on_cooldown: 409;
  restoring: 503;
  stored_by_newer_version: 503;
  time_zone_unknown: 409;
  too_many_activities: 409;
  too_many_pauses: 409;
  too_many_zone_changes: 429;
  unauthenticated: 401;
  undo_too_late: 409;
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
    answer: Streak & Required<Pick<Streak, "offers">>;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Erase everything that is stored of the user. */
  erase: {
    input: NoInput;
    answer: Erasure;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "recent_sign_in_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Everything that is stored of the user, as one file. */
  export: {
    input: NoInput;
    answer: string;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** What the user could do now. */
  getOffers: {
    input: NoInput;
    answer: OffersAnswer;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Recorded activities, the last recorded first. */
  listActivities: {
    input: { pageSize?: number; pageToken?: string };
    answer: ActivityPage;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Record an activity. */
  recordActivity: {
    input: ActivityBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Undo an activity. */
  undoActivity: {
    input: { activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Redo an undone activity. */
  redoActivity: {
    input: { activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Check in for today. */
  checkIn: {
    input: CheckInBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Set the streak to 0. */
  reset: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Take the last reset back. */
  takeResetBack: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_take_back" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Plan a freeze for a day. */
  planFreeze: {
    input: FreezeBody;
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "no_freeze_available" | "not_available_yet" | "nothing_to_protect" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Take a planned freeze back. */
  unplanFreeze: {
    input: { date: Day };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Repair the missed day. */
  repair: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_repair" | "rate_limited" | "repair_needs_more_activity" | "repair_on_cooldown" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The pauses that are not over, the earliest first. */
  listPauses: {
    input: NoInput;
    answer: PausesAnswer;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Pause the streak for some days. */
  addPause: {
    input: PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** End a pause. */
  endPause: {
    input: { pauseId: string };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_not_found" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Pause the streak. */
  pause: {
    input: PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** End the pause. */
  resume: {
    input: NoInput;
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** The settings as they hold now. */
  getSettings: {
    input: NoInput;
    answer: Settings;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Change settings. */
  changeSettings: {
    input: SettingsBody;
    answer: SettingsAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_zone_changes" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: false;
    isCommand: true;
  };
  /** Why each of the last days has its verdict. */
  explain: {
    input: { days?: number };
    answer: Explanation;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** What happened to the streak, the latest first. */
  listEvents: {
    input: { pageSize?: number; pageToken?: string };
    answer: EventPage;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** The last days, one row each. */
  getCalendar: {
    input: { days?: number };
    answer: Calendar;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** This week's categories. */
  getConsistency: {
    input: NoInput;
    answer: Consistency;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
  /** Bring users along from another system. */
  importUsers: {
    input: ImportBody;
    answer: ImportAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "reason_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the streak as of now. */
  getStreakForUser: {
    input: { uid: string };
    answer: Streak & Required<Pick<Streak, "offers">>;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: erase everything that is stored. */
  eraseForUser: {
    input: { uid: string };
    answer: Erasure;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "recent_sign_in_required" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: everything that is stored, as one file. */
  exportForUser: {
    input: { uid: string };
    answer: string;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: what the user could do now. */
  getOffersForUser: {
    input: { uid: string };
    answer: OffersAnswer;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: recorded activities, the last recorded first. */
  listActivitiesForUser: {
    input: { uid: string; pageSize?: number; pageToken?: string };
    answer: ActivityPage;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: record an activity. */
  recordActivityForUser: {
    input: { uid: string } & ActivityBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: undo an activity. */
  undoActivityForUser: {
    input: { uid: string; activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: redo an undone activity. */
  redoActivityForUser: {
    input: { uid: string; activityId: string };
    answer: CommandAnswer;
    codes: "activity_not_found" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "undo_too_late" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: check in for today. */
  checkInForUser: {
    input: { uid: string } & CheckInBody;
    answer: RecordedAnswer;
    codes: "activity_undone" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_activities" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: set the streak to 0. */
  resetForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: take the last reset back. */
  takeResetBackForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_take_back" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: plan a freeze for a day. */
  planFreezeForUser: {
    input: { uid: string } & FreezeBody;
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "no_freeze_available" | "not_available_yet" | "nothing_to_protect" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: take a planned freeze back. */
  unplanFreezeForUser: {
    input: { uid: string; date: Day };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "date_out_of_range" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: repair the missed day. */
  repairForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "nothing_to_repair" | "rate_limited" | "repair_needs_more_activity" | "repair_on_cooldown" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the pauses that are not over, the earliest first. */
  listPausesForUser: {
    input: { uid: string };
    answer: PausesAnswer;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: pause the streak for some days. */
  addPauseForUser: {
    input: { uid: string } & PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: end a pause. */
  endPauseForUser: {
    input: { uid: string; pauseId: string };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_not_found" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: pause the streak. */
  pauseForUser: {
    input: { uid: string } & PauseBody;
    answer: PauseAnswer;
    codes: "already_paused" | "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "pause_must_be_in_the_future" | "pause_too_long" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_pauses" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: end the pause. */
  resumeForUser: {
    input: { uid: string };
    answer: CommandAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: the settings as they hold now. */
  getSettingsForUser: {
    input: { uid: string };
    answer: Settings;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: change settings. */
  changeSettingsForUser: {
    input: { uid: string } & SettingsBody;
    answer: SettingsAnswer;
    codes: "app_check_failed" | "bad_request" | "content_too_large" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "idempotency_key_reused" | "identity_unavailable" | "internal_error" | "invalid_request" | "not_available_yet" | "occurred_in_the_future" | "occurred_too_long_ago" | "rate_limited" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "too_many_zone_changes" | "unauthenticated" | "unknown_parameter" | "unsupported_media_type" | "user_erased" | "user_incomplete" | "wrong_tenant";
    isForUser: true;
    isCommand: true;
  };
  /** For a user: why each of the last days has its verdict. */
  explainForUser: {
    input: { uid: string; days?: number };
    answer: Explanation;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: what happened to the streak, the latest first. */
  listEventsForUser: {
    input: { uid: string; pageSize?: number; pageToken?: string };
    answer: EventPage;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: the last days, one row each. */
  getCalendarForUser: {
    input: { uid: string; days?: number };
    answer: Calendar;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
  };
  /** For a user: this week's categories. */
  getConsistencyForUser: {
    input: { uid: string };
    answer: Consistency;
    codes: "app_check_failed" | "contention" | "database_unavailable" | "erasing_unfinished" | "forbidden" | "identity_unavailable" | "internal_error" | "invalid_request" | "restoring" | "stored_by_newer_version" | "time_zone_unknown" | "unauthenticated" | "unknown_parameter" | "user_erased" | "wrong_tenant";
    isForUser: true;
    isCommand: false;
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
    codes: "app_check_failed" | "configuration_wrong" | "database_unavailable" | "identity_unavailable" | "internal_error" | "invalid_request" | "unauthenticated" | "unknown_parameter" | "wrong_tenant";
    isForUser: false;
    isCommand: false;
  };
}
