import type { Client } from "./index.d.ts";

/** A streak as an older service told it. */
export interface StreakData {
  currentStreak: number;
  maxStreak: number;
  /** The last day with an activity that counted, such as `2026-03-02`. */
  lastActivityDate: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  /** True once: in the answer to what created the streak. */
  streakCreated?: boolean;
}

export interface StreakService {
  /** The streak now; without a network what is known of it, and where nobody can know, it throws. */
  getUserStreak(userId?: string): Promise<StreakData>;
  /** Checks in for today, once a day. Without a network it is kept on the device and sent later. */
  updateUserStreak(userId?: string): Promise<StreakData>;
  /** Sets the streak to 0. */
  resetUserStreak(userId?: string): Promise<StreakData>;
}

/** The user is who is signed in; naming another one is an error. */
export declare function createStreakService(client: Client): StreakService;
