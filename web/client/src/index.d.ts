import type { ActivityBody, FieldError, Foretold, Operations, RecordedAnswer, Statuses, Status, Streak } from "./contract.d.ts";

export type * from "./contract.d.ts";

/** Texts by names. What `set` promises is safe when its promise is kept: from then on nothing is lost. */
export interface ClientStorage {
  get(name: string): Promise<string | null>;
  set(name: string, text: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** All names that begin with `prefix`. */
  names(prefix: string): Promise<string[]>;
}

/** The clocks of the device; for tests. */
export interface Clock {
  /** The clock that people see and set, in milliseconds since 1970. */
  now(): number;
  /** Milliseconds by a clock that nobody sets. */
  steady(): number;
  /** Does it once, so much later; what it answers takes that back. */
  after(milliseconds: number, act: () => void): () => void;
}

/** `forceRefresh` is true where the token of before was refused. */
export type GetToken = (options: { forceRefresh: boolean }) => Promise<string | null | undefined> | string | null | undefined;

export interface ClientOptions {
  /** Where the service is, such as `https://example.com/api`. */
  baseUrl: string;
  /** The Firebase ID token of who is signed in; nothing where nobody is. */
  getToken: GetToken;
  /** The Firebase App Check token, where the deployment asks for one. */
  getAppCheckToken?: GetToken;
  /** Whose client this is. What waits on the device is then kept apart from other users', and never sent with another one's token. */
  userId?: string;
  /** Where things are kept: IndexedDB in a browser, and elsewhere the memory unless it is said. */
  storage?: ClientStorage;
  /** How long an answer is waited for: 30. */
  timeoutSeconds?: number;
  fetch?: typeof fetch;
  clock?: Clock;
}

// Errors

/** What this client itself says: nobody answered, or what came is not the service's. What was asked may have happened. */
export type ClientCode = "network_error" | "unreadable_answer";
export type ErrorCode = keyof Statuses | ClientCode;

type WithFields = "invalid_request" | "unknown_parameter" | "configuration_wrong";

/** One refusal as plain data. */
export interface Problem<Code extends string = string> {
  code: Code;
  /** The HTTP status; 0 where the service said nothing. */
  status: Code extends keyof Statuses ? Statuses[Code] : Code extends ClientCode ? 0 : number;
  /** A sentence for people. */
  detail: string;
  errors: Code extends keyof Statuses ? (Code extends WithFields ? FieldError[] : undefined) : FieldError[] | undefined;
  retryAfterSeconds?: number | undefined;
  requestId?: string | undefined;
  /** The key under which the same command may be sent again. */
  idempotencyKey?: string | undefined;
}

type ErrorOf<Code extends ErrorCode> = Error & Omit<Problem<Code>, "detail"> & { readonly problem: Problem<Code> };

/** What every method throws: decide by `code`. The service may learn codes that this version does not know. */
export type UnbrokenError = { [Code in ErrorCode]: ErrorOf<Code> }[ErrorCode];

export declare function isUnbrokenError(error: unknown): error is UnbrokenError;

/** The codes that a route is refused with. */
export type CodesOf<Name extends keyof Operations> = Operations[Name]["codes"] | ClientCode;

// Routes

export interface RequestOptions {
  /** The name of a command, so that it is carried out once; one is made where none is given. */
  idempotencyKey?: string | undefined;
  /** The tag of the settings that a change is made of, as `request` tells it of `getSettings` and `changeSettings`; refused as `precondition_failed` where they are others by now. */
  ifMatch?: string | undefined;
  /** The tag of the answer that is known. */
  ifNoneMatch?: string | undefined;
  signal?: AbortSignal | undefined;
}

type Names<IsForUser extends boolean> = { [Name in keyof Operations]: Operations[Name]["isForUser"] extends IsForUser ? Name : never }[keyof Operations];
type Arguments<Input> = {} extends Input ? [input?: Input, options?: RequestOptions] : [input: Input, options?: RequestOptions];

/** Each route as a method: the names in its path, its query and its body are one object. One try; it throws `UnbrokenError`. */
export type Routes<IsForUser extends boolean> = {
  [Name in Names<IsForUser>]: (...given: Arguments<Operations[Name]["input"]>) => Promise<Operations[Name]["answer"]>;
};

export interface Answered<Answer> {
  /** Nothing where the answer with the tag `ifNoneMatch` still holds. */
  answer: Answer | undefined;
  status: number;
  etag: string | undefined;
  /** Whether this is the first answer again. */
  isReplayed: boolean;
  requestId: string | undefined;
  /** When it was sent, by `Clock.now`. */
  sentAt: number;
}

/** A route by its name, with what is around the answer. */
export type AnyRequest<IsForUser extends boolean> = <Name extends Names<IsForUser>>(
  name: Name,
  input?: Operations[Name]["input"],
  options?: RequestOptions,
) => Promise<Answered<Operations[Name]["answer"]>>;

// The queue

/** Commands that are meaningful also later: each says itself what it is about. */
export type QueuedOperation = { [Name in Names<false>]: Operations[Name]["isCommand"] extends true ? Name : never }[Names<false>];

/** A command on the device. */
export interface Queued {
  key: string;
  operation: string;
  input: Record<string, any>;
  /** By which clock of which page its moment was taken. */
  stamp?: { page: string; steady: number } | undefined;
}

/** What was refused for good, and why. */
export interface RefusedCommand {
  command: Queued;
  problem: Problem;
}

/** What became of a command. The streak of an answer is as it was after the command; of activities that went in one request, after all of them. */
export type QueueEvent =
  | { type: "stored"; command: Queued }
  | { type: "done"; command: Queued; answer: RecordedAnswer & Record<string, any>; isReplayed: boolean; sentAt: number }
  | { type: "refused"; command: Queued; problem: Problem };

export interface Queue {
  /** Keeps an activity, with its moment and its zone; resolves once it is safe on the device. It is sent by itself. */
  record(activity: ActivityBody): Promise<Queued>;
  /** Keeps any other command, which is carried out when it arrives: `undoActivity`, say. */
  add<Name extends QueuedOperation>(operation: Name, ...input: {} extends Operations[Name]["input"] ? [input?: Operations[Name]["input"]] : [input: Operations[Name]["input"]]): Promise<Queued>;
  /** Sends now what waits; resolves when nothing is being sent any more. */
  flush(): Promise<void>;
  waiting(): Promise<Queued[]>;
  /** What was refused for good and is kept until the app has dealt with it. */
  refused(): Promise<RefusedCommand[]>;
  /** Forgets what was refused. */
  dismiss(key: string): Promise<void>;
  /** Sends once more what was refused. */
  retry(key: string): Promise<void>;
  /** Hears what becomes of each command, also of those that another tab sends. What it answers ends that. */
  subscribe(listener: (event: QueueEvent) => void): () => void;
}

// The streak, shown

/** What both an answer and the user's document say of a streak. */
export type StreakDocument = Pick<
  Streak,
  | "currentStreak"
  | "longestStreak"
  | "freezesAvailable"
  | "xpTotal"
  | "lastActiveDate"
  | "timeZone"
  | "bonusActive"
  | "expiresAt"
  | "timeline"
  | "timelineUntil"
  | "createdAt"
  | "updatedAt"
> &
  Partial<Streak>;

/** How it stands at a moment, until another moment; null where it stands so for good, or until a command. */
export interface Standing extends Omit<Foretold, "from" | "today"> {
  today: string | null;
  until: string | null;
}

interface Around {
  /** Whether the service was heard when it was last asked. */
  isLive: boolean;
  /** What is known, as it was when it was said; null where nothing is. */
  document: StreakDocument | null;
}

/** What may be shown now. Where `isKnown` is false nobody without a network can tell: show no length. */
export type Shown =
  | ({ isKnown: true } & Standing & Around)
  | ({ isKnown: false; today: null; status: null; currentStreak: null; freezesAvailable: null; until: null } & Around);

/**
 * The app's own listener of `streaks/{uid}`, as Firestore has it: `next` takes the fields of the document (nothing where there
 * is none), `lost` says that it has ended. What it answers ends it.
 */
export type Listen = (next: (fields: Record<string, any> | undefined) => void, lost: (error?: unknown) => void) => () => void;

export interface Client extends Routes<false> {
  request: AnyRequest<false>;
  queue: Queue;
  /** Says how the streak stands, at once and whenever that changes. What it answers ends that. */
  watchStreak(listener: (shown: Shown) => void, options?: { listen?: Listen }): () => void;
  /** What may be shown now, by what is known on the device. */
  shownStreak(): Promise<Shown>;
  /** The moment by the clock that this client goes by, in milliseconds since 1970. */
  now(): number;
  /** The app is looked at again, or the network is back; browsers say so themselves. */
  wake(): void;
  /** Ends all timers and listeners; what waits stays on the device. */
  close(): void;
}

export declare function createClient(options: ClientOptions): Client;

/** IndexedDB: one database for each user. */
export declare function indexedDbStorage(database?: string): ClientStorage;
/** Gone with the page; `kept` outlives a client. */
export declare function memoryStorage(kept?: Map<string, string>): ClientStorage;
/** For React Native. */
export declare function asyncStorage(
  kept: {
    getItem(name: string): Promise<string | null>;
    setItem(name: string, text: string): Promise<void>;
    removeItem(name: string): Promise<void>;
    getAllKeys(): Promise<readonly string[]>;
  },
  area?: string,
): ClientStorage;

export type { Status };
